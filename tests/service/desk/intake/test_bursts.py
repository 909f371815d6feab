"""Messages that one sender writes in a burst are one case; what nobody has answered is remembered."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from service.desk.board.review import Review
from service.desk.intake.history import StoredHistory
from service.desk.intake.triage import TriageDesk
from service.desk.messages import Messages
from service.domain.case import Case
from service.domain.message import Message
from service.domain.triage import Triage
from service.storage.bursts import LOOKED_AT
from service.storage.cases import Filter
from service.storage.database import Database, Transaction
from service.storage.messages import add
from service.storage.schema import cases
from tests.service.samples import NOW, a_message, a_triage

SENDER = {"address": "Anne@exemple.fr"}


class Bursting:
    """Concludes the queue that the body begins with, the file numbers that follow `n°`, and a window of two days."""

    async def __call__(self, message: Message, triage_id: str) -> Triage:
        queue = message.body.split()[0]
        numbers = tuple(word for word in message.body.split() if word.startswith("n°"))
        await asyncio.sleep(0)
        until = message.received_at + timedelta(hours=48)
        known = queue if queue in {"facture", "sinistre"} else None
        return a_triage(message, triage_id, known, traces=numbers, joins_until=until)


@pytest.fixture
def desk(database: Database, club: str) -> TriageDesk:
    return TriageDesk(database, Bursting())


class Sending:
    def __init__(self, desk: TriageDesk, messages: Messages) -> None:
        self._desk = desk
        self._messages = messages
        self._count = 0

    async def __call__(self, body: str, hours: float = 0, **fields: Any) -> Case:
        self._count += 1
        sent: dict[str, Any] = {"sender": SENDER, "received_at": NOW + timedelta(hours=hours), **fields}
        triage = await self._desk.triage(a_message(f"b-{self._count}", body, **sent))
        return await self._messages.get(triage.id)


@pytest.fixture
def send(desk: TriageDesk, messages: Messages) -> Sending:
    return Sending(desk, messages)


async def test_messages_of_one_sender_in_one_queue_are_one_case(send: Sending, messages: Messages) -> None:
    first, second, third = await send("facture"), await send("facture encore", 1), await send("facture enfin", 40)
    assert {one.case_id for one in (first, second, third)} == {first.id}
    assert (await messages.get(first.id)).case_messages == 3
    told = [event.after for event in await messages.history(third.id) if event.kind == "case_joined"]
    assert told == [{"case": first.id, "messages": 3}]
    listed = (await messages.list(Filter(case=first.id))).items
    assert [one.id for one in listed] == [third.id, second.id, first.id]


async def test_another_sender_another_matter_or_a_later_day_opens_a_case_of_its_own(send: Sending) -> None:
    await send("facture")
    for other in (
        await send("facture", sender={"address": "paul@exemple.fr"}),
        await send("sinistre tout autre", 1),
        await send("facture plus tard", 60),
        await send("facture sans nom", 1, sender={}),
    ):
        assert (other.case_id, other.case_messages) == (other.id, 1)


async def test_one_file_number_or_the_same_words_join_across_queues_and_senders(send: Sending) -> None:
    first = await send("facture du dossier n°12")
    assert (await send("sinistre de mon mari, n°12", 1, sender={"address": "mari@exemple.fr"})).case_id == first.id
    unsure = await send("bonjour, où en est-on de tout cela ?", 2)
    assert (await send("bonjour, où en est-on de tout cela ??", 3)).case_id == unsure.id


async def test_an_answered_case_is_not_joined(send: Sending, review: Review) -> None:
    first = await send("facture")
    await review.record_reply(first.id, "Voici.", "lea")
    second = await send("facture, merci", 1)
    assert second.case_id == second.id


async def test_the_same_message_again_joins_nothing(send: Sending, desk: TriageDesk, messages: Messages) -> None:
    first = await send("facture")
    again = await desk.triage(a_message("b-1", "facture", sender=SENDER, received_at=NOW))
    assert again.id == first.id
    assert (await messages.get(first.id)).case_messages == 1


async def test_messages_of_one_sender_at_the_same_moment_are_one_case(desk: TriageDesk, messages: Messages) -> None:
    sent = [a_message(f"s-{at}", f"facture {at}", sender=SENDER, received_at=NOW) for at in range(20)]
    triages = await asyncio.gather(*map(desk.triage, sent))
    cases = {(await messages.get(one.id)).case_id for one in triages}
    assert len(cases) == 1


async def test_what_nobody_answered_is_remembered_by_sender_and_by_file(
    send: Sending, database: Database, review: Review
) -> None:
    history = StoredHistory(database)
    mine = await send("facture du dossier n°7")
    await send("sinistre", 1, sender={"address": "paul@exemple.fr"})
    later = NOW + timedelta(days=3)
    (found,) = await history.unanswered("club", "anne@exemple.fr", (), later, "")
    assert (found.at, found.queue, found.same_file) == (NOW, "facture", False)
    (by_file,) = await history.unanswered("club", "", ("n°7",), later, "")
    assert by_file.same_file
    assert not await history.unanswered("club", "anne@exemple.fr", ("n°7",), later, mine.id)
    assert not await history.unanswered("autre", "anne@exemple.fr", ("n°7",), later, "")
    assert not await history.unanswered("club", "anne@exemple.fr", (), NOW, "")
    assert not await history.unanswered("club", "anne@exemple.fr", (), NOW + timedelta(days=365), "")


async def test_a_reply_to_one_message_of_a_case_answers_them_all(
    send: Sending, database: Database, review: Review
) -> None:
    await send("facture")
    second = await send("facture encore", 1)
    await review.record_reply(second.id, "Voici.", "lea")
    assert not await StoredHistory(database).unanswered("club", "anne@exemple.fr", (), NOW + timedelta(days=3), "")


@pytest.mark.parametrize(("waiting", "found"), [(0, 0), (1, 1)])
async def test_of_a_form_by_which_hundreds_write_the_latest_two_hundred_are_looked_at(
    database: Database, club: str, waiting: int, found: int
) -> None:
    def written(transaction: Transaction) -> None:
        for number in range(LOOKED_AT + 1):
            at, name = NOW + timedelta(minutes=number), f"form-{number}"
            assert add(
                transaction, name, a_message(name, account=club, sender=SENDER, received_at=at), name, "triaged", at
            )
            case = {"message_id": name, "account": club, "outcome": "routed", "confidence": 1.0, "state": "open"}
            replied = {"replied_at": None if number == waiting else at, "updated_at": at}
            transaction.execute(insert(cases).values(case | replied))

    await database.write(written)
    late = NOW + timedelta(days=1)
    assert len(await StoredHistory(database).unanswered(club, SENDER["address"].lower(), (), late, "")) == found
