"""What advisors propose about canned answers, and what came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from service.domain.answers import AnswerProposal, CannedAnswer, ProposalState
from service.storage.database import Transaction
from service.storage.schema import answer_proposals

MOST = 200
"""Shown at most: the oldest of those that wait."""


def add(transaction: Transaction, proposal: AnswerProposal) -> None:
    said = proposal.model_dump(exclude={"answer", "edits"})
    row = said | {"answer": proposal.edits, "content": proposal.answer.model_dump_json()}
    transaction.execute(answer_proposals.insert().values(row))


def find(transaction: Transaction, proposal_id: str) -> AnswerProposal | None:
    wanted = select(answer_proposals).where(answer_proposals.c.id == proposal_id)
    row = transaction.execute(wanted).mappings().one_or_none()
    return _proposal(row) if row else None


def entries(
    transaction: Transaction, account: str, state: ProposalState, by: str | None = None
) -> list[AnswerProposal]:
    """Those that wait: the oldest first; others: the newest first."""
    mine = (answer_proposals.c.account == account) & (answer_proposals.c.state == state)
    order = answer_proposals.c.id if state == "open" else answer_proposals.c.id.desc()
    wanted = select(answer_proposals).where(mine).order_by(order).limit(MOST)
    if by is not None:
        wanted = wanted.where(answer_proposals.c.by == by)
    return [_proposal(row) for row in transaction.execute(wanted).mappings()]


def waiting(transaction: Transaction, account: str) -> int:
    mine = (answer_proposals.c.account == account) & (answer_proposals.c.state == "open")
    return transaction.execute(select(func.count()).where(mine)).scalar_one()


def decide(
    transaction: Transaction, proposal_id: str, state: ProposalState, by: str, comment: str, at: datetime
) -> None:
    said = {"state": state, "decided_by": by, "decision_comment": comment, "decided_at": at}
    transaction.execute(update(answer_proposals).where(answer_proposals.c.id == proposal_id).values(said))


def _proposal(row: Any) -> AnswerProposal:
    said = {name: row[name] for name in AnswerProposal.model_fields if name not in {"answer", "edits"}}
    return AnswerProposal(answer=CannedAnswer.model_validate_json(row["content"]), edits=row["answer"], **said)
