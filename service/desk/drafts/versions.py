"""What a new version of a draft is made from, and how it is kept beside the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from service.desk.board.review import reviewed
from service.desk.messages import find_case
from service.domain.answers import CannedAnswer
from service.domain.case import Case
from service.domain.draft import Draft
from service.domain.event import EventKind
from service.domain.message import Message
from service.domain.triage import Triage
from service.domain.version import DraftVersion
from service.errors import ConflictError, FieldProblem
from service.pipeline.redraft.keeping import Given, Start, started
from service.storage import answers, cases, drafts, replies
from service.storage.database import Transaction
from service.storage.drafts import Asked
from service.storage.events import new_event, record
from service.storage.triages import spent

MOST_VERSIONS = 1_000
ONE_SITTING = timedelta(minutes=10)
"""What one advisor saves again within this time takes the place of what he saved before."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an advisor asks for. `keep`: the paragraphs as he has them now; None: as the version has them. `version`:
    the one that he started from; None: the last. `key`: his own name of the request."""

    by: str
    wish: str = ""
    keep: tuple[Given, ...] | None = None
    version: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """A message with what its drafts rest on; `triage` has the flags in force. `last` is None where there is no
    draft."""

    case: Case
    triage: Triage
    message: Message
    versions: Sequence[DraftVersion]
    library: Sequence[CannedAnswer]

    @property
    def last(self) -> DraftVersion | None:
        return self.versions[-1] if self.versions else None

    @property
    def cited(self) -> tuple[CannedAnswer, ...]:
        known = {source for one in self.versions for source in one.draft.answers}
        return tuple(one for one in self.library if one.id in known)


def ground_of(transaction: Transaction, message_id: str, account: str | None) -> Ground:
    case, message = reviewed(transaction, message_id, account)
    if case.triage is None:
        problem = FieldProblem("id", "answer it by hand; its triage failed for good")
        raise ConflictError("The message has no triage to draft from.", (problem,))
    versions = drafts.versions(transaction, case.id)
    triage = case.triage.model_copy(update={"flags": case.flags})
    return Ground(case, triage, message, versions, answers.library(transaction, case.account))


def versions_of(transaction: Transaction, message_id: str, account: str | None) -> list[DraftVersion]:
    return drafts.versions(transaction, find_case(transaction, message_id, account).id)


def queue_of(ground: Ground) -> str | None:
    """The one in force; where there is none that of the answer that the draft rests on, or the best guess."""
    guesses = (one.queue for one in ground.triage.alternatives[:1])
    known = (ground.case.queue, *(one.queue for one in ground.cited[:1]), *guesses)
    return next((queue for queue in known if queue), None)


def start_of(base: DraftVersion | None, wanted: Wanted) -> Start:
    empty = Draft(language="fr", subject="", body="", paragraphs=())
    return started(base.draft if base else empty, base.locked if base else (), wanted.keep)


def says(draft: Draft, given: Sequence[Given]) -> bool:
    told = [" ".join(one.text.split()) for one in given]
    return told == [" ".join(part.text.split()) for part in draft.paragraphs] and not any(one.locked for one in given)


def asked_of(ground: Ground, wanted: Wanted) -> Asked:
    """A request with a key is the same one whatever was made since."""
    last = ground.last.number if ground.last and not wanted.key else 0
    number = wanted.version if wanted.version is not None else last
    kept = "\x1e".join(f"{one.locked}\x1f{one.text}" for one in wanted.keep or ())
    said = "\x1d".join((str(number), wanted.wish, kept, str(wanted.keep is None), wanted.by))
    return Asked(wanted.key, sha256(said.encode("utf-8", "replace")).hexdigest())


def answered(transaction: Transaction, message_id: str, asked: Asked) -> DraftVersion | None:
    found = drafts.answered(transaction, message_id, asked)
    if found is not None and not found[1]:
        problem = FieldProblem("Idempotency-Key", "give another request another key, or send the first one again")
        raise ConflictError(f"The key names the request that made version {found[0].number}.", (problem,))
    return found[0] if found else None


def base_of(ground: Ground, wanted: Wanted) -> DraftVersion | None:
    """The last version. Raises ConflictError where the advisor started from another one."""
    last = ground.last
    if wanted.version is not None and wanted.version != (last.number if last else 0):
        raise _overtaken(last)
    return last


def _overtaken(last: DraftVersion | None) -> ConflictError:
    made = f"version {last.number} is there, by {last.by or last.origin}" if last else "there is no version yet"
    cure = f"read the list of versions, put the texts together, and send them with version {last.number if last else 0}"
    return ConflictError(f"The draft was changed meanwhile: {made}.", (FieldProblem("version", cure),))


def keep_versions(
    transaction: Transaction, case: Case, made: Sequence[DraftVersion], asked: Asked, base: DraftVersion | None
) -> DraftVersion:
    """All of what was made, or nothing where somebody was faster."""
    cases.lock(transaction, case.id)
    if found := answered(transaction, case.id, asked):
        return found
    known = drafts.versions(transaction, case.id)
    last = known[-1] if known else None
    if (last.number if last else 0) != (base.number if base else 0):
        raise _overtaken(last)
    if len(known) + len(made) > MOST_VERSIONS:
        raise ConflictError(f"The message has {MOST_VERSIONS} versions; send one of them.")
    same_sitting = bool(last and len(made) == 1 and _goes_on(made[0], last))
    if last and same_sitting:
        drafts.remove(transaction, case.id, last.number)
        made = [made[0].model_copy(update={"base": last.base})]
    for version in made:
        own = asked if version is made[-1] else Asked("", "")
        drafts.add(transaction, case.id, version, own)
        kind: EventKind = "draft_saved" if version.origin == "advisor" else "draft_made"
        told: dict[str, object] = {
            "version": version.number,
            "base": version.base,
            "engine": version.engine,
            "locked": version.locked,
        }
        if not same_sitting:
            told |= spent(version.usage)
            record(transaction, new_event(kind, case.id, version.at, case.account, version.by, after=told))
        if version.origin != "advisor":
            replies.note_uses(transaction, case.id, case.account, version.draft.answers, version.at)
    return made[-1]


def _goes_on(version: DraftVersion, last: DraftVersion) -> bool:
    """Whether an advisor saves on at the text that he saved a moment ago, such as a page does by itself."""
    saved = version.origin == "advisor" and last.origin == "advisor" and version.by == last.by
    return saved and version.at - last.at <= ONE_SITTING and last.ready_at is None
