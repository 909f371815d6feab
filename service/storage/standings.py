"""How each model's word stood when a message was triaged; what people say of the message later tells how it did."""

from collections.abc import Mapping

from sqlalchemy import and_, case, func, or_, select

from service.domain.triage import Triage
from service.storage.database import Transaction
from service.storage.insert import add_rows
from service.storage.schema import cases, confirmed, messages, standings

Counts = dict[str, tuple[int, int]]


def note(transaction: Transaction, triage: Triage) -> None:
    """Keeps how the model's word stood, where one was heard; of a message that is triaged again, the first time."""
    said = next((vote.best for vote in triage.votes if vote.voter == "model"), None)
    if triage.local is None or said is None or not triage.usage.model:
        return
    row = {"message_id": triage.id, "account": triage.account, "model": triage.usage.model}
    add_rows(transaction, standings, [row | {"standing": triage.local.standing, "queue": said}])


def tally(transaction: Transaction, account: str) -> Mapping[str, Counts]:
    """How often each model was right and wrong in each standing, by the messages that are confirmed today.

    People correct what went wrong and say nothing of the rest. So of what was routed only messages that were answered
    count; of the others an advisor had to say in any case where they belong.
    """
    right = func.sum(case((standings.c.queue == confirmed.c.queue, 1), else_=0))
    called = func.coalesce(messages.c.external_id, messages.c.id)
    same = and_(confirmed.c.account == account, confirmed.c.external_id == called)
    wanted = (
        select(standings.c.model, standings.c.standing, right, func.count())
        .join(messages, messages.c.id == standings.c.message_id)
        .join(confirmed, same)
        .join(cases, cases.c.message_id == standings.c.message_id)
        .where(standings.c.account == account)
        .where(or_(cases.c.outcome == "abstained", cases.c.replied_at.is_not(None)))
        .group_by(standings.c.model, standings.c.standing)
    )
    found: dict[str, Counts] = {}
    for model, standing, well, count in transaction.execute(wanted):
        found.setdefault(model, {})[standing] = (int(well), int(count - well))
    return found
