"""Who may call what: a bearer key, its scope, and the account that it is bound to."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from service.api.conditions import heed_conditions
from service.api.problems import Problematic
from service.domain.access import Key, Scope, allows
from service.domain.message import Message
from service.errors import FieldProblem
from service.wiring import Desk

bearer = HTTPBearer(auto_error=False, description="A key made by `aiguilleur key create`.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


NO_KEY = FieldProblem(
    "Authorization", "Send `Bearer KEY` with a key that `aiguilleur key create` made and nobody revoked."
)


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(desk_of)]


def needs(scope: Scope) -> Callable[[Request, Credentials], Awaitable[Key]]:
    """A dependency that lets only keys of that scope, or a wider one, through: else 401 or 403. A condition that the
    call does not know is a 422.

    It stands first among a route's parameters, so that nothing of a stranger's request is read.
    """

    async def key_of(request: Request, credentials: Credentials) -> Key:
        key = await desk_of(request).keys.verify(credentials.credentials) if credentials else None
        if key is None:
            raise Problematic(401, "This call needs a valid key.", NO_KEY, {"WWW-Authenticate": "Bearer"})
        if not allows(key.scope, scope):
            cure = FieldProblem("Authorization", f"Use a key of the scope {scope}, or a wider one.")
            raise Problematic(403, f"This key has the scope {key.scope}; the call needs {scope}.", cure)
        desk_of(request).rates.take(key.id)
        heed_conditions(request)
        return key

    return key_of


ForTriage = Annotated[Key, Depends(needs("triage"))]
ForReview = Annotated[Key, Depends(needs("review"))]
ForAdmin = Annotated[Key, Depends(needs("admin"))]


def account_for(key: Key, named: str | None) -> str | None:
    """The account that a call is for: the named one, else the key's. Raises 403 where the key is not good for it."""
    if named is not None and not key.sees(named):
        cure = FieldProblem("account", f"Leave it out, or give {key.account}.")
        raise Problematic(403, f"This key is bound to the account {key.account}.", cure)
    return named or key.account


def for_key(message: Message, key: Key) -> Message:
    """The message, for the key's account where it names none itself."""
    account = account_for(key, message.account)
    return message if account == message.account else message.model_copy(update={"account": account})
