"""Whoever finishes an erasure holds on to it for as long as that takes, whatever the database does meanwhile."""

import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

from service.desk.clock import utc_now
from service.desk.privacy.finish import Finishing
from service.domain.privacy import Todo
from service.errors import UnavailableError
from service.storage import privacy_records, refits
from service.storage.database import Database
from tests.service.desk.private import Upkeep, version


class Shaky(Database):
    """Away when the lease is to be renewed for the first time."""

    renewed = 0

    async def write(self, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if verb is privacy_records.keep_chore:
            self.renewed += 1
            if self.renewed == 1:
                raise UnavailableError("The database does not answer.")
        return await super().write(verb, *args, **kwargs)


class Slow(Upkeep):
    def learn(self, account: str) -> None:
        time.sleep(0.5)
        super().learn(account)


async def test_a_lease_that_cannot_be_renewed_once_is_renewed_the_next_time(
    database: Database, url: str, club: str
) -> None:
    version(database, "before")
    with database.writing() as transaction:
        begun = privacy_records.begin(transaction, "erasure", club, "dpo", utc_now(), "zoe@example.org")
        privacy_records.note(transaction, begun.id, {}, Todo(refit=(club,)))
        refits.count_change(transaction, club, utc_now())
        privacy_records.settle(transaction, begun.id, rows_done=True)
    with closing(Shaky(url)) as shaky:
        assert await Finishing(shaky, Slow(database), renew_s=0.05).finish() == []
        assert shaky.renewed > 1


class Stumbles(Upkeep):
    """By a mistake of ours, at the account `club`."""

    def learn(self, account: str) -> None:
        raise ZeroDivisionError


async def test_an_erasure_that_cannot_be_finished_keeps_no_other_waiting(database: Database, club: str) -> None:
    version(database, "before")
    begun = []
    with database.writing() as transaction:
        for todo in (Todo(refit=(club,)), Todo(index=True)):
            one = privacy_records.begin(transaction, "erasure", club, "dpo", utc_now())
            privacy_records.note(transaction, one.id, {}, todo)
            privacy_records.settle(transaction, one.id, rows_done=True)
            begun.append(one.id)
    left = await Finishing(database, Stumbles(database)).finish()
    assert [one.id for one in left] == begun[:1]
