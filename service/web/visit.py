"""Who looks at a page, in which language and which colours, and what their forms carry as proof."""

from dataclasses import dataclass, field
from datetime import datetime

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from service.desk.clock import utc_now
from service.desk.people.secret import new_secret, proof_of
from service.domain.person import LANGUAGES, Person, Session, Theme
from service.web.cookies import SESSION, VISITOR, cookie_of
from service.wiring import Desk

FORM = "form"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request's visitor. `secret` is what the browser alone has: its session's, or a passing visitor's, which is
    `fresh` where the browser does not have it yet."""

    language: str
    secret: str
    fresh: bool = False
    session: Session | None = None
    now: datetime = field(default_factory=utc_now)

    @property
    def person(self) -> Person | None:
        return self.session.person if self.session else None

    @property
    def theme(self) -> Theme:
        return self.person.theme if self.person else "auto"

    @property
    def keys(self) -> bool:
        """Whether single keys are shortcuts (WCAG 2.1.4: they can be turned off)."""
        return self.person.keys if self.person else True

    @property
    def proof(self) -> str:
        """What each form carries: another site's page cannot know it."""
        return proof_of(self.secret, FORM)


def visit_of(request: Request) -> Visit:
    found: Visit = request.state.visit
    return found


class Visits:
    """ASGI middleware that finds out who visits before anything else is done, error pages included."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope.setdefault("state", {})["visit"] = await self._visit(Request(scope))
        await self._app(scope, receive, send)

    async def _visit(self, request: Request) -> Visit:
        secret = cookie_of(request, SESSION)
        session = await self._desk.workbench.sessions.find(secret) if secret else None
        chosen = session.person.language if session else None
        language = chosen or language_of(request.headers.get("accept-language", ""))
        if session and secret:
            return Visit(language, secret, session=session)
        visitor = cookie_of(request, VISITOR)
        return Visit(language, visitor or new_secret(), fresh=visitor is None)


def language_of(accepted: str) -> str:
    """The first language of an Accept-Language header that the pages speak, else the first that they speak."""
    wishes = []
    for place, wish in enumerate(accepted.split(",")[:20]):
        name, _, weight = wish.strip().partition(";q=")
        wishes.append((-_number(weight), place, name[:2].lower()))
    return next((name for _, _, name in sorted(wishes) if name in LANGUAGES), LANGUAGES[0])


def _number(weight: str) -> float:
    try:
        return float(weight or 1)
    except ValueError:
        return 0.0
