"""Triage on request: once a message, whoever asks how often."""

import asyncio
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from service.desk.intake.receiving import Intake
from service.desk.intake.triage import TriageDesk
from service.desk.messages import Messages
from service.errors import ConflictError, RefusedError
from service.storage.cases import Filter
from service.storage.database import Database
from tests.service.samples import CountingPipeline, a_message, a_triage

ROOT = Path(__file__).parents[4]


async def test_message_triage_case_and_events_are_there_together(
    triage_desk: TriageDesk, messages: Messages, database: Database
) -> None:
    triage = await triage_desk.triage(a_message())
    case = await messages.get(triage.id)
    assert case.triage == triage
    assert (case.state, case.outcome, case.queue, case.case_state) == ("triaged", "routed", "facture", "open")
    assert case.due_at is not None
    assert (case.due_at - case.received_at).total_seconds() == 24 * 3600
    assert [event.kind for event in await messages.history(triage.id)] == ["message_received", "message_triaged"]


@pytest.mark.parametrize("later", [False, True])
async def test_a_message_from_a_day_to_come_is_due_and_counted_from_now(
    triage_desk: TriageDesk, messages: Messages, database: Database, later: bool
) -> None:
    """Else it would never be late, and stand in no figure of these years. What the caller said stays."""
    ahead = datetime(2999, 1, 1, tzinfo=UTC)
    message, before = a_message(account="club", received_at=ahead), datetime.now(UTC)
    if later:
        receipt = await Intake(database, lambda: None).receive(message)
        triage = await triage_desk.finish(receipt.id)
        assert triage is not None
    else:
        triage = await triage_desk.triage(message)
    case = await messages.get(triage.id)
    assert case.due_at is not None
    assert before <= case.due_at - timedelta(hours=24) <= datetime.now(UTC)
    assert case.received_at == ahead
    (came_in, *_) = await messages.history(triage.id)
    assert came_in.after is not None
    assert before <= datetime.fromisoformat(came_in.after["received_at"]) <= datetime.now(UTC)


async def test_the_same_message_again_gets_the_first_result(
    triage_desk: TriageDesk, pipeline: CountingPipeline
) -> None:
    first = await triage_desk.triage(a_message())
    assert await triage_desk.triage(a_message(account="club")) == first
    assert len(pipeline.asked) == 1


async def test_another_body_under_a_known_external_id_is_a_conflict(triage_desk: TriageDesk) -> None:
    await triage_desk.triage(a_message())
    with pytest.raises(ConflictError) as refused:
        await triage_desk.triage(a_message(body="Autre chose."))
    assert refused.value.problems[0].field == "external_id"


async def test_messages_without_an_external_id_are_always_new(triage_desk: TriageDesk) -> None:
    first, second = await triage_desk.triage(a_message(None)), await triage_desk.triage(a_message(None))
    assert first.id != second.id


async def test_fifty_equal_requests_at_once_give_one_message_and_fifty_equal_answers(
    triage_desk: TriageDesk, pipeline: CountingPipeline, messages: Messages
) -> None:
    pipeline.delay_s = 0.02
    answers = await asyncio.gather(*(triage_desk.triage(a_message()) for _ in range(50)))
    assert len(pipeline.asked) == 1
    assert len({answer.model_dump_json() for answer in answers}) == 1
    assert len((await messages.list(Filter())).items) == 1


async def test_fifty_desks_that_share_nothing_but_the_database_keep_one_message(
    database: Database, club: str, messages: Messages
) -> None:
    desks = [TriageDesk(database, CountingPipeline(0.01)) for _ in range(50)]
    answers = await asyncio.gather(*(desk.triage(a_message()) for desk in desks))
    assert len({answer.model_dump_json() for answer in answers}) == 1
    assert len((await messages.list(Filter())).items) == 1
    assert len(await messages.history(answers[0].id)) == 2


async def test_triages_that_are_done_together_wait_for_the_disk_together_where_there_is_one_writer(
    triage_desk: TriageDesk, database: Database, messages: Messages
) -> None:
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    await asyncio.gather(*(triage_desk.triage(a_message(f"m-{number}")) for number in range(20)))
    assert len((await messages.list(Filter())).items) == 20
    assert 0 < len(commits) < 10 if database.embedded else len(commits) >= 20


async def test_processes_at_once_keep_one_message(url: str, messages: Messages, club: str) -> None:
    command = (sys.executable, "-m", "tests.service.desk.hand_in", url, "25")
    running = [await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(2)]
    outs = await asyncio.gather(*(one.communicate() for one in running))
    answers = [answer for out, _ in outs for answer in json.loads(out)]
    assert len(answers) == 50
    assert len(set(answers)) == 1
    assert len((await messages.list(Filter())).items) == 1


async def test_one_who_goes_away_does_not_take_the_answer_from_the_others(
    triage_desk: TriageDesk, pipeline: CountingPipeline
) -> None:
    pipeline.delay_s = 0.1
    gone, stays = (asyncio.create_task(triage_desk.triage(a_message())) for _ in range(2))
    await asyncio.sleep(0.05)
    gone.cancel()
    assert (await stays).external_id == "m-1"
    assert len(pipeline.asked) == 1


async def test_a_failure_is_told_to_all_and_the_next_try_is_a_new_one(
    triage_desk: TriageDesk, pipeline: CountingPipeline
) -> None:
    pipeline.error = ValueError("broken")
    told = await asyncio.gather(*(triage_desk.triage(a_message()) for _ in range(5)), return_exceptions=True)
    assert all(isinstance(error, ValueError) for error in told)
    pipeline.error = None
    assert (await triage_desk.triage(a_message())).queue is not None


async def test_what_bulk_concluded_is_kept_in_one_go_and_known_messages_keep_their_result(
    triage_desk: TriageDesk, messages: Messages
) -> None:
    first = await triage_desk.triage(a_message("m-0"))
    new = [(a_message(f"m-{n}"), a_triage(a_message(f"m-{n}"), f"0000-{n}", "sinistre")) for n in range(20)]
    kept = await triage_desk.keep(new)
    assert kept[0] == first
    assert [triage.id for triage in kept[1:]] == [f"0000-{n}" for n in range(1, 20)]
    assert len((await messages.list(Filter(queue="sinistre"))).items) == 19


@pytest.mark.parametrize(("named", "why"), [("other", "no such account"), (None, "name the account")])
async def test_an_account_must_be_known_or_the_only_one(
    triage_desk: TriageDesk, accounts: object, named: str | None, why: str, database: Database
) -> None:
    from service.storage.accounts import ensure
    from tests.service.samples import NOW

    with database.writing() as transaction:
        ensure(transaction, "second", "Second", "", NOW)
    with pytest.raises(RefusedError) as refused:
        await triage_desk.triage(a_message(account=named))
    assert (refused.value.problems[0].field, why in refused.value.problems[0].message) == ("account", True)
    assert "second" not in str(refused.value.problems)


async def test_what_databases_dislike_comes_back_as_it_was(triage_desk: TriageDesk, database: Database) -> None:
    from service.storage import messages as stored

    strange = a_message(
        "m-1",
        "nul \x00, \x1b, 🙂, \u202e",
        subject="\x00",
        sender={"name": "\x00", "address": "a\x00@b.example"},
        received_at="0001-01-01T00:00:00+14:00",
        metadata={"clé": "\x00"},
    )
    triage = await triage_desk.triage(strange)
    with database.reading() as transaction:
        kept = stored.load(transaction, triage.id)
    assert kept is not None
    assert kept.model_copy(update={"account": None}) == strange
