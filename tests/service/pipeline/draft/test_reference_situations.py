"""The reference account's own sentences: each is said where its situation applies, and the check agrees with it."""

from datetime import UTC, datetime
from functools import lru_cache

import pytest

from service.domain.answers import CannedAnswer
from service.domain.draft import Draft, Finding
from service.domain.playbook import Playbook
from service.pipeline.check import check
from service.pipeline.draft import Around, draft, grounds
from service.pipeline.earlier import earlier_wait
from service.pipeline.redact import redact
from service.playbooks import parse_answers, parse_playbook
from service.settings import REFERENCE
from tests.service.pipeline.draft.made import PHRASES, candidates, decision
from tests.service.pipeline.redact.made import cleaned, message

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
APOLOGY = "Je vous prie de nous excuser de vous avoir fait attendre depuis votre message du 12 mars."
SAYS = "Mon message du 12 mars attend encore."
SLOT = "lundi 23 novembre entre 10 h et 11 h"


@lru_cache(maxsize=1)
def club() -> tuple[Playbook, dict[str, CannedAnswer]]:
    playbook = parse_playbook(REFERENCE)
    answers = parse_answers((REFERENCE / "answers.yaml").read_text("utf-8"), playbook.queue_ids)
    return playbook, {answer.id: answer for answer in answers}


def drafted(
    name: str, *others: str, flags: tuple[str, ...] = (), second: tuple[str, ...] = (), says: str = SAYS
) -> Draft:
    """`second`: answers to what else is asked."""
    playbook, answers = club()
    mail = message(f"Bonjour, merci de vous en occuper. {says}", name="Mme Claire Durand", received_at=NOW)
    read = cleaned(mail, language=answers[name].language)
    found, vault = redact(read, mail, playbook)
    near = candidates(*((answers[one], 0.9 - place / 10) for place, one in enumerate((name, *others, *second))))
    secondary = tuple(answers[one].queue for one in second)
    decided = decision(answers[name].queue, flags=flags, secondary=secondary)
    around = Around(now=NOW, earlier=lambda: earlier_wait((), None, mail, found, playbook))
    made = draft(decided, near, found, vault, mail, playbook, None, PHRASES, around=around)
    assert isinstance(made, Draft)
    return check(made, grounds(made, near, decided, playbook), read, mail, playbook, PHRASES)


def faults(made: Draft) -> list[Finding]:
    """What is more than a hint: a canned answer tells of everybody's file."""
    return [one for one in made.findings if one.severity != "info"]


GRIEF = (
    "deces_premier_contact",
    "deces_resiliation_remboursement",
    "deces_transfert_conjoint",
    "deces_reponse_notaire",
)


@pytest.mark.parametrize("name", GRIEF)
def test_a_bereaved_family_reads_condolences_and_times_for_a_call_once(name: str) -> None:
    made = drafted(name, flags=("sensitive", "callback"))
    assert made.situations == ("bereavement",)
    assert "condoléances" in made.body
    assert made.body.count(SLOT) == 1
    assert "{creneau" not in made.body
    assert faults(made) == []


def test_distress_opens_soberly_and_proposes_a_call() -> None:
    made = drafted("impaye_etalement", flags=("sensitive",))
    assert made.paragraphs[1].situation == "distress"
    assert made.body.count(SLOT) == 1
    assert faults(made) == []


@pytest.mark.parametrize("name", ["reclamation_accuse_reception", "reclamation_mise_en_demeure_avocat"])
def test_a_complaint_reads_the_delay_of_the_acknowledgement_and_the_mediator(name: str) -> None:
    made = drafted(name)
    assert made.body.count("10 jours ouvrables") == 1
    assert made.body.count("www.mediation-assurance.org") == 1
    assert faults(made) == []


def test_a_cancellation_reads_its_rights_first_then_the_script_and_no_condition() -> None:
    made = drafted("resiliation_proposition_de_maintien", "resiliation_apres_un_an")
    assert made.body.index("article L113-15-2") < made.body.index("20 % de remise")
    assert made.body.index("L'offre est valable 15 jours") < made.body.index("Bien cordialement")
    assert faults(made) == []


def test_a_chaser_reads_an_apology_that_names_the_earlier_day_and_the_day_alone_where_the_answer_apologises() -> None:
    assert "depuis votre message du 12 mars." in drafted("suivi_dossier_en_instruction", flags=("chaser",)).body
    excused = drafted("remboursement_promis_en_retard", flags=("chaser",))
    (since,) = (part.text for part in excused.paragraphs if part.situation)
    assert since == "Vous attendez depuis votre message du 12 mars."
    assert faults(excused) == []


