from datetime import UTC, datetime

from service.domain.ask import Ask
from service.domain.candidates import Candidates, ScoredAnswer
from service.domain.decision import Alternative, Decision
from service.domain.draft import Draft, NoDraft, Paragraph
from service.domain.message import Message
from service.domain.model_answer import AskHeard, ModelAnswer
from service.domain.votes import Vote
from service.pipeline.asks import Asks, find_asks, settled
from service.pipeline.clean import clean
from service.pipeline.draft import Around, draft
from service.pipeline.redact import redact
from tests.service.pipeline.draft.made import DEPART, EVERY, FACTURE, PHRASES, candidates, decision
from tests.service.pipeline.redact.made import PLAYBOOK, cleaned, message

FIRST, SECOND = "Où en est la facture de Mme Claire Durand (n° 12) ?", "Par ailleurs, comment partir le 3 mai ?"
BODY = f"Bonjour à tous. {FIRST} Il fait beau. {SECOND} Merci d'avance"


def asked(
    decided: Decision, opinion: ModelAnswer | None = None, near: Candidates = EVERY, mail: Message | None = None
) -> tuple[tuple[Ask, ...], Draft | NoDraft]:
    mail = mail or message(BODY, "Claire Durand", received_at=datetime(2026, 5, 1, tzinfo=UTC))
    found, vault = redact(cleaned(mail), mail, PLAYBOOK)
    asks = find_asks(decided, [_vote(found.text)], opinion, found, mail, vault)
    around = Around(asks)
    proposed = draft(decided, near, found, vault, mail, PLAYBOOK, opinion, PHRASES, around=around)
    return settled(asks, proposed, near, PLAYBOOK.thresholds.answer_score, PHRASES)


def _vote(text: str) -> Vote:
    """As a classifier that reads words, and neither numbers nor signs, gives its sentences."""
    words = {
        "facture": ("La facture" if "La facture" in text else "Où en", "Durand" if "Durand" in text else "]]"),
        "depart": ("comment" if "comment" in text else "partir", "mai"),
    }
    places = {
        queue: (text.index(first), text.index(last, text.index(first)) + len(last))
        for queue, (first, last) in words.items()
        if first in text
    }
    return Vote(voter="classifier", places=places)


def both() -> Decision:
    beside = (Alternative(queue="depart", probability=0.6),)
    return decision("facture", secondary=("depart",), asked=beside)


def drafted(found: tuple[tuple[Ask, ...], Draft | NoDraft]) -> tuple[tuple[Ask, ...], Draft]:
    asks, made = found
    assert isinstance(made, Draft), made
    return asks, made


def test_two_asks_are_told_in_the_customers_words_with_the_paragraphs_that_answer_each() -> None:
    (first, second), made = drafted(asked(both()))
    assert (first.text, first.queue, first.answers) == (FIRST, "facture", ("facture_echeance",))
    assert (second.queue, second.probability, second.answers) == ("depart", 0.6, ("depart_preavis",))
    for ask in (first, second):
        assert BODY[ask.start : ask.end] == ask.text
        assert ask.uncovered_reason is None
    assert second.text.endswith("comment partir le 3 mai ?")
    assert [made.paragraphs[place].sources[0] for place in second.answered_by] == ["depart_preavis"] * 2
    assert not set(first.answered_by) & set(second.answered_by)
    assert all(made.paragraphs[place].asks for place in first.answered_by)
    assert made.findings == ()


def test_a_greeting_and_a_formula_answer_nothing() -> None:
    _, made = drafted(asked(both()))
    assert [part.asks for part in made.paragraphs if part.text.startswith(("Bonjour", "Bien", "{conseiller}"))] == [
        ()
    ] * 3


def test_what_no_canned_answer_covers_is_named_and_not_filled() -> None:
    (_, second), made = drafted(asked(both(), near=candidates((FACTURE, 0.9), (DEPART, 0.1))))
    assert second.answered_by == ()
    assert (second.uncovered_reason or "").startswith("Aucune réponse type")
    (finding,) = made.findings
    assert (finding.kind, finding.severity, finding.text) == ("uncovered", "warning", second.text)
    assert made.answers == ("facture_echeance",)


def test_what_may_be_an_ask_is_named_only_where_it_reads_like_one() -> None:
    beside = (Alternative(queue="depart", probability=0.12),)
    (_, second), made = drafted(asked(decision("facture", asked=beside)))
    assert second.queue == "depart"
    assert [(finding.kind, finding.severity) for finding in made.findings] == [("uncovered", "info")]
    told = message(f"{FIRST} Mon fils sait comment partir de là en mai.", "Claire Durand")
    quiet = told.model_copy(update={"body": told.body.replace("comment", "bien, comment")})
    assert len(asked(decision("facture"), mail=quiet)[0]) == 1


