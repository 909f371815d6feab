"""Canned answers that advisors propose, new ones and edits: they wait for a lead, who accepts or refuses."""

from collections.abc import Sequence
from datetime import datetime

from service.desk.answers.editing import add_answer, found_answer, save_answer
from service.desk.clock import Clock, utc_now
from service.desk.messages import find_case
from service.domain.answers import AnswerProposal, CannedAnswer, ProposalState
from service.domain.event import EventKind
from service.domain.limits import MAX_VALUE_CHARS
from service.errors import ConflictError, FieldProblem, MissingError
from service.storage import accounts, proposals, reuses
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record
from service.storage.ids import new_id

EVENTS: dict[ProposalState, EventKind] = {
    "open": "answer_proposed",
    "accepted": "proposal_accepted",
    "refused": "proposal_refused",
}


class AnswerProposals:
    """A proposal's words are a person's own: they are kept where they can be forgotten, in no event."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def propose(
        self,
        account: str,
        answer: CannedAnswer,
        by: str,
        edits: str | None = None,
        message_id: str | None = None,
        note: str = "",
    ) -> AnswerProposal:
        """A new answer, or the one called `edits` as it should be. Raises MissingError for an answer or a message that
        the account does not have."""
        said = AnswerProposal(
            id=new_id(),
            account=account,
            answer=answer,
            edits=edits,
            message_id=message_id,
            note=note.strip()[:MAX_VALUE_CHARS],
            by=by,
            at=self._clock(),
        )
        return await self._database.write(_propose, said)

    async def list(
        self, account: str, state: ProposalState = "open", by: str | None = None
    ) -> Sequence[AnswerProposal]:
        """Those that wait, the oldest first; those that were decided, the newest first; of one person where said."""
        return await self._database.read(proposals.entries, account, state, by)

    async def waiting(self, account: str) -> int:
        return await self._database.read(proposals.waiting, account)

    async def get(self, account: str, proposal_id: str) -> AnswerProposal:
        """Raises MissingError."""
        return await self._database.read(_found, account, proposal_id)

    async def accept(
        self, account: str, proposal_id: str, by: str, answer: CannedAnswer | None = None, revision: int | None = None
    ) -> AnswerProposal:
        """Writes it into the library, as it was proposed or as the lead would have it. `revision`: the state of the
        edited answer that the lead looked at, where that is a newer one than the advisor's.

        Raises MissingError, ConflictError where it was refused, its name is taken, or the answer is another one now.
        """
        return await self._database.write(_accept, account, proposal_id, by, answer, revision, self._clock())

    async def refuse(self, account: str, proposal_id: str, by: str, comment: str = "") -> AnswerProposal:
        """Raises MissingError, ConflictError where it was accepted."""
        why = comment.strip()[:MAX_VALUE_CHARS]
        return await self._database.write(_refuse, account, proposal_id, by, why, self._clock())

    async def reopen(self, account: str, proposal_id: str, by: str) -> AnswerProposal:
        """A refused one waits again. Raises MissingError, ConflictError where it was accepted."""
        return await self._database.write(_reopen, account, proposal_id, by, self._clock())


def _propose(transaction: Transaction, said: AnswerProposal) -> AnswerProposal:
    if said.message_id is not None:
        find_case(transaction, said.message_id, said.account)
    if said.edits is not None:
        revision = found_answer(transaction, said.account, said.edits).revision
        same = {"answer": said.answer.model_copy(update={"id": said.edits}), "base_revision": revision}
        said = said.model_copy(update=same)
    proposals.add(transaction, said)
    _tell(transaction, said, "open", said.by, said.at)
    return said


def _accept(
    transaction: Transaction,
    account: str,
    proposal_id: str,
    by: str,
    answer: CannedAnswer | None,
    revision: int | None,
    now: datetime,
) -> AnswerProposal:
    proposal = _undecided(transaction, account, proposal_id, "accepted")
    if proposal.state == "accepted":
        return proposal
    said = answer or proposal.answer
    if proposal.edits is None:
        add_answer(transaction, account, said, by, now)
    else:
        same = said.model_copy(update={"id": proposal.edits})
        save_answer(transaction, account, same, revision or proposal.base_revision, by, now)
    reuses.add_authors(transaction, account, proposal.edits or said.id, [proposal.by], now)
    return _decided(transaction, proposal, "accepted", by, "", now)


def _refuse(
    transaction: Transaction, account: str, proposal_id: str, by: str, comment: str, now: datetime
) -> AnswerProposal:
    proposal = _undecided(transaction, account, proposal_id, "refused")
    return proposal if proposal.state == "refused" else _decided(transaction, proposal, "refused", by, comment, now)


def _reopen(transaction: Transaction, account: str, proposal_id: str, by: str, now: datetime) -> AnswerProposal:
    proposal = _undecided(transaction, account, proposal_id, "refused")
    return proposal if proposal.state == "open" else _decided(transaction, proposal, "open", by, "", now)


def _found(transaction: Transaction, account: str, proposal_id: str) -> AnswerProposal:
    found = proposals.find(transaction, proposal_id)
    if found is None or found.account != account:
        problem = FieldProblem("id", "give the id of one of the proposals", "no_such_proposal")
        raise MissingError("There is no such proposal.", (problem,))
    return found


def _undecided(transaction: Transaction, account: str, proposal_id: str, wanted: ProposalState) -> AnswerProposal:
    """Open, or as it is wanted. Nobody else decides it until the transaction ends."""
    accounts.lock(transaction, account)
    found = _found(transaction, account, proposal_id)
    if found.state not in {"open", wanted}:
        problem = FieldProblem("id", "change the canned answer itself", "proposal_decided")
        raise ConflictError(f"The proposal was {found.state} by {found.decided_by}.", (problem,))
    return found


def _decided(
    transaction: Transaction, proposal: AnswerProposal, state: ProposalState, by: str, comment: str, now: datetime
) -> AnswerProposal:
    proposals.decide(transaction, proposal.id, state, by, comment, now)
    _tell(transaction, proposal, state, by, now)
    return _found(transaction, proposal.account, proposal.id)


def _tell(transaction: Transaction, proposal: AnswerProposal, state: ProposalState, by: str, now: datetime) -> None:
    after = {"state": state, "answer": proposal.edits or proposal.answer.id, "message": proposal.message_id}
    before = None if proposal.at == now else {"state": proposal.state}
    record(transaction, new_event(EVENTS[state], proposal.id, now, proposal.account, by, before, after))
