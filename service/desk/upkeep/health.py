"""What is there and in order, for `doctor` and `/readyz`."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from service.desk.clock import Clock, utc_now
from service.desk.learning.promises import told
from service.desk.upkeep.check import Check
from service.desk.upkeep.lights import lights
from service.desk.upkeep.readable import refusals
from service.errors import AiguilleurError, FieldProblem
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
    recent,
    refits,
    webhooks,
)
from service.storage.database import Database, Transaction
from service.storage.migrate import HEAD, revision, suits
from service.storage.privacy_cipher import SETTING, ring_of

ACTIVATE = "`aiguilleur playbook list` names what there is, `aiguilleur playbook activate` puts one in force"
IMPORT = "`aiguilleur answers import`, or write some in the workbench: without them nothing is drafted"
SERVER_AWAY = (
    "start the database server, or mend AIGUILLEUR_DATABASE_URL: host, port, name, user, password; nothing that was "
    "accepted is lost"
)
FILE_AWAY = (
    "see that the database's file is there, yours to read and write, and that its disk has room; one that is damaged "
    "is made anew by `aiguilleur restore --replace` from a backup"
)
LEARN = "`aiguilleur learn`; until then keywords and the model decide alone"


async def _nothing() -> Mapping[str, FieldProblem]:
    return {}


class Health:
    """`degraded` says what of the search answers from a fallback at present, `resting` which models are left alone,
    `refused` which accounts' playbooks this program does not take."""

    def __init__(
        self,
        database: Database,
        degraded: Callable[[], tuple[str, ...]] = tuple,
        resting: Callable[[], Mapping[str, float]] = dict,
        refused: Callable[[], Awaitable[Mapping[str, FieldProblem]]] = _nothing,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._degraded = degraded
        self._resting = resting
        self._refused = refused
        self._clock = clock

    async def ready(self) -> bool:
        return all(check.ok for check in await self.checks() if check.required)

    async def checks(self) -> tuple[Check, ...]:
        """Raises nothing: what cannot be looked at is a check that is not ok."""
        try:
            stored, refused = await self._database.read(_checks), await self._refused()
        except AiguilleurError as error:
            return (Check("database", False, error.detail, cure=_cure(error, self._database.embedded)),)
        degraded, cure = self._degraded(), "exact search answers meanwhile; `aiguilleur answers rebuild` makes it anew"
        search = Check("search", not degraded, ", ".join(degraded) or "index in use", required=False, cure=cure)
        return (
            *stored,
            *refusals(refused),
            search,
            *(_left_alone(model, seconds) for model, seconds in self._resting().items()),
        )

    async def lights(self) -> tuple[Check, ...]:
        """What alerts watch, looked at over the last hours: for `doctor`. None where the tables are not this program's.
        Raises nothing."""
        try:
            return await self._database.read(_lights, self._clock())
        except AiguilleurError:
            return ()

    def breakers(self) -> tuple[str, ...]:
        """What is left alone, or answered from a fallback, at present in this process."""
        return (*self._degraded(), *(f"model:{name}" for name in self._resting()))


def _cure(error: AiguilleurError, embedded: bool) -> str:
    """What the error itself says, as far as it knows."""
    return next((one.message for one in error.problems), FILE_AWAY if embedded else SERVER_AWAY)


def _lights(transaction: Transaction, now: datetime) -> tuple[Check, ...]:
    return lights(transaction, now) if suits(transaction) else ()


def _left_alone(model: str, seconds: float) -> Check:
    cure = "look at that server; local voters answer meanwhile, and it is asked again by itself"
    return Check("model's breaker", False, f"{model} is left alone for {seconds:.0f} s more", required=False, cure=cure)


def _checks(transaction: Transaction) -> tuple[Check, ...]:
    found = revision(transaction)
    cure = "the first start of this release migrates; a program that is older than the store must be replaced"
    tables = Check("tables", suits(transaction), f"revision {found}, this program's is {HEAD}", cure=cure)
    reached = Check("database", True, transaction.dialect.name)
    if not tables.ok:
        return (reached, tables)
    known = accounts.ids(transaction)
    there = Check("accounts", bool(known), ", ".join(known) or "none", cure="`aiguilleur playbook import` makes one")
    each = (check for account in known for check in _account(transaction, account))
    rest = (_backlog(transaction), _findable(transaction), _told(transaction), _vault(transaction))
    return (reached, tables, there, *each, *rest)


def _account(transaction: Transaction, account: str) -> tuple[Check, ...]:
    playbook = playbooks.active_version(transaction, account)
    library, lessons = answers.count(transaction, account), confirmed.count(transaction, account)
    bundle = learned.active_version(transaction, account)
    return (
        Check(f"{account}: playbook", playbook is not None, playbook or "none in force", cure=ACTIVATE),
        Check(f"{account}: answers", library > 0, f"{library} canned answers", required=False, cure=IMPORT),
        Check(f"{account}: learned", bundle is not None, _learned(bundle, lessons), required=False, cure=LEARN),
        _promise(transaction, account, bundle),
        _refit(transaction, account),
    )


def _learned(bundle: str | None, lessons: int) -> str:
    return f"{bundle or 'nothing'} from {lessons} messages"


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
    cure = "the version in force stays; mend the cause, then `aiguilleur learn` does it by hand"
    return Check(
        f"{account}: refit", not state.failures, "; ".join(told), required=False, since=state.tried_at, cure=cure
    )


def _vault(transaction: Transaction) -> Check:
    """Whether what is about people is sealed at rest; not ok where a key is missing that stored texts need."""
    ring, known = ring_of(transaction.dialect), privacy_encrypt.state(transaction)
    missing = sorted(known.keys() - set(ring.ids if ring else ()))
    if missing:
        detail = f"texts are sealed with the key {', '.join(missing)}, which {SETTING} does not hold"
        return Check("vault", False, detail, cure=f"add that key to {SETTING}, behind the newest")
    if ring is None:
        return Check("vault", True, f"not sealed: {SETTING} is empty", required=False)
    whole = known.get(ring.newest) is not None and len(known) == 1
    left = "" if whole else "; what was stored before is not"
    cure = "`aiguilleur privacy encrypt` seals the rest while the service runs"
    return Check("vault", whole, f"sealed with the key {ring.newest}{left}", required=False, cure=cure)


def _backlog(transaction: Transaction) -> Check:
    found = messages.standing(transaction)
    waiting, failed = sum(one.waiting for one in found), sum(one.failed for one in found)
    since = recent.failed_since(transaction) if failed else None
    cure = "`aiguilleur messages failed` lists them; mend the cause, then `aiguilleur messages retry`"
    detail = f"{waiting} messages wait for triage, {failed} failed"
    return Check("backlog", failed == 0, detail, required=False, since=since, cure=cure)


def _findable(transaction: Transaction) -> Check:
    """Always ok: what waits is found a moment later, after an upgrade or a new key within minutes."""
    waits = finding.count_waiting(transaction)
    detail = f"{waits} messages are not found by their words yet; `serve` indexes them" if waits else "all messages"
    return Check("full-text search", True, detail, required=False)


def _told(transaction: Transaction) -> Check:
    """Not ok while there are dead letters, or a webhook is disabled."""
    found = webhooks.counts(transaction)
    waiting, dead = (sum(count for (_, state), count in found.items() if state == one) for one in ("waiting", "dead"))
    detail = f"{waiting} deliveries wait, {dead} are dead"
    cure = "`aiguilleur webhook dead` lists them; once the receiver is well, `aiguilleur webhook resend`"
    ended = [(one.disabled_at, one.id) for one in webhooks.of_account(transaction, None) if one.disabled_at]
    since = [at for at in (recent.dead_since(transaction) if dead else None, *(at for at, _ in ended)) if at]
    if ended:
        named = ", ".join(webhook_id for _, webhook_id in sorted(ended))
        detail += f"; nothing is kept for {named}, disabled since the receiver answered 410"
        cure += ", which enables it again; one that nobody needs goes by `aiguilleur webhook remove`"
    return Check("webhooks", not since, detail, required=False, since=min(since, default=None), cure=cure)