@pytest.mark.parametrize("name", GRIEF)
@pytest.mark.parametrize("second", [(), ("remboursement_double_prelevement",)])
def test_a_bereaved_chaser_reads_condolences_first_and_then_the_apology_that_names_the_day(
    name: str, second: tuple[str, ...]
) -> None:
    made = drafted(name, flags=("chaser", "sensitive"), second=second)
    assert made.situations == ("bereavement", "chaser")
    assert made.body.count(APOLOGY) == 1
    assert made.body.index("condoléances") < made.body.index(APOLOGY)
    assert faults(made) == []


def test_excuses_for_something_else_do_not_replace_those_for_the_wait() -> None:
    made = drafted("reclamation_reponse_favorable", flags=("chaser",))
    assert made.situations == ("complaint", "chaser")
    assert APOLOGY in made.body
    assert made.body.count("www.mediation-assurance.org") == 1
    assert faults(made) == []


@pytest.mark.parametrize(
    ("says", "apology"),
    [
        ("J'attends depuis trois semaines.", "de vous faire attendre depuis trois semaines."),
        ("J'ai envoyé le dossier le 3.", "de vous faire attendre depuis le 3 novembre."),
        ("Devis envoyé début septembre.", "de vous faire attendre depuis début septembre."),
        ("C'est mon troisième message.", "de vous avoir fait attendre."),
    ],
)
def test_a_chaser_reads_since_when_he_waits_as_he_tells_it_and_nothing_invented(says: str, apology: str) -> None:
    made = drafted("suivi_dossier_en_instruction", flags=("chaser",), says=says)
    assert f"Je vous prie de nous excuser {apology}" in made.body
    assert faults(made) == []


def test_words_for_a_wait_are_not_put_into_a_letter_in_another_language() -> None:
    made = drafted("accident_report_en", flags=("chaser",), says="J'attends depuis trois semaines.")
    assert "I apologise for having kept you waiting." in made.body


def test_a_cancellation_that_is_chased_reads_apology_rights_and_offer_in_this_order() -> None:
    made = drafted("resiliation_proposition_de_maintien", "resiliation_apres_un_an", flags=("chaser",))
    places = [made.body.index(words) for words in (APOLOGY, "article L113-15-2", "20 % de remise")]
    assert places == sorted(places)
    assert faults(made) == []


def test_a_complaint_in_distress_opens_soberly_and_names_delay_and_mediator() -> None:
    made = drafted("reclamation_accuse_reception", flags=("sensitive", "chaser"))
    assert made.situations == ("distress", "complaint", "chaser")
    assert [part.situation for part in made.paragraphs[1:3]] == ["distress", "chaser"]
    assert made.body.count("10 jours ouvrables") == made.body.count("www.mediation-assurance.org") == 1
    assert made.body.count(SLOT) == 1
    assert faults(made) == []


def test_an_english_answer_gets_english_sentences() -> None:
    made = drafted("accident_report_en", flags=("sensitive", "chaser"))
    assert "Monday 23 November between 10:00 and 11:00" in made.body
    assert "I apologise for having kept you waiting since your message of 12 March." in made.body
    (left,) = made.findings
    assert (left.kind, left.text) == ("left_out", "I hope that nobody was hurt.")
    assert left.text not in made.body


@pytest.mark.parametrize("name", ["reclamation_reponse_favorable", "reclamation_position_maintenue_mediateur"])
def test_a_final_answer_to_a_complaint_announces_no_answer_and_ends_with_its_formula(name: str) -> None:
    made = drafted(name)
    assert "accusé de réception" not in made.body
    assert made.body.count("www.mediation-assurance.org") == 1
    assert made.body.index("www.mediation-assurance.org") < made.body.index("salutations distinguées")


def test_nobody_in_grief_reads_that_everybody_is_hoped_to_be_well() -> None:
    made = drafted("deces_premier_contact", second=("sinistre_accident_constat",))
    assert "sinistre_accident_constat" in made.answers
    assert "va bien" not in made.body
    assert "left_out" in {one.kind for one in made.findings}


def test_every_situation_of_the_account_speaks_french_and_english() -> None:
    for situation in club()[0].situations:
        assert all({"fr", "en"} <= set(addition.text) for addition in situation.add)
