"""What sent replies suggest about canned answers, from messages to a lead's word; on either database."""

from datetime import timedelta

import pytest

from service.desk.answers.stats import AnswerStatistics
from service.desk.answers.suggesting import AnswerSuggesting
from service.desk.board.review import Review
from service.desk.intake.triage import TriageDesk
from service.desk.learning.suggestions import Suggestions
from service.desk.playbooks.versions import Playbooks
from service.domain.draft import Draft, Paragraph
from service.domain.suggestion import Suggestion
from service.errors import ConflictError, MissingError, RefusedError
from service.storage import answers
from service.storage.database import Database
from tests.service.desk.drafted import FACTURE, SENT, THANKS
from tests.service.samples import NOW, a_message, a_triage

CLUB = "club"
TRAILER = (
    "Votre remorque peut être ajoutée au contrat {contract}. "
    "Envoyez-nous la copie de sa carte grise et son poids à vide. "
    "L'ajout coûte 25 € par an et prend effet le {day} mars 2026."
)
LONELY = "Pour la sono du camping-car, il faut une extension, établie sur devis après avoir vu la facture d'achat."
NAMES = ("Anne Petit", "Luc Moreau", "Claire Duval", "Jean Roux", "Paul Girard")


@pytest.fixture
def suggestions(database: Database, playbooks: Playbooks, club: str) -> Suggestions:
    assert club
    return Suggestions(database, playbooks, lambda _: [], lambda: NOW, find_answers=AnswerSuggesting())


@pytest.fixture
def stats(database: Database, playbooks: Playbooks, club: str) -> AnswerStatistics:
    assert club
    return AnswerStatistics(database, playbooks)


class Mail:
    """Messages that are answered: by a person's own words, or from a draft that rests on the canned answer."""

    def __init__(self, desk: TriageDesk, review: Review, database: Database) -> None:
        self._desk, self._review, self._database = desk, review, database
        self._number = 0

    async def library(self) -> None:
        await self._database.write(answers.replace, CLUB, [FACTURE], "lead", NOW)

    async def answered(self, by: str, reply: str, *, drafted: bool = False, name: str = "Anne Petit") -> str:
        self._number += 1
        message = a_message(
            f"m-{self._number}",
            f"Bonjour, une question sur mon contrat. Merci, {name}",
            sender={"name": name, "address": f"{name.split()[1].lower()}@example.org"},
            received_at=NOW - timedelta(days=30 - self._number),
        )
        body = ("Bonjour {nom},", SENT, THANKS)
        parts = tuple(Paragraph(text=text, sources=(FACTURE.id,)) for text in body)
        draft = Draft(language="fr", subject="", body="\n\n".join(body), paragraphs=parts, answers=(FACTURE.id,))
        message_id = f"t-{self._number:02d}"
        await self._desk.keep([(message, a_triage(message, message_id, draft=draft if drafted else None))])
        await self._review.record_reply(message_id, reply, by, message.received_at + timedelta(hours=2))
        return message_id


@pytest.fixture
async def mail(triage_desk: TriageDesk, review: Review, database: Database) -> Mail:
    found = Mail(triage_desk, review, database)
    await found.library()
    return found


async def trailers(mail: Mail, advisors: tuple[str, ...] = ("lea", "sam", "lea", "sam")) -> None:
    """The same matter, answered by hand, each time with the customer's own data and a word of one's own."""
    for number, by in enumerate(advisors):
        said = TRAILER.format(contract=f"CHA-31884{number}", day=number + 3)
        own = ("Merci de votre message. ", "", "J'espère que tout va bien. ", "")[number % 4]
        name = NAMES[number % len(NAMES)]
        await mail.answered(by, f"Bonjour {name},\n\n{own}{said}\n\nBien cordialement,\n{by}", name=name)


async def of_kind(suggestions: Suggestions, kind: str) -> list[Suggestion]:
    return [one.suggestion for one in await suggestions.make(CLUB) if one.suggestion.kind == kind]


async def test_replies_that_agree_and_that_no_answer_says_suggest_one_without_anybodys_data(
    suggestions: Suggestions, mail: Mail, database: Database
) -> None:
    await trailers(mail)
    (new,) = await of_kind(suggestions, "answer")
    assert (new.queue, new.count, len(new.messages)) == ("facture", 4, 4)
    assert "carte grise" in new.body
    assert "25 €" in new.body
    assert "{date}" in new.body
    assert "J'espère" not in new.body
    for personal in ("CHA-", "Petit", "Anne", "Moreau"):
        assert personal not in new.body
        assert personal not in new.text
    await suggestions.settle(CLUB, new.id, "accepted", "claire")
    library = {one.id: one for one in await database.read(answers.library, CLUB)}
    (added,) = library.keys() - {FACTURE.id}
    assert (library[added].body, library[added].queue, library[added].language) == (new.body.strip(), "facture", "fr")
    assert await of_kind(suggestions, "answer") == []


