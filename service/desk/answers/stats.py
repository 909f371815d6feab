"""Statistics of canned answers: their use, what advisors make of them, and whether customers come back."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta

from service.desk.playbooks.versions import Playbooks
from service.domain.answer_stats import AnswerStats, AnswerStatsList, UsualEdit
from service.domain.answers import CannedAnswer
from service.errors import FieldProblem, MissingError
from service.pipeline.redact.words import fold
from service.storage import answer_uses, answers
from service.storage.answer_uses import EditKept, Use
from service.storage.database import Database, Transaction

MOST_EDITS = 10


class AnswerStatistics:
    """Counted since replies are recorded; answers that were retired since are left out."""

    def __init__(self, database: Database, playbooks: Playbooks) -> None:
        self._database = database
        self._playbooks = playbooks

    async def all(self, account: str) -> AnswerStatsList:
        """The most used first. Raises MissingError for an account without a playbook."""
        hours = (await self._playbooks.active(account)).bursts.hours
        items = await self._database.read(_stats, account, timedelta(hours=hours))
        return AnswerStatsList(account=account, window_hours=hours, items=tuple(items))

    async def one(self, account: str, answer_id: str) -> AnswerStats:
        """Raises MissingError."""
        hours = (await self._playbooks.active(account)).bursts.hours
        items = await self._database.read(_stats, account, timedelta(hours=hours), answer_id)
        if items:
            return items[0]
        problem = FieldProblem("id", "give the id of one of the canned answers in force")
        raise MissingError("There is no such canned answer.", (problem,))


def _stats(transaction: Transaction, account: str, window: timedelta, only: str | None = None) -> list[AnswerStats]:
    """`only`: of that answer alone, whatever else there is."""
    uses, edits = defaultdict[str, list[Use]](list), defaultdict[str, list[EditKept]](list)
    for use in answer_uses.uses(transaction, account, only):
        uses[use.answer].append(use)
    for edit in answer_uses.edits(transaction, account, only):
        edits[edit.answer].append(edit)
    again = answer_uses.written_again(transaction, account, only)
    back = {
        use.message_id
        for mine in uses.values()
        for use in mine
        if use.replied_at and use.message_id in again and again[use.message_id] - use.replied_at <= window
    }
    library = [one for one in answers.library(transaction, account) if only in {None, one.id}]
    found = [_of(one, uses[one.id], edits[one.id], back) for one in library]
    return sorted(found, key=lambda one: (-one.sent, -one.drafts, one.answer))


def _of(answer: CannedAnswer, uses: Sequence[Use], edits: Iterable[EditKept], back: Collection[str]) -> AnswerStats:
    sent = [use for use in uses if use.fate]
    fates = Counter(use.fate for use in sent)
    return AnswerStats(
        answer=answer.id,
        title=answer.title,
        queue=answer.queue,
        drafts=len(uses),
        sent=len(sent),
        kept=fates["kept"],
        edited=fates["edited"],
        rewritten=fates["rewritten"],
        dropped=fates["dropped"],
        kept_words=round(sum(use.kept for use in sent) / len(sent), 4) if sent else None,
        came_back=sum(use.message_id in back for use in sent),
        edits=tuple(usual_edits(edits)[:MOST_EDITS]),
    )


def usual_edits(edits: Iterable[EditKept]) -> list[UsualEdit]:
    """The same change counted once a message, the most frequent first."""
    made: dict[tuple[str, str], dict[str, EditKept]] = defaultdict(dict)
    for edit in edits:
        made[_plain(edit.before), _plain(edit.after)].setdefault(edit.message_id, edit)
    return sorted(map(_usual, made.values()), key=lambda one: (-one.times, -one.advisors, one.before, one.after))


def _usual(same: Mapping[str, EditKept]) -> UsualEdit:
    first, advisors = next(iter(same.values())), {one.by for one in same.values()}
    return UsualEdit(before=first.before, after=first.after, times=len(same), advisors=len(advisors))


def _plain(text: str) -> str:
    return " ".join(fold(text).split())
