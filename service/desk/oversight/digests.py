"""Digests: made once for each day and week that has ended, by whichever process looks first, and kept as events."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import get_args

from service.desk.clock import Clock, utc_now
from service.desk.oversight.digest_making import digest_of
from service.desk.oversight.tallying import Tallying
from service.desk.playbooks.versions import Playbooks
from service.domain.digest import Digest, Span
from service.domain.moment import day_of
from service.domain.playbook import Playbook
from service.log import Said, code, code_of, log
from service.storage import accounts, digests
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record

DAYS: dict[Span, int] = {"day": 1, "week": 7}
KEPT: dict[Span, int] = {"day": 31, "week": 27}
"""How many are shown: a month of days, half a year of weeks."""


class Digests:
    """What they say of waiting is as of the time at which they are made, so none is made for a day long gone."""

    def __init__(self, database: Database, playbooks: Playbooks, tallying: Tallying, clock: Clock = utc_now) -> None:
        self._database = database
        self._playbooks = playbooks
        self._tallying = tallying
        self._clock = clock

    async def make(self) -> int:
        """Those of the last day and the last week that have ended, where they are not made yet; how many were. Raises
        the last error, once those of all other accounts are made."""
        now = self._clock()
        wanted = await self._database.read(_missing, now)
        if not wanted:
            return 0
        await self._tallying.count()
        made, failed = 0, None
        for account, span in wanted:
            try:
                made += await self._make(account, span, now)
            except Exception as error:
                log(Said.DIGEST_FAILED, account=code(account), cause=code_of(error))
                failed = error
        if failed is not None:
            raise failed
        return made

    async def _make(self, account: str, span: Span, now: datetime) -> bool:
        """False where no playbook is in force, or none that this program takes: the others' are made all the same, and
        this one once it is mended. So where another process made it meanwhile."""
        playbook = (await self._playbooks.readable([account])).get(account)
        return playbook is not None and await self._database.write(_make, playbook, span, now)

    async def list(self, account: str, span: Span) -> Sequence[Digest]:
        """Newest first, over a month of days or half a year of weeks. Raises UnavailableError."""
        last = _ended(span, day_of(self._clock()))
        subjects = [_subject(account, span, last - timedelta(days=DAYS[span] * back)) for back in range(KEPT[span])]
        found = await self._database.read(digests.made, subjects)
        made = [Digest.model_validate(one.after) for one in found]
        return sorted(made, key=lambda one: one.last, reverse=True)


def _ended(span: Span, today: date) -> date:
    """The last day of the last day, or week, that is over."""
    return today - timedelta(days=1 if span == "day" else today.weekday() + 1)


def _missing(transaction: Transaction, now: datetime) -> list[tuple[str, Span]]:
    spans: tuple[Span, ...] = get_args(Span)
    wanted = {(each, span): _subject_now(each, span, now) for each in accounts.ids(transaction) for span in spans}
    made = {one.subject for one in digests.made(transaction, list(wanted.values()))}
    return [one for one, subject in wanted.items() if subject not in made]


def _make(transaction: Transaction, playbook: Playbook, span: Span, now: datetime) -> bool:
    subject, last = _subject_now(playbook.account, span, now), _ended(span, day_of(now))
    digests.take_turn(transaction)
    if digests.made(transaction, [subject]):
        return False
    digest = digest_of(transaction, playbook, span, last - timedelta(days=DAYS[span] - 1), last, now)
    record(transaction, new_event("digest_made", subject, now, playbook.account, after=digest.model_dump(mode="json")))
    return True


def _subject_now(account: str, span: Span, now: datetime) -> str:
    return _subject(account, span, _ended(span, day_of(now)))


def _subject(account: str, span: Span, last: date) -> str:
    return f"digest/{account}/{span}/{last}"
