"""What a team can answer, as a condition on cases: the same as `Reach.covers` says of one."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, false, not_, or_

from service.domain.team import Reach
from service.storage.schema import cases

_QUEUE, _LANGUAGE, _RAISED = cases.c.queue, cases.c.language, cases.c.raised


def within(reaches: Sequence[Reach], account: ColumnElement[str] = cases.c.account) -> ColumnElement[bool]:
    """Cases that one of them covers; never unknown, so that it can be negated."""
    return or_(false(), *(_covered(reach, account) for reach in reaches))


def _covered(reach: Reach, account: ColumnElement[str]) -> ColumnElement[bool]:
    wanted = [account == reach.account, or_(false(), *(_of_level(reach, level) for level in reach.levels))]
    if reach.languages:
        wanted.append(or_(_LANGUAGE.is_(None), _LANGUAGE.in_(sorted(reach.languages))))
    if reach.queues:
        wanted.append(and_(_QUEUE.is_not(None), _QUEUE.in_(sorted(reach.queues))))
    return and_(*wanted)


def _of_level(reach: Reach, level: int) -> ColumnElement[bool]:
    """Its queue's level, unless it was raised above it; or raised to it."""
    by_queue = and_(_from(reach, level), not_(_from(reach, level + 1)))
    low = or_(_RAISED.is_(None), _RAISED.between(1, level))
    raised = and_(_RAISED.is_not(None), _RAISED.in_((level,)), not_(_from(reach, level)))
    return or_(and_(by_queue, low), raised)


def _from(reach: Reach, level: int) -> ColumnElement[bool]:
    """In a queue of that level or a higher one; every message is of level 1 at least."""
    if level <= 1:
        return not_(false())
    names = sorted(queue for queue, its in reach.harder.items() if its >= level)
    return and_(_QUEUE.is_not(None), _QUEUE.in_(names)) if names else false()
