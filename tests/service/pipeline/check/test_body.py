"""What is read off canned answers is remembered; what people write is not."""

from service.domain.answers import CannedAnswer
from service.domain.draft import Draft, Paragraph
from service.pipeline.check.body import remembered
from service.pipeline.check.grounds import Sources
from service.pipeline.clean import clean
from service.pipeline.compare import compare
from tests.service.samples import a_message, a_playbook

ANSWER = "Votre demande est bien arrivée.\n\nNous vous remboursons {montant} sous 14 jours."


def test_a_canned_answer_is_read_once() -> None:
    assert remembered(ANSWER) is remembered(ANSWER)
    assert len(remembered(ANSWER).paragraphs) == 2


def test_a_paragraph_of_an_answer_has_room_for_what_fills_it() -> None:
    first, second = remembered(ANSWER).filled
    assert first.fullmatch("Votre demande est bien arrivée.")
    found = second.fullmatch("Nous vous remboursons 42 € sous 14 jours.")
    assert found
    assert found.groups() == ("42 €",)


def test_nothing_is_remembered_of_a_reply_that_was_compared() -> None:
    """Tens of thousands are sent."""
    paragraph = Paragraph(text="Nous avons lu votre message.", sources=("accueil",))
    draft = Draft(language="fr", subject="", body=paragraph.text, paragraphs=(paragraph,))
    before = remembered.cache_info()
    found = compare(draft, "Nous avons lu votre message et vous remboursons demain.", a_playbook(), 0)
    assert "promise" in [change.kind for change in found.changes]
    assert remembered.cache_info() == before


def test_nothing_is_remembered_of_sentences_that_name_a_drafts_own_days() -> None:
    """They are put together anew for each draft."""

    def answer(key: str, body: str) -> CannedAnswer:
        return CannedAnswer(id=key, queue=key, title=key, situation=key, body=body)

    message = a_message("m-1", "Rappelez-moi.")
    lasting = answer("rappel", "Nous vous rappelons dans la journée.")
    for day in range(1, 4):
        own = answer("account", f"Je peux vous appeler le {day} mars à 10 h.")
        Sources([lasting, own], clean(message), message, a_playbook())
    before = remembered.cache_info()
    remembered(own.body)
    remembered(lasting.body)
    assert remembered.cache_info().misses == before.misses + 1, "only the canned answer was remembered"
