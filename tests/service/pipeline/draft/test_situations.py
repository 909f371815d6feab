from collections.abc import Callable
from datetime import UTC, date, datetime

from service.domain.candidates import Candidates
from service.domain.decision import Decision
from service.domain.draft import Draft, NoDraft, Paragraph
from service.domain.model_answer import ModelAnswer
from service.domain.playbook import Playbook, Tone
from service.domain.situation import DAYS, Addition, Calls, Situation
from service.pipeline.check import check
from service.pipeline.draft import Around, draft, grounds
from service.pipeline.redact import redact
from service.pipeline.told import Told
from tests.service.pipeline.draft.made import DEPART, FACTURE, HOW_TO_LEAVE, PHRASES, candidates, decision
from tests.service.pipeline.redact.made import cleaned, message, playbook

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
GRIEF = Situation(
    id="grief",
    label="Deuil",
    queues=("facture",),
    replaces=("distress",),
    plain=True,
    leave_out=("félicitations",),
    add=(
        Addition(place="opening", unless=("condoléances",), text={"fr": ("Toutes nos condoléances.",)}),
        Addition(
            place="closing", text={"fr": ("Puis-je vous appeler {creneaux} ?",), "en": ("May I call {creneaux}?",)}
        ),
    ),
)
DISTRESS = Situation(
    id="distress",
    label="Détresse",
    flags=("sensitive",),
    plain=True,
    add=(Addition(place="opening", text={"fr": ("Nous faisons au plus simple.",)}),),
)
COMPLAINT = Situation(
    id="complaint",
    label="Réclamation",
    flags=("legal_threat",),
    add=(
        Addition(place="closing", text={"fr": ("Vous aurez une réponse {facts.delais.reponse}.",)}),
        Addition(place="closing", unless=("04 65 71 10 10",), text={"fr": ("Le {facts.telephones.service_clients}.",)}),
    ),
)
LEAVING = Situation(id="leaving", label="Départ", queues=("depart",), offers=("depart_offre",))
LATE = Situation(
    id="late",
    label="Relance",
    flags=("chaser",),
    add=(Addition(place="opening", text={"fr": ("Pardon depuis le {date_precedente}.", "Pardon pour l'attente.")}),),
)
CALLS = Calls(hours=dict.fromkeys(DAYS[:5], ("09:00-18:00",)), proposed=("10:00-11:00", "15:00-16:00"), count=2)
MAISON = playbook(
    situations=(GRIEF, DISTRESS, COMPLAINT, LEAVING, LATE),
    calls=CALLS,
    tone=Tone(instructions=("Poli.",), signature="Maison", commercial=("% de remise", "nous aimerions vous garder")),
)
SOLD = FACTURE.model_copy(
    update={
        "body": "Bonjour {civilite} {nom},\n\nFélicitations ! Voici votre facture. Profitez de 10 % de remise.\n\n"
        "Nos offres :\n- 20 % de remise sur tout ;\n- 5 % de remise ensuite.\n\nBien cordialement,\n\n{conseiller}"
    }
)
OFFER = DEPART.model_copy(
    update={
        "id": "depart_offre",
        "body": "Bonjour {civilite} {nom},\n\nVotre départ est noté.\n\n"
        "Nous aimerions vous garder : 20 % de remise.\n\n"
        "Sans réponse, votre départ suit son cours.\n\nBien cordialement,\n\n{conseiller}",
    }
)
BOTH = candidates((OFFER, 0.9), (DEPART, 0.8), (FACTURE, 0.2))
SLOTS = "lundi 23 novembre entre 10 h et 11 h ou entre 15 h et 16 h"


