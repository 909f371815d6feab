"""Who may call, and for what."""

from typing import Literal

from pydantic import AwareDatetime, Field

from service.domain.value import Value

Scope = Literal["triage", "review", "admin"]
SCOPES: tuple[Scope, ...] = ("triage", "review", "admin")
"""Each scope allows what the ones before it allow."""


def allows(scope: Scope, needed: Scope) -> bool:
    return SCOPES.index(scope) >= SCOPES.index(needed)


class Key(Value):
    """An API key without its secret. `account` is None where it is good for every account."""

    id: str
    name: str
    prefix: str
    scope: Scope
    account: str | None = None
    created_at: AwareDatetime = Field(strict=False)
    revoked_at: AwareDatetime | None = Field(default=None, strict=False)
    last_used_at: AwareDatetime | None = Field(default=None, strict=False)

    def sees(self, account: str | None) -> bool:
        return self.account is None or self.account == account