async def test_one_advisors_habit_and_what_was_said_twice_suggest_nothing(suggestions: Suggestions, mail: Mail) -> None:
    await trailers(mail, ("lea", "lea", "lea", "lea"))
    for by in ("sam", "zoe"):
        await mail.answered(by, f"Bonjour,\n\n{LONELY}\n\nCordialement")
    assert await of_kind(suggestions, "answer") == []


async def test_what_the_library_says_already_is_not_suggested(suggestions: Suggestions, mail: Mail) -> None:
    said = "Votre facture de 42 € part sous 3 jours. Nous espérons que tout va bien. Merci encore à vous."
    for by in ("lea", "sam", "zoe", "lea"):
        await mail.answered(by, said)
    assert await of_kind(suggestions, "answer") == []


async def test_an_edit_that_repeats_suggests_the_changed_answer(
    suggestions: Suggestions, mail: Mail, database: Database
) -> None:
    changed = SENT.replace("3 jours", "5 jours ouvrés")
    for by in ("lea", "sam", "lea"):
        await mail.answered(by, f"Bonjour Madame,\n\n{changed}\n\n{THANKS}", drafted=True)
    (edit,) = await of_kind(suggestions, "answer_edit")
    assert (edit.answers, edit.sentences, edit.count) == ((FACTURE.id,), (SENT, changed), 3)
    assert edit.body == FACTURE.body.replace(SENT, changed)
    entry = await suggestions.settle(CLUB, edit.id, "accepted", "claire")
    assert (entry.state, entry.decided_by) == ("accepted", "claire")
    (answer,) = await database.read(answers.library, CLUB)
    assert answer.body == edit.body


async def test_an_answer_that_changed_meanwhile_is_not_overwritten(
    suggestions: Suggestions, mail: Mail, database: Database
) -> None:
    for by in ("lea", "sam", "lea"):
        await mail.answered(by, f"{SENT.replace('42 €', '45 €')}\n\n{THANKS}", drafted=True)
    (edit,) = await of_kind(suggestions, "answer_edit")
    other = FACTURE.model_copy(update={"body": "Tout autre chose est écrit ici maintenant."})
    await database.write(answers.replace, CLUB, [other], "lead", NOW)
    with pytest.raises(ConflictError):
        await suggestions.settle(CLUB, edit.id, "accepted", "claire")
    assert await database.read(answers.library, CLUB) == [other]


async def test_an_added_sentence_has_no_place_and_is_left_to_the_lead(suggestions: Suggestions, mail: Mail) -> None:
    added = "Vous la recevrez aussi par courrier si vous le demandez au guichet de votre ville."
    for by in ("lea", "sam", "lea"):
        await mail.answered(by, f"{SENT}\n\n{THANKS}\n\n{added}", drafted=True)
    (edit,) = await of_kind(suggestions, "answer_edit")
    assert (edit.sentences, edit.body) == (("", added), "")
    with pytest.raises(RefusedError):
        await suggestions.settle(CLUB, edit.id, "accepted", "claire")
    assert (await suggestions.settle(CLUB, edit.id, "refused", "claire")).state == "refused"


async def test_an_answer_that_is_never_kept_is_told_of(suggestions: Suggestions, mail: Mail) -> None:
    for number in range(8):
        await mail.answered(
            "lea", f"Je vous réponds tout autrement, cas {number}, voyez le guide en ligne.", drafted=True
        )
    (unkept,) = await of_kind(suggestions, "answer_unkept")
    assert (unkept.answers, unkept.count) == ((FACTURE.id,), 8)


async def test_statistics_tell_use_fate_edits_and_who_came_back(stats: AnswerStatistics, mail: Mail) -> None:
    await mail.answered("lea", f"{SENT}\n\n{THANKS}", drafted=True)
    await mail.answered("sam", f"{SENT.replace('42', '45')}\n\n{THANKS}", drafted=True)
    await mail.answered(
        "zoe", "Rien à voir, je vous appelle demain matin pour en parler.", drafted=True, name="Jean Roux"
    )
    found = await stats.one(CLUB, FACTURE.id)
    assert (found.drafts, found.sent, found.kept, found.edited, found.rewritten + found.dropped) == (3, 3, 1, 1, 1)
    assert found.came_back == 1
    assert (found.edits[0].before, found.edits[0].times) == (SENT, 1)
    assert (await stats.all(CLUB)).items[0] == found
    with pytest.raises(MissingError):
        await stats.one(CLUB, "nowhere")