def drafted(
    decided: Decision,
    near: Candidates,
    opinion: ModelAnswer | None = None,
    earlier: Callable[[], Told | None] = lambda: None,
    language: str = "fr",
    of: Playbook = MAISON,
) -> Draft:
    mail = message("Bonjour, merci de faire le nécessaire.", received_at=NOW)
    read = cleaned(mail, language=language)
    found, vault = redact(read, mail, of)
    around = Around(now=NOW, earlier=earlier)
    made = draft(decided, near, found, vault, mail, of, opinion, PHRASES, around=around)
    assert isinstance(made, Draft), made
    return check(made, grounds(made, near, decided, of), read, mail, of, PHRASES)


def kinds(made: Draft) -> list[str]:
    return [finding.kind for finding in made.findings]


def opinion(*parts: tuple[str, tuple[str, ...]], queue: str = "depart", language: str = "fr") -> ModelAnswer:
    paragraphs = tuple(Paragraph(text=text, sources=sources) for text, sources in parts)
    return ModelAnswer(queue=queue, language=language, paragraphs=paragraphs)


def test_the_bereaved_read_condolences_first_and_may_choose_a_time_for_a_call() -> None:
    made = drafted(decision("facture"), candidates((FACTURE, 0.9)))
    texts = [part.text for part in made.paragraphs]
    assert texts[1] == "Toutes nos condoléances."
    assert f"Puis-je vous appeler {SLOTS} ?" in texts
    assert texts.index(f"Puis-je vous appeler {SLOTS} ?") < texts.index("Bien cordialement,")
    assert [part.sources for part in made.paragraphs if part.situation] == [("account",), ("account",)]
    assert made.situations == ("grief",)
    assert made.computed == (SLOTS,)


def test_what_a_situation_adds_passes_the_check() -> None:
    grief = drafted(decision("facture", flags=("legal_threat",)), candidates((FACTURE, 0.9)))
    assert sum(part.situation is not None for part in grief.paragraphs) == 3
    assert kinds(grief) == []


def test_a_call_slot_that_nobody_computed_is_found() -> None:
    made = drafted(decision("facture"), candidates((FACTURE, 0.9)))
    forged = made.model_copy(update={"computed": (), "findings": ()})
    mail = message("Bonjour, merci de faire le nécessaire.", received_at=NOW)
    sources = grounds(forged, candidates((FACTURE, 0.9)), decision("facture"), MAISON)
    assert check(forged, sources, cleaned(mail), mail, MAISON, PHRASES).findings


def test_what_the_canned_answer_says_already_is_not_said_twice() -> None:
    said = FACTURE.model_copy(
        update={"body": "Bonjour,\n\nNos condoléances. Je vous appelle {creneau}.\n\nBien à vous,"}
    )
    made = drafted(decision("facture"), candidates((said, 0.9)))
    assert made.body.count("ondoléances") == 1
    assert made.body.count("lundi 23 novembre entre 10 h") == 1
    assert kinds(made) == []


def test_commercial_sentences_and_lists_are_left_out_in_grief_and_the_advisor_reads_which() -> None:
    made = drafted(decision("facture"), candidates((SOLD, 0.9)))
    assert "remise" not in made.body
    assert "Félicitations" not in made.body
    assert "Nos offres" not in made.body
    assert "Voici votre facture." in made.body
    left = [finding for finding in made.findings if finding.kind == "left_out"]
    assert [(finding.text, finding.severity) for finding in left] == [
        ("Félicitations !", "info"),
        ("Profitez de 10 % de remise.", "info"),
        ("- 20 % de remise sur tout ;", "info"),
        ("- 5 % de remise ensuite.", "info"),
    ]


def test_a_commercial_sentence_of_a_models_is_flagged_at_its_place() -> None:
    said = opinion(("Bonjour,", ()), ("Voici. Et 10 % de remise.", ("facture_echeance",)), queue="facture")
    made = drafted(decision("facture"), candidates((SOLD, 0.9)), said)
    (found,) = [finding for finding in made.findings if finding.kind == "commercial"]
    assert made.body[found.start : found.end] == found.text == "Et 10 % de remise."


