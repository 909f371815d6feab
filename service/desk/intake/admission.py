"""Whether a message may come in: for which account, and whether it is here already."""

from dataclasses import dataclass

from service.domain.message import Message
from service.errors import ConflictError, FieldProblem, RefusedError
from service.storage import messages
from service.storage.database import Transaction
from service.storage.messages import Filed


@dataclass(frozen=True, slots=True)
class Admitted:
    """A message whose account is settled. `filed` is where it is found, if it came in before."""

    message: Message
    body_hash: str
    filed: Filed | None


def admit(transaction: Transaction, message: Message, body_hash: str = "") -> Admitted:
    """`body_hash`: the message's fingerprint, where it is known already. Raises RefusedError for an account that is
    unknown or not named, ConflictError for another message under a known external id."""
    filed = messages.find_in_each(transaction, message.external_id)
    account = _account(list(filed), message.account)
    admitted = message.model_copy(update={"account": account})
    body_hash = body_hash or admitted.fingerprint
    return Admitted(admitted, body_hash, _same(filed[account], body_hash))


def recognise(transaction: Transaction, message: Message, body_hash: str) -> Filed | None:
    """The same message, if it came in before. Raises ConflictError where another one did under its external id."""
    return _same(messages.find(transaction, message.account or "", message.external_id), body_hash)


def _same(filed: Filed | None, body_hash: str) -> Filed | None:
    if filed is not None and filed.body_hash != body_hash:
        problem = FieldProblem(
            "external_id", "is in use; give each message its own, and repeat it only with its message"
        )
        raise ConflictError("Another message has this external_id.", (problem,))
    return filed


def _account(known: list[str], named: str | None) -> str:
    if named is None and len(known) == 1:
        return known[0]
    if named is not None and named in known:
        return named
    if not known:
        problem = "there is none yet: import one with `aiguilleur playbook import`"
    else:
        problem = "name the account that the message is for" if named is None else "there is no such account"
    raise RefusedError("The message's account is not known.", (FieldProblem("account", problem),))
