"""A digest is made once for each day and week that has ended, and says what was counted by hand."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from service.desk.accounts import AccountContent, Accounts
from service.desk.clock import Clock
from service.desk.intake.receiving import Intake
from service.desk.oversight.digests import Digests
from service.desk.oversight.tallying import Tallying
from service.desk.playbooks.versions import Playbooks
from service.domain.playbook import Playbook
from service.errors import RefusedError
from service.storage.database import Database
from tests.service.desk.oversight.test_tallying import HISTORIES, MONDAY, write
from tests.service.samples import ACCOUNT, a_message, a_playbook, parse, playbook_files

TUESDAY, NEXT_MONDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=7)


def digests(database: Database, playbooks: Playbooks, now: datetime) -> Digests:
    clock: Clock = lambda: now  # noqa: E731
    return Digests(database, playbooks, Tallying(database), clock)


@pytest.fixture
async def counted(database: Database, club: str) -> Database:
    for name, steps in HISTORIES.items():
        write(database, name, steps)
    return database


async def test_it_says_what_came_what_waits_and_what_was_left_to_a_person(
    counted: Database, playbooks: Playbooks
) -> None:
    waits = a_message(None, account=ACCOUNT, received_at=TUESDAY)
    await Intake(counted, lambda: None, lambda: TUESDAY).receive(waits)
    made = digests(counted, playbooks, TUESDAY)
    assert await made.make() == 2  # the day, and the week that ended on Sunday
    (day,) = await made.list(ACCOUNT, "day")
    assert (day.first, day.last, day.made_at) == (date(2026, 11, 16), date(2026, 11, 16), TUESDAY)
    assert (day.received, day.before, day.routed, day.abstained, day.chasers) == (5, 0, 3, 1, 1)
    assert (day.untriaged, day.oldest_at, day.failed) == (1, TUESDAY, 0)
    assert [(one.queue, one.received) for one in day.queues] == [("facture", 3), ("", 1), ("sinistre", 1)]
    (week,) = await made.list(ACCOUNT, "week")
    assert (week.first, week.last, week.received) == (date(2026, 11, 9), date(2026, 11, 15), 0)


async def test_the_next_one_holds_the_span_before_against_it(counted: Database, playbooks: Playbooks) -> None:
    await digests(counted, playbooks, TUESDAY).make()
    await digests(counted, playbooks, TUESDAY + timedelta(days=1)).make()
    later = digests(counted, playbooks, NEXT_MONDAY)
    assert await later.make() == 2
    days, weeks = await later.list(ACCOUNT, "day"), await later.list(ACCOUNT, "week")
    assert [one.last.day for one in days] == [22, 17, 16]
    assert [(one.received, one.before) for one in days] == [(0, 0), (0, 5), (5, 0)]
    assert [(one.last.day, one.received) for one in weeks] == [(22, 5), (15, 0)]


async def test_an_account_that_fails_keeps_no_digest_from_the_others(
    counted: Database, accounts: Accounts, caplog: pytest.LogCaptureFixture
) -> None:
    """`aaa` is looked at first: by a mistake of ours, and then with a playbook that this program does not take."""
    await accounts.import_(AccountContent(playbook_files("aaa"), a_playbook("aaa")), "lead")

    def by_mistake(files: Any) -> Playbook:
        raise ZeroDivisionError

    def refusing(files: Any) -> Playbook:
        raise RefusedError("1 mistake")

    def taking(failing: Callable[[Any], Playbook]) -> Digests:
        parsed = Playbooks(counted, lambda files: (failing if "aaa" in files["account.yaml"] else parse)(files))
        return digests(counted, parsed, TUESDAY)

    with pytest.raises(ZeroDivisionError):
        await taking(by_mistake).make()
    assert len(await taking(by_mistake).list(ACCOUNT, "day")) == 1
    assert await taking(refusing).make() == 0
    assert "aaa" in [getattr(one, "about", {}).get("account") for one in caplog.records]
    assert await digests(counted, Playbooks(counted, parse), TUESDAY).make() == 2


async def test_many_that_look_at_once_make_one(counted: Database, playbooks: Playbooks) -> None:
    made = digests(counted, playbooks, TUESDAY)
    assert sum(await asyncio.gather(*(made.make() for _ in range(5)))) == 2
    assert await made.make() == 0
    assert len(await made.list(ACCOUNT, "day")) == 1


async def test_without_a_playbook_none_is_made(database: Database, playbooks: Playbooks) -> None:
    assert await digests(database, playbooks, TUESDAY).make() == 0