def test_situations_combine_in_the_order_of_the_playbook_but_for_those_that_one_replaces() -> None:
    made = drafted(decision("facture", flags=("chaser", "sensitive")), candidates((FACTURE, 0.9)))
    assert made.situations == ("grief", "late")
    assert [part.situation for part in made.paragraphs[1:3]] == ["grief", "late"]
    alone = drafted(decision("depart", flags=("sensitive",)), BOTH)
    assert alone.situations == ("distress", "leaving")
    assert alone.paragraphs[1].text == "Nous faisons au plus simple."


def test_a_chaser_reads_an_apology_with_the_earlier_date_where_one_is_known() -> None:
    late = decision("depart", flags=("chaser",))
    near = candidates((DEPART, 0.9))
    named = drafted(late, near, earlier=lambda: Told.of_message(date(2026, 3, 12)))
    assert named.paragraphs[1].text == "Pardon depuis le 12 mars."
    assert (
        "depuis le 1er décembre 2025." in drafted(late, near, earlier=lambda: Told.of_message(date(2025, 12, 1))).body
    )
    assert drafted(late, near).paragraphs[1].text == "Pardon pour l'attente."


def test_an_answer_that_apologises_itself_gets_the_earlier_date_alone() -> None:
    since = Addition(
        place="opening",
        unless=("cette attente",),
        text={"fr": ("Pardon depuis le {date_precedente}.", "Pardon.")},
        instead={"fr": ("Vous attendez depuis le {date_precedente}.",)},
    )
    maison = MAISON.model_copy(update={"situations": (LATE.model_copy(update={"add": (since,)}),)})
    sorry = DEPART.model_copy(update={"body": "Bonjour,\n\nPardon pour cette attente.\n\nBien à vous,"})
    told = Told.of_message(date(2026, 3, 12))

    def written(body: str, known: Told | None) -> Draft:
        near = candidates((sorry.model_copy(update={"body": body}), 0.9))
        return drafted(decision("depart", flags=("chaser",)), near, earlier=lambda: known, of=maison)

    named = written(sorry.body, told)
    assert [part.text for part in named.paragraphs[1:3]] == [
        "Vous attendez depuis le 12 mars.",
        "Pardon pour cette attente.",
    ]
    assert kinds(named) == []
    assert [part.situation for part in written(sorry.body, None).paragraphs] == [None, None, None]
    dated = "Bonjour,\n\nPardon pour cette attente depuis le 12 mars.\n\nBien à vous,"
    assert written(dated, told).body.count("12 mars") == 1


def test_the_earlier_date_is_asked_for_only_where_a_sentence_names_it() -> None:
    def never() -> Told | None:
        raise AssertionError

    assert drafted(decision("depart"), candidates((DEPART, 0.9)), earlier=never).situations == ("leaving",)


def test_a_complaint_reads_the_accounts_delay_and_what_the_answer_has_already_is_not_repeated() -> None:
    made = drafted(decision("depart", flags=("legal_threat",)), candidates((DEPART, 0.9)))
    assert "Vous aurez une réponse sous 10 jours ouvrés." in made.body
    assert "Le 04 65 71 10 10." in made.body
    again = drafted(decision("facture", flags=("legal_threat",)), candidates((FACTURE, 0.9)))
    assert again.body.count("04 65 71 10 10") == 1


def test_who_leaves_reads_his_rights_first_and_the_offer_as_its_script_has_it() -> None:
    made = drafted(decision("depart"), BOTH)
    texts = [part.text for part in made.paragraphs]
    assert made.answers == ("depart_offre", "depart_preavis")
    assert texts[1].startswith("Votre départ prend effet sous 14 jours")
    assert texts[3:5] == ["Nous aimerions vous garder : 20 % de remise.", "Sans réponse, votre départ suit son cours."]
    assert "Votre départ est noté." not in texts
    assert [part.asks for part in made.paragraphs[3:5]] == [(), ()]
    assert kinds(made) == []


