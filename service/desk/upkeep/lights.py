"""What the alerts of `docker/prometheus` watch, as `doctor` finds it in the store: what is wrong, since when, and what
to do. Some of it looks at hours of messages, so nobody but `doctor` asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from service.desk.oversight.mix import MixShift, shifts
from service.desk.privacy import finish
from service.desk.upkeep.check import Check
from service.domain.moment import day_of
from service.settings import PROMPTS
from service.storage import accounts, figures, messages, privacy_records, recent
from service.storage.database import Transaction
from service.storage.recent import Concluded
from service.yaml_file import read_yaml

DEGRADED_IN, ABSTAINED_IN, CORRECTED_IN = timedelta(minutes=15), timedelta(hours=6), timedelta(days=7)
MIX_DAYS, NAMED = 7, 3
OVERDUE = timedelta(days=2)
"""The rarest duty is a daily one."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """From where on something is told; see `prompts/desk/lights.yaml`."""

    waiting_s: float
    degraded: float
    abstained: float
    corrected: float
    least: int
    shift: float


@cache
def bounds() -> Bounds:
    return Bounds(**read_yaml(PROMPTS / "desk" / "lights.yaml"))


def lights(transaction: Transaction, now: datetime) -> tuple[Check, ...]:
    """None of them keeps the service from being ready."""
    return (
        _waiting(transaction, now),
        _duties(transaction, now),
        *(_degraded(one) for one in recent.concluded(transaction, now - DEGRADED_IN)),
        *(_abstained(one, now) for one in recent.concluded(transaction, now - ABSTAINED_IN)),
        *_corrected(transaction, now),
        *(_moved(one, now) for one in shifts(transaction, day_of(now)) if one.days == MIX_DAYS),
    )


def _waiting(transaction: Transaction, now: datetime) -> Check:
    oldest = min((one.oldest for one in messages.standing(transaction) if one.oldest), default=None)
    if oldest is None:
        return Check("waiting", True, "nothing waits", required=False)
    waited = now - oldest
    cure = "see that `serve` or `worker` runs, and whether the model keeps up; more workers share the work"
    ok = waited.total_seconds() <= bounds().waiting_s
    detail = f"the oldest message has waited for {_length(waited)}"
    return Check("waiting", ok, detail, required=False, since=oldest, cure=cure)


def _duties(transaction: Transaction, now: datetime) -> Check:
    """What is to be done every day, or more often; and erasures, which are whole within minutes."""
    done = {name: at for name, at in privacy_records.chores_done(transaction).items() if name != finish.CHORE}
    begun = {f"{one.kind} {one.id}": one.at for one in privacy_records.unfinished(transaction)}
    late = {name: at for name, at in (done | begun).items() if now - at > OVERDUE}
    if not late:
        return Check("duties", True, f"done lately: {', '.join(done) or 'none yet'}", required=False)
    cure = "see that `serve` or `worker` runs; its log says which account keeps it from being done, and why"
    return Check("duties", False, f"not done: {', '.join(late)}", required=False, since=min(late.values()), cure=cure)


def _degraded(one: Concluded) -> Check:
    ok = one.degraded <= bounds().degraded * one.triaged
    detail = f"{one.degraded} of {one.triaged} triages of the last {_length(DEGRADED_IN)} went without model or index"
    cure = "the lines `model`, `chroma` and `search` here say which of them does not answer"
    return Check(f"{one.account}: degraded", ok, detail, required=False, since=one.degraded_since, cure=cure)


def _abstained(one: Concluded, now: datetime) -> Check:
    ok = one.triaged <= bounds().least or one.abstained <= bounds().abstained * one.triaged
    detail = f"{one.abstained} of {one.triaged} messages of the last {_length(ABSTAINED_IN)} were left to advisors"
    cure = "the mail may have changed: look at the newest that were left, and at `aiguilleur learn suggest`"
    return Check(f"{one.account}: abstained", ok, detail, required=False, since=now - ABSTAINED_IN, cure=cure)


def _corrected(transaction: Transaction, now: datetime) -> Iterator[Check]:
    """Of what came in lately and was routed; who puts a message where the program put none corrects nothing."""
    since, names = now - CORRECTED_IN, ("routed_wrong", "routed")
    for account in accounts.ids(transaction):
        told = figures.along(transaction, account, ("total",), day_of(since), day_of(now))
        wrong, routed = (sum(amount for _, _, found, amount in told if found == name) for name in names)
        ok = routed <= bounds().least or wrong <= bounds().corrected * routed
        detail = f"advisors corrected {wrong:.0f} of {routed:.0f} routed messages of the last {CORRECTED_IN.days} days"
        cure = "look at the newest corrections by queue, and at `aiguilleur learn suggest`"
        yield Check(f"{account}: corrected", ok, detail, required=False, since=since, cure=cure)


def _moved(one: MixShift, now: datetime) -> Check:
    found = one.shift
    ok = found.index <= max(bounds().shift, found.by_chance)
    named = ", ".join(f"{each.queue} {each.before:.0%} -> {each.now:.0%}" for each in found.moved[:NAMED])
    detail = f"index {found.index:.2f} over {one.days} days (by chance up to {found.by_chance:.2f}): {named}"
    cure = "confirm messages of the queues that grew, look at their keywords, then `aiguilleur learn`"
    since = now - timedelta(days=one.days)
    return Check(f"{one.account}: mix", ok, detail, required=False, since=since, cure=cure)


def _length(passed: timedelta) -> str:
    minutes = round(passed.total_seconds() / 60)
    hours, rest = divmod(minutes, 60)
    return f"{minutes} min" if hours == 0 else f"{hours} h" if rest == 0 else f"{hours} h {rest} min"
