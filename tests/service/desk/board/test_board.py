"""The desk's lists, a message's sheet and the audit, on either database."""

from datetime import timedelta
from typing import Any

import pytest

from service.desk.board.board import NO_QUEUE, Board, Look
from service.desk.board.reading import Reading
from service.desk.board.review import Review
from service.desk.messages import Messages
from service.desk.people.audit import Asked, Audit
from service.errors import MissingError, RefusedError
from service.storage import accounts, triages
from service.storage.database import Database
from service.storage.ids import new_id
from service.storage.triages import Concluded
from tests.service.samples import ACCOUNT, NOW, a_message, a_triage


@pytest.fixture
def board(database: Database) -> Board:
    return Board(database, lambda: NOW + timedelta(hours=30))


def stored(database: Database, queue: str | None, hours: int = 0, account: str = ACCOUNT, **fields: Any) -> str:
    """A triaged message that came in so many hours after NOW; due 24 hours later."""
    came_in = NOW + timedelta(hours=hours)
    message = a_message(None, account=account, received_at=came_in, **fields)
    triage = a_triage(message, new_id(), queue)
    with database.writing() as transaction:
        accounts.ensure(transaction, account, account, "", NOW)
        triages.store_new(transaction, Concluded(message, triage, message.fingerprint), came_in)
    return triage.id


async def shown(board: Board, look: Look) -> list[str]:
    return [row.case.id for row in (await board.page(look)).items]


async def test_piles_count_what_is_to_do_the_next_due_first(board: Board, database: Database, review: Review) -> None:
    stored(database, "facture", 10)
    stored(database, "facture", 12)
    stored(database, "sinistre", 0)
    stored(database, None, 0)
    done = stored(database, "resiliation", 0)
    stored(database, "facture", 20, account="other")
    await review_ready(review, done)
    found = await board.piles((ACCOUNT,))
    assert [(pile.queue, pile.count, pile.late) for pile in found] == [
        ("sinistre", 1, 1), ("facture", 2, 0), (None, 1, 0),
    ]  # fmt: skip
    assert found[1].due_at == NOW + timedelta(hours=34)
    assert sum(pile.count for pile in await board.piles(None)) == 5
    assert await board.piles(()) == []


async def review_ready(review: Review, message_id: str) -> None:
    """Answers the message, whose account has its playbook."""
    await review.record_reply(message_id, "Bonjour", "bob")


@pytest.fixture(autouse=True)
def playbook(club: str) -> None:
    """The account has one."""


async def test_messages_come_oldest_first_in_pages_that_hold_each_once(board: Board, database: Database) -> None:
    ids = [stored(database, "facture", n) for n in range(7)]
    seen: list[str] = []
    cursor = None
    while True:
        page = await board.page(Look(), 3, cursor)
        seen += [row.case.id for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
        if len(seen) < 4:
            stored(database, "facture", 50)
    assert seen[:7] == ids
    assert len(seen) == len(set(seen))


async def test_looks_narrow(board: Board, database: Database, review: Review) -> None:
    mail = stored(database, "facture")
    chat = stored(database, "facture", channel="chat")
    unsure = stored(database, None)
    done = stored(database, "sinistre")
    other = stored(database, "facture", account="other")
    await review_ready(review, done)
    assert await shown(board, Look(accounts=(ACCOUNT,))) == [mail, chat, unsure]
    assert await shown(board, Look(accounts=(ACCOUNT,), stage="all")) == [mail, chat, unsure, done]
    assert await shown(board, Look(stage="answered")) == [done]
    assert await shown(board, Look(stage="waiting")) == []
    assert await shown(board, Look(queue=NO_QUEUE)) == [unsure]
    assert await shown(board, Look(queue="facture")) == [mail, chat, other]
    assert await shown(board, Look(outcome="abstained")) == [unsure]
    assert await shown(board, Look(channel="chat")) == [chat]
    assert await shown(board, Look(language="fr", queue="facture", accounts=("other",))) == [other]
    assert await shown(board, Look(language="en")) == []
    assert await shown(board, Look(accounts=())) == []


async def test_a_row_begins_with_the_customers_own_words(board: Board, database: Database) -> None:
    body = "Bonjour,\n\nOù est " + "ma très longue facture " * 20
    stored(database, "facture", body=body, subject="Facture", sender={"name": "", "address": "a@example.org"})
    (row,) = (await board.page(Look())).items
    assert (row.sender, row.subject) == ("a@example.org", "Facture")
    assert row.opening.startswith("Où est ma très longue facture")
    assert row.opening.endswith("…")
    assert len(row.opening) <= 181


async def test_a_cursor_that_no_page_gave_is_refused(board: Board, database: Database) -> None:
    with pytest.raises(RefusedError):
        await board.page(Look(), cursor="' OR 1=1")


async def test_a_sheet_holds_what_came_in_and_what_was_done(
    database: Database, review: Review, messages: Messages
) -> None:
    reading = Reading(database)
    mime = "From: Zoé <zoe@example.org>\nSubject: Ma facture\nContent-Type: text/plain; charset=utf-8\n\nOù est-elle ?"
    message = stored(database, "facture", body=mime, body_format="mime")
    await review_ready(review, message)
    sheet = await reading.sheet(message.upper(), (ACCOUNT,))
    assert (sheet.message.subject, sheet.message.sender.name, sheet.reply) == ("Ma facture", "Zoé", "Bonjour")
    assert sheet.cleaned.own == "Où est-elle ?"
    assert "reply_recorded" in [event.kind for event in sheet.history]
    for accounts_ in (("other",), ()):
        with pytest.raises(MissingError):
            await reading.sheet(message, accounts_)
    with pytest.raises(MissingError):
        await reading.sheet("no-such-id")


async def test_the_audit_is_read_in_pages_and_whole(database: Database) -> None:
    audit = Audit(database)
    for hours in range(5):
        stored(database, "facture", hours)
    stored(database, "facture", account="other")
    asked = Asked(kind="message_triaged", accounts=(ACCOUNT,))
    first = await audit.list(asked, 3)
    second = await audit.list(asked, 3, first.next_cursor)
    assert (len(first.items), len(second.items), second.next_cursor) == (3, 2, None)
    assert [event async for event in audit.all(asked)] == [*first.items, *second.items]
    assert (await audit.list(Asked(kind="message_triaged"), 50)).items[0].account == "other"
    assert (await audit.list(Asked(actor="nobody"), 50)).items == ()
    assert (await audit.list(Asked(since=NOW, until=NOW), 50)).items == ()
    assert (await audit.list(Asked(accounts=()), 50)).items == ()