def test_an_offer_is_not_made_in_distress_nor_where_it_fits_less_than_others() -> None:
    assert drafted(decision("depart", flags=("sensitive",)), BOTH).answers == ("depart_preavis",)
    third = DEPART.model_copy(update={"id": "depart_vente"})
    near = candidates((DEPART, 0.9), (third, 0.8), (OFFER, 0.7))
    assert drafted(decision("depart"), near).answers == ("depart_preavis",)


def test_an_offer_without_an_answer_before_it_is_flagged() -> None:
    made = drafted(decision("depart"), candidates((OFFER, 0.9)))
    (found,) = made.findings
    assert (found.kind, found.severity) == ("offer_first", "warning")
    assert made.body[found.start : found.end] == found.text == "Nous aimerions vous garder : 20 % de remise."


def test_where_an_offer_alone_comes_near_what_he_may_do_is_read_before_it_and_said_to_be_doubtful() -> None:
    made = drafted(decision("depart"), candidates((OFFER, 0.9), (DEPART, 0.05), (FACTURE, 0.1)))
    assert made.answers == ("depart_offre", "depart_preavis")
    assert made.body.index("Votre départ prend effet") < made.body.index("Nous aimerions vous garder")
    assert kinds(made) == ["doubtful"]


def test_in_distress_nothing_is_drafted_from_an_offer_alone() -> None:
    mail = message("Bonjour, merci de faire le nécessaire.", received_at=NOW)
    found, vault = redact(cleaned(mail), mail, MAISON)
    decided = decision("depart", flags=("sensitive",))
    made = draft(decided, candidates((OFFER, 0.9)), found, vault, mail, MAISON, None, PHRASES)
    assert isinstance(made, NoDraft)
    assert made.code == "no_source"


def test_an_offer_that_is_made_a_condition_is_flagged_at_its_place() -> None:
    said = opinion(
        ("Votre départ prend effet sous 14 jours.", ("depart_preavis",)),
        ("Nous aimerions vous garder, à condition que vous renonciez à partir.", ("depart_offre",)),
    )
    made = drafted(decision("depart"), BOTH, said)
    found = [finding for finding in made.findings if finding.kind == "conditional_offer"]
    assert [made.body[one.start : one.end] for one in found] == [said.paragraphs[1].text]
    assert "offer_first" not in kinds(made)


def test_the_account_is_not_quoted_in_a_language_in_which_it_wrote_nothing() -> None:
    english = HOW_TO_LEAVE.model_copy(update={"queue": "facture"})
    made = drafted(decision("facture"), candidates((english, 0.9)), language="en")
    assert [part.situation for part in made.paragraphs if part.situation] == ["grief"]
    assert "May I call Monday 23 November between 10:00 and 11:00" in made.body
    (found,) = [finding for finding in made.findings if finding.kind == "situation"]
    assert "Deuil" in found.detail


def test_a_models_german_reply_gets_no_french_sentence_and_the_advisor_is_told() -> None:
    said = opinion(("Ihr Vertrag endet in 14 Tagen.", ("depart_preavis",)), language="de")
    made = drafted(decision("depart", flags=("chaser",)), BOTH, said, language="de")
    assert made.language == "de"
    assert [part.situation for part in made.paragraphs] == [None]
    assert "situation" in kinds(made)
    assert "language" not in kinds(made)


def test_an_account_without_hours_proposes_no_call() -> None:
    silent = MAISON.model_copy(update={"calls": None})
    mail = message("Bonjour, merci de faire le nécessaire.", received_at=NOW)
    found, vault = redact(cleaned(mail), mail, silent)
    near, around = candidates((FACTURE, 0.9)), Around(now=NOW)
    made = draft(decision("facture"), near, found, vault, mail, silent, None, PHRASES, around=around)
    assert isinstance(made, Draft)
    assert "appeler" not in made.body
