"""What is there and in order, for `doctor` and `/readyz`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from service.desk.promises import told
from service.errors import AiguilleurError
from service.storage import (
    accounts,
    answers,
    confirmed,
    corrections,
    finding,
    learned,
    messages,
    playbooks,
    privacy_encrypt,
    refits,
    webhooks,
)
from service.storage.database import Database, Transaction
from service.storage.migrate import HEAD, revision, suits
from service.storage.privacy_cipher import SETTING, ring_of


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `doctor`. What is `required` and not `ok` keeps the service from being ready."""

    name: str
    ok: bool
    detail: str
    required: bool = True


class Health:
    """`degraded` says what of the search answers from a fallback at present, `resting` which models are left alone."""

    def __init__(
        self,
        database: Database,
        degraded: Callable[[], tuple[str, ...]] = tuple,
        resting: Callable[[], Mapping[str, float]] = dict,
    ) -> None:
        self._database = database
        self._degraded = degraded
        self._resting = resting

    async def ready(self) -> bool:
        return all(check.ok for check in await self.checks() if check.required)

    async def checks(self) -> tuple[Check, ...]:
        """Raises nothing: what cannot be looked at is a check that is not ok."""
        try:
            stored = await self._database.read(_checks)
        except AiguilleurError as error:
            return (Check("database", False, error.detail),)
        degraded = self._degraded()
        search = Check("search", not degraded, ", ".join(degraded) or "index in use", required=False)
        left = [f"{model} is left alone for {seconds:.0f} s more" for model, seconds in self._resting().items()]
        return (*stored, search, *(Check("model's breaker", False, each, required=False) for each in left))

    def breakers(self) -> tuple[str, ...]:
        """What is left alone, or answered from a fallback, at present in this process."""
        return (*self._degraded(), *(f"model:{name}" for name in self._resting()))


def _checks(transaction: Transaction) -> tuple[Check, ...]:
    found = revision(transaction)
    tables = Check("tables", suits(transaction), f"revision {found}, this program's is {HEAD}")
    reached = Check("database", True, transaction.dialect.name)
    if not tables.ok:
        return (reached, tables)
    known = accounts.ids(transaction)
    there = Check("accounts", bool(known), ", ".join(known) or "none; `aiguilleur playbook import` makes one")
    each = (check for account in known for check in _account(transaction, account))
    rest = (_backlog(transaction), _findable(transaction), _told(transaction), _vault(transaction))
    return (reached, tables, there, *each, *rest)


def _account(transaction: Transaction, account: str) -> tuple[Check, ...]:
    playbook = playbooks.active_version(transaction, account)
    library, lessons = answers.count(transaction, account), confirmed.count(transaction, account)
    bundle = learned.active_version(transaction, account)
    return (
        Check(f"{account}: playbook", playbook is not None, playbook or "none in force"),
        Check(f"{account}: answers", library > 0, f"{library} canned answers", required=False),
        Check(
            f"{account}: learned", bundle is not None, f"{bundle or 'nothing'} from {lessons} messages", required=False
        ),
        _promise(transaction, account, bundle),
        _refit(transaction, account),
    )


def _promise(transaction: Transaction, account: str, version: str | None) -> Check:
    """Always ok: where the history supports less than the account asks for, more is left to advisors."""
    bundle = learned.find(transaction, account, version) if version else None
    metrics = bundle.metrics if bundle else {}
    detail = "; ".join(told(metrics)) or "nothing is promised before the account has learned"
    return Check(f"{account}: promise", True, detail, required=False)


def _refit(transaction: Transaction, account: str) -> Check:
    """Not ok while refits fail: the version in force stays, and what was corrected since waits."""
    state, waiting = refits.state(transaction, account), corrections.contested(transaction, account)
    told = [f"{state.changes} changes wait", f"{waiting} contested corrections wait for a lead"]
    if state.held_by is not None:
        told.append(f"{state.held_by} holds the version in force; `aiguilleur learn` lets go")
    if state.outcome:
        told.append(f"the last refit {'failed: ' if state.failures else 'was: '}{state.outcome}")
    return Check(f"{account}: refit", not state.failures, "; ".join(told), required=False)


def _vault(transaction: Transaction) -> Check:
    """Whether what is about people is sealed at rest; not ok where a key is missing that stored texts need."""
    ring, known = ring_of(transaction.dialect), privacy_encrypt.state(transaction)
    missing = sorted(known.keys() - set(ring.ids if ring else ()))
    if missing:
        named = ", ".join(missing)
        return Check("vault", False, f"texts are sealed with the key {named}, which {SETTING} does not hold")
    if ring is None:
        return Check("vault", True, f"not sealed: {SETTING} is empty", required=False)
    whole = known.get(ring.newest) is not None and len(known) == 1
    left = "" if whole else "; what was stored before waits for `aiguilleur privacy encrypt`"
    return Check("vault", whole, f"sealed with the key {ring.newest}{left}", required=False)


def _backlog(transaction: Transaction) -> Check:
    found = messages.standing(transaction)
    waiting, failed = sum(one.waiting for one in found), sum(one.failed for one in found)
    cure = "; `aiguilleur messages failed` lists them, `messages retry` tries again" if failed else ""
    return Check("backlog", failed == 0, f"{waiting} messages wait for triage, {failed} failed{cure}", required=False)


def _findable(transaction: Transaction) -> Check:
    """Always ok: what waits is found a moment later, after an upgrade or a new key within minutes."""
    waits = finding.count_waiting(transaction)
    detail = f"{waits} messages are not found by their words yet; `serve` indexes them" if waits else "all messages"
    return Check("full-text search", True, detail, required=False)


def _told(transaction: Transaction) -> Check:
    """Not ok while there are dead letters."""
    found = webhooks.counts(transaction)
    waiting, dead = (sum(count for (_, state), count in found.items() if state == one) for one in ("waiting", "dead"))
    cure = "; `aiguilleur webhook dead` lists them, `webhook resend` sends again" if dead else ""
    return Check("webhooks", dead == 0, f"{waiting} deliveries wait, {dead} are dead{cure}", required=False)
