"""Coming in by the company's single sign-on: who is new is added, and everybody has the role that their groups give."""

import hmac
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Protocol

import yaml
from pydantic import Field, ValidationError

from service.desk.clock import utc_now
from service.desk.people.people import LONGEST_NAME, add_person, give_role, new_person
from service.desk.people.secret import hash_of, new_secret
from service.desk.people.sessions import open_session
from service.desk.people.signing_in import NotSignedIn, SignedIn
from service.domain.person import Person, Role
from service.domain.value import Value
from service.errors import AiguilleurError, FieldProblem, RefusedError
from service.storage import people, sessions
from service.storage.database import Database, Transaction
from service.storage.sessions import Journey

LASTS = timedelta(minutes=10)
"""How long somebody may stay at the provider's page."""


class Provider(Protocol):
    """`service.connectors.single_sign_on.OpenIdProvider`, or a stand-in."""

    issuer: str

    async def address(self, redirect_uri: str, state: str, nonce: str, verifier: str) -> str: ...

    async def claims(self, code: str, redirect_uri: str, nonce: str, verifier: str) -> dict[str, Any]: ...


class Mapped(Value):
    """Which claim gives which role (`prompts/access/single_sign_on.yaml`). Roles are tried in their order."""

    claim: str
    roles: dict[str, Role]
    otherwise: Role | None = None
    names: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]

    def role(self, claims: Mapping[str, Any]) -> Role | None:
        """The role of somebody with those claims; None: they do not come in."""
        found: Any = claims
        for part in self.claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        groups = {found} if isinstance(found, str) else set(found) if isinstance(found, list) else set()
        return next((role for group, role in self.roles.items() if group in groups), self.otherwise)

    def called(self, claims: Mapping[str, Any]) -> Iterator[str]:
        """Names that the person may be known by, the best first."""
        told = (claims.get(name) for name in (*self.names, "sub"))
        yield from (" ".join(name.split())[:LONGEST_NAME] for name in told if isinstance(name, str) and name.strip())


def read_mapped(path: Path) -> Mapped:
    """Raises RefusedError that names the file and what is wrong in it."""
    try:
        return Mapped.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, ValueError, yaml.YAMLError) as error:
        wrong = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        problem = FieldProblem(str(path), wrong)
        raise RefusedError("The roles of single sign-on cannot be read.", (problem,)) from error


class SingleSignOn:
    def __init__(self, database: Database, provider: Provider, mapped: Mapped) -> None:
        self._database = database
        self._provider = provider
        self._mapped = mapped

    async def begin(self, browser: str, redirect_uri: str, after: str) -> str:
        """The address of the provider's page. `browser` is a secret that only this browser has: nobody else can come
        back for it. Raises UnavailableError, RefusedError."""
        state, nonce, verifier = new_secret(), new_secret(), secrets.token_urlsafe(64)
        address = await self._provider.address(redirect_uri, state, nonce, verifier)
        now = utc_now()
        journey = Journey(hash_of(state), hash_of(browser), nonce, verifier, after, now)
        await self._database.write(sessions.begin_journey, journey, now - LASTS)
        return address

    async def finish(
        self, state: str, code: str, browser: str, redirect_uri: str, replaces: str | None = None
    ) -> tuple[SignedIn, str] | NotSignedIn:
        """The person signed in, and where they wanted to go; or why not: `sso_state`, `sso_role`, `sso_name` or
        `sso_disabled`. Raises UnavailableError, RefusedError for a provider that is not to be believed."""
        now = utc_now()
        journey = await self._database.write(sessions.end_journey, hash_of(state))
        if journey is None or now - journey.created_at > LASTS:
            return NotSignedIn("sso_state")
        if not hmac.compare_digest(journey.browser, hash_of(browser)):
            return NotSignedIn("sso_state")
        claims = await self._provider.claims(code, redirect_uri, journey.nonce, journey.verifier)
        role = self._mapped.role(claims)
        if role is None:
            return NotSignedIn("sso_role")
        subject = f"{self._provider.issuer}|{claims['sub']}"
        names = tuple(self._mapped.called(claims))
        found = await self._database.write(_welcome, subject, names, role, now, replaces)
        return (found, journey.after) if isinstance(found, SignedIn) else found


def _welcome(
    transaction: Transaction, subject: str, names: tuple[str, ...], role: Role, at: datetime, replaces: str | None
) -> SignedIn | NotSignedIn:
    person = people.by_subject(transaction, subject) or _added(transaction, subject, names, role, at)
    if person is None:
        return NotSignedIn("sso_name")
    if person.disabled_at is not None:
        return NotSignedIn("sso_disabled")
    if person.role != role:
        person = give_role(transaction, person.name, role, "single sign-on", at)
    return SignedIn(person, open_session(transaction, person, "single_sign_on", at, replaces))


def _added(transaction: Transaction, subject: str, names: tuple[str, ...], role: Role, at: datetime) -> Person | None:
    """Under the first name that nobody has: a local account of the same name is somebody else until an admin
    says otherwise, or the provider could take it over."""
    for name in names:
        try:
            person = new_person(name, role, at, subject=subject)
        except AiguilleurError:
            continue
        if people.by_login(transaction, person.login) is None:
            return add_person(transaction, person, "single sign-on")
    return None