ONE = "Où en est Durand : comment se fait-il que rien n'arrive le 3 mai ?"
RIVALS = Candidates((ScoredAnswer(DEPART, 0.9), ScoredAnswer(FACTURE, 0.8)))


def in_one_sentence(decided: Decision, said: str = ONE) -> tuple[tuple[Ask, ...], Draft]:
    return drafted(asked(decided, near=RIVALS, mail=message(f"Bonjour. {said} Merci", "Claire Durand")))


def shared(queue: str | None) -> Decision:
    beside = (Alternative(queue="depart", probability=0.6),)
    odds = (Alternative(queue="facture", probability=0.5), Alternative(queue="depart", probability=0.4))
    return decision(queue, secondary=("depart",), asked=beside, alternatives=odds)


def test_two_queues_that_share_the_odds_of_one_sentence_are_one_ask_and_get_one_answer() -> None:
    (only,), made = in_one_sentence(shared(None))
    assert (only.text, only.queue, only.probability) == (ONE, "depart", 0.6)
    assert made.answers == only.answers == ("depart_preavis",)
    assert only.answered_by
    assert "autre demande" not in made.body


def test_a_sentence_that_joins_two_things_is_two_asks_once_its_queue_is_decided() -> None:
    joined = ONE.replace(" : comment", ", et comment")
    assert [ask.queue for ask in in_one_sentence(shared("facture"), joined)[0]] == ["facture", "depart"]
    assert [ask.queue for ask in in_one_sentence(shared("facture"))[0]] == ["facture"]


def test_a_draft_for_two_queues_of_which_none_was_decided_says_so() -> None:
    found = drafted(asked(shared(None), near=RIVALS))[1].findings
    assert [(one.kind, one.severity) for one in found] == [("doubtful", "info")]
    assert "« Échéance »" in found[0].detail
    assert drafted(asked(shared("facture")))[1].findings == ()


def test_a_second_part_for_a_sentence_that_asks_for_nothing_is_said_to_be_doubtful() -> None:
    told = "Mes voisins vont partir le 3 mai."
    (_, second), made = drafted(asked(both(), mail=message(BODY.replace(SECOND, told), "Claire Durand")))
    assert told.endswith(second.text)
    assert second.answers == ("depart_preavis",)
    (finding,) = made.findings
    assert (finding.kind, finding.severity, finding.text) == ("doubtful", "info", second.text)
    assert "sans rien demander" in finding.detail


def questioned(more: str, opinion: ModelAnswer | None = None) -> tuple[tuple[Ask, ...], Draft]:
    mail = message(f"Bonjour. {FIRST} {more} Merci", "Claire Durand")
    return drafted(asked(decision("facture"), opinion, mail=mail))


def test_one_more_question_to_the_same_queue_is_an_ask_and_the_advisor_is_told_to_check_it() -> None:
    (_, second), made = questioned("Et puis-je la recevoir en Espagne ?")
    assert (second.text, second.queue) == ("Et puis-je la recevoir en Espagne ?", "facture")
    assert (second.answered_by, second.answers) == ((), ())
    (finding,) = made.findings
    assert (finding.kind, finding.severity, finding.text) == ("uncovered", "info", second.text)
    assert "vérifiez" in finding.detail


def test_a_question_that_a_paragraph_mentions_is_answered_by_it() -> None:
    (_, second), made = questioned("Quel est le prix, et le délai de paiement ?")
    (place,) = second.answered_by
    assert "42,00 €" in made.paragraphs[place].text
    assert made.paragraphs[place].asks == (0, 1)
    assert second.answers == ("facture_echeance",)
    assert made.findings == ()


def test_a_single_question_belongs_to_a_main_ask_that_only_tells_unless_words_announce_another() -> None:
    tells = "La facture de Mme Claire Durand (n° 12) est fausse."
    decided = decision("facture")
    alone = message(f"{tells} Qui appelle qui ?", "Claire Durand")
    assert [ask.text for ask in asked(decided, mail=alone)[0]] == [tells]
    other = message(f"{tells} Au fait, qui appelle qui ?", "Claire Durand")
    assert [ask.text for ask in asked(decided, mail=other)[0]] == [tells, "Au fait, qui appelle qui ?"]
    after = message(f"{tells} Que dois-je faire ? Et qui paie les frais ?", "Claire Durand")
    assert [ask.text for ask in asked(decided, mail=after)[0]] == [tells, "Et qui paie les frais ?"]
    before = message(f"{tells} Qui paie les frais ? Que dois-je faire ?", "Claire Durand")
    assert [ask.text for ask in asked(decided, mail=before)[0]] == [tells]


