"""What a person says of a message's flags: in force at once, and learned as soon as it is known where the message
belongs."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from service.desk.learning.teaching import Said, lesson_id
from service.desk.messages import find_case
from service.domain.case import Case
from service.domain.event import EventKind
from service.domain.playbook import Playbook
from service.errors import FieldProblem, RefusedError
from service.storage import cases, confirmed, flags, refits, webhooks
from service.storage.database import Transaction
from service.storage.events import new_event, record


@dataclass(frozen=True, slots=True)
class Flagged:
    """The whole list that is `right`; where it is None, those in force but for what is to be `up` and `down`: the
    others stand beside them, and are right as they are. `known` are the playbook's, from `checked` on."""

    right: tuple[str, ...] | None = None
    up: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    known: tuple[str, ...] = ()

    def of(self, in_force: Iterable[str]) -> tuple[str, ...]:
        """The flags that are right, in the playbook's order; what it does not have any more is left out."""
        wanted = {*in_force, *self.up} - {*self.down} if self.right is None else {*self.right}
        return tuple(one for one in self.known if one in wanted)


def checked(flagged: Flagged, playbook: Playbook) -> Flagged:
    """Raises RefusedError for a flag that the playbook does not have."""
    known = tuple(flag.id for flag in playbook.flags)
    unknown = [one for one in (*(flagged.right or ()), *flagged.up, *flagged.down) if one not in known]
    if unknown:
        cure = "name those of the playbook: " + ", ".join(known) if known else "leave it out: the playbook has no flags"
        raise RefusedError(f"There is no flag {unknown[0]!r}.", (FieldProblem("flags", cure, "no_flag"),))
    return replace(flagged, known=known)


def flag(transaction: Transaction, case: Case, flagged: Flagged, by: Said) -> Case:
    """The message with the flags that are right, whoever said something of them before; learned if it is confirmed, and
    else once it is. The same word of the same person again changes nothing. The case is locked."""
    case = _in_force(transaction, case, flagged, by)
    if confirmed.tell_flags(transaction, case.account, lesson_id(case), case.flags or ()):
        refits.count_change(transaction, case.account, by.at)
    return case


def _in_force(transaction: Transaction, case: Case, flagged: Flagged, by: Said) -> Case:
    before = tuple(one for one in flagged.known if one in (case.flags or ()))
    right = flagged.of(before)
    if case.flagged_by == by.by and right == before:
        return case
    flags.put(transaction, case.id, right)
    cases.change(transaction, case.id, flagged_by=by.by, flagged_at=by.at, updated_at=by.at)
    kind: EventKind = "flags_confirmed" if right == before else "flags_corrected"
    change = ({"flags": list(case.flags or ())}, {"flags": list(right)})
    record(transaction, new_event(kind, case.id, by.at, case.account, by.by, *change))
    told = {"id": case.id, "external_id": case.external_id, "flags": right, "before": case.flags, "at": by.at}
    webhooks.announce(transaction, "message.flagged", case.account, (case.id, case.external_id), told, by.at)
    return find_case(transaction, case.id)
