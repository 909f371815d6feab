"""Evaluation runs: who asked for them, who works on them, what came of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from service.domain.measured import EvalRun
from service.storage.database import Transaction
from service.storage.schema import eval_runs


def add(transaction: Transaction, run: EvalRun) -> None:
    transaction.execute(eval_runs.insert().values(run.model_dump()))


def find(transaction: Transaction, run_id: str) -> EvalRun | None:
    """Whoever changes it stands in line until the transaction ends."""
    wanted = select(eval_runs).where(eval_runs.c.id == run_id).with_for_update()
    row = transaction.execute(wanted).mappings().one_or_none()
    return _run(row) if row else None


def entries(transaction: Transaction, account: str, limit: int, before: str | None = None) -> list[EvalRun]:
    """Newest first."""
    wanted = select(eval_runs).where(eval_runs.c.account == account)
    if before is not None:
        wanted = wanted.where(eval_runs.c.id < before)
    rows = transaction.execute(wanted.order_by(eval_runs.c.id.desc()).limit(limit)).mappings()
    return [_run(row) for row in rows]


def change(transaction: Transaction, run_id: str, **values: Any) -> None:
    transaction.execute(update(eval_runs).where(eval_runs.c.id == run_id).values(values))


def remove(transaction: Transaction, run_id: str) -> None:
    transaction.execute(delete(eval_runs).where(eval_runs.c.id == run_id))


def interrupt_dead(transaction: Transaction, now: datetime) -> int:
    """Those whose worker has not been heard of. How many."""
    dead = (eval_runs.c.state == "running") & (eval_runs.c.leased_until < now)
    said = {"state": "interrupted", "leased_by": None, "leased_until": None}
    return transaction.execute(update(eval_runs).where(dead).values(said)).rowcount


def waiting(transaction: Transaction) -> Sequence[str]:
    """Ids, the oldest first."""
    wanted = select(eval_runs.c.id).where(eval_runs.c.state == "waiting").order_by(eval_runs.c.id)
    return transaction.execute(wanted).scalars().all()


def lease(transaction: Transaction, run_id: str, holder: str, now: datetime, lasting: timedelta) -> bool:
    """Takes a waiting run; False where somebody else has it by now."""
    mine = (eval_runs.c.id == run_id) & (eval_runs.c.state == "waiting")
    said = {"state": "running", "leased_by": holder, "leased_until": now + lasting, "started_at": now, "error": ""}
    return transaction.execute(update(eval_runs).where(mine).values(said)).rowcount == 1


def held(transaction: Transaction, run_id: str, holder: str, **values: Any) -> bool:
    """Changes a run that this holder works on; False where it is not his any more."""
    mine = (eval_runs.c.id == run_id) & (eval_runs.c.state == "running") & (eval_runs.c.leased_by == holder)
    return transaction.execute(update(eval_runs).where(mine).values(values)).rowcount == 1


def _run(row: Any) -> EvalRun:
    return EvalRun(**{name: row[name] for name in EvalRun.model_fields})