def test_where_a_model_named_the_asks_no_question_is_added() -> None:
    heard = ModelAnswer(queue="facture", asks=(AskHeard(words=FIRST, queue="facture"),), paragraphs=())
    asks, _ = questioned("Et puis-je la recevoir en Espagne ?", heard)
    assert len(asks) == 1


def test_without_a_draft_each_ask_says_why() -> None:
    asks, made = asked(both(), near=Candidates())
    assert isinstance(made, NoDraft)
    assert [ask.uncovered_reason for ask in asks] == [made.reason] * 2


def test_an_ask_that_stands_in_the_subject_has_no_place_in_the_body() -> None:
    mail = message("Merci.", subject="Ma facture ?")
    (ask,), _ = asked(decision("facture"), mail=mail)
    assert (ask.text, ask.start, ask.end) == ("Ma facture ?", None, None)


def test_an_ask_in_text_with_remnants_of_html_is_told_in_readable_words() -> None:
    mail = Message(body="<p>Cher club,</p><p>O&ugrave; en est ma <b>facture</b> d&eacute;j&agrave; pay&eacute;e ?</p>")
    found, vault = redact(clean(mail), mail, PLAYBOOK)
    start, end = found.text.index("Où"), found.text.index(" ?")
    vote = Vote(voter="classifier", places={"facture": (start, end)})
    (ask,) = find_asks(decision("facture"), [vote], None, found, mail, vault).listed
    assert ask.text == "Où en est ma facture déjà payée ?"
    assert ask.start is not None
    assert mail.body[ask.start : ask.end].startswith("O&ugrave; en est")


def test_a_message_of_no_known_queue_asks_for_nothing_that_could_be_told() -> None:
    unknown = decision(None, alternatives=(), outcome_reason="no_knowledge")
    assert asked(unknown)[0] == ()


def opinion(*parts: tuple[str, tuple[int, ...]], asks: tuple[AskHeard, ...]) -> ModelAnswer:
    paragraphs = tuple(Paragraph(text=text, sources=("facture_echeance",), asks=numbers) for text, numbers in parts)
    return ModelAnswer(queue="facture", language="fr", asks=asks, paragraphs=paragraphs)


LEAVING, BILL = AskHeard(words="comment partir le 3 mai", queue="depart"), AskHeard(words="Où en est la facture")


def test_the_models_own_mapping_stands_and_the_main_ask_comes_first() -> None:
    said = opinion(("Bonjour.", ()), ("Pour partir…", (0,)), ("La facture…", (1,)), asks=(LEAVING, BILL))
    (first, second), made = drafted(asked(both(), said))
    assert (first.queue, first.answered_by) == ("facture", (2,))
    assert (second.queue, second.answered_by) == ("depart", (1,))
    assert BODY[second.start : second.end] == second.text
    assert [part.asks for part in made.paragraphs] == [(), (1,), (0,)]


def test_an_ask_that_the_model_maps_to_nothing_is_uncovered() -> None:
    said = opinion(("La facture…", (0,)), asks=(BILL, LEAVING))
    (_, second), made = drafted(asked(both(), said))
    assert (second.uncovered_reason or "").startswith("Le brouillon ne répond pas")
    assert [finding.kind for finding in made.findings] == ["uncovered"]


def test_an_ask_that_the_model_forgot_is_still_named() -> None:
    (_, second), _ = drafted(asked(both(), opinion(("La facture…", (0,)), asks=(BILL,))))
    assert (second.queue, second.answered_by) == ("depart", ())


def test_an_ask_in_words_that_nobody_wrote_is_dropped_unless_its_queue_is_asked_for() -> None:
    invented = AskHeard(words="une remise de la moitié", queue="autre")
    (first, second), _ = drafted(asked(both(), opinion(("La facture…", (1,)), asks=(invented, BILL))))
    assert [first.queue, second.queue] == ["facture", "depart"]
    assert first.answered_by == (0,)


def test_a_paragraph_that_rests_on_the_message_alone_answers_nothing() -> None:
    asks = Asks((Ask(text="Et moi ?", queue="facture", probability=1.0),))
    part = Paragraph(text="Vous demandez : et moi ?", sources=("message",), asks=(0,))
    made = Draft(language="fr", subject="Re: x", body=part.text, paragraphs=(part,))
    (ask,), _ = settled(asks, made, EVERY, 0.3, PHRASES)
    assert ask.answered_by == ()
    assert ask.uncovered_reason
