"""What else a customer wrote."""

from sqlalchemy import select

from service.domain.case import Case
from service.domain.message import Message
from service.storage import cases, messages
from service.storage.database import Transaction
from service.storage.privacy_lookup import asked_addresses
from service.storage.schema import messages as message_table


def of_sender(
    transaction: Transaction, account: str, address: str, without: str, limit: int
) -> list[tuple[Case, Message]]:
    """The newest messages of that address in the account, but for one."""
    if not address.strip():
        return []
    mine = (message_table.c.account == account) & message_table.c.sender.in_(asked_addresses(transaction, address))
    wanted = select(message_table.c.id).where(mine, message_table.c.id != without)
    ids = transaction.execute(wanted.order_by(message_table.c.received_at.desc()).limit(limit)).scalars().all()
    found = ((case, messages.load(transaction, case.id)) for case in cases.listed(transaction, ids))
    return [(case, message) for case, message in found if message is not None]
