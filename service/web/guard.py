"""Asked before every route: may this visitor do this, and does the form come from a page of ours?"""

import hmac
from urllib.parse import urlsplit

from fastapi import Request

from service.web.permits import ANYONE, load_permits
from service.web.visit import Visit, visit_of
from service.wiring import Desk

SAFE = frozenset({"GET", "HEAD"})
PROOF = "proof"
"""The form field that carries the visit's proof."""

NOT_KEPT = frozenset({PROOF, "password", "again", "old"})
"""Fields that are not given back when a form has to be sent again."""

MOST_KEPT = 30


class SignInFirst(Exception):  # noqa: N818 - it is an answer, not a mistake
    """Nobody is signed in. `kept`: what had been typed."""

    def __init__(self, kept: dict[str, str]) -> None:
        super().__init__()
        self.kept = kept


class SendAgain(Exception):  # noqa: N818 - it is an answer, not a mistake
    """A form without the proof of this visit: an old page of ours, or another site's. `kept` as above; None: it was
    another site's."""

    def __init__(self, kept: dict[str, str] | None) -> None:
        super().__init__()
        self.kept = kept


class NotAllowed(Exception):  # noqa: N818 - it is an answer, not a mistake
    """This person's role does not have the right."""


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


async def guard(request: Request) -> None:
    """The one dependency of every route. Raises SignInFirst, NotAllowed, SendAgain."""
    visit = visit_of(request)
    permits = load_permits(desk_of(request).settings.prompts)
    right = permits.right(request.method, request.scope["route"].path)
    if right is None:
        raise NotAllowed
    if right != ANYONE and visit.person is None:
        raise SignInFirst(await _kept(request) or {})
    if visit.person is not None and not permits.allows(visit.person.role, right):
        raise NotAllowed
    if request.method not in SAFE:
        await _proven(request, visit)


async def _proven(request: Request, visit: Visit) -> None:
    form = await request.form()
    given = form.get(PROOF)
    fitting = isinstance(given, str) and hmac.compare_digest(given.encode(), visit.proof.encode())
    if not fitting or visit.fresh or not _from_here(request):
        raise SendAgain(await _kept(request))


async def _kept(request: Request) -> dict[str, str] | None:
    """What was typed into a form of ours; None where another site may have written it."""
    if request.method in SAFE or not _from_here(request, sure=True):
        return None
    form = await request.form()
    fields = [(name, value) for name, value in form.multi_items() if name not in NOT_KEPT and isinstance(value, str)]
    return dict(fields[:MOST_KEPT])


def _from_here(request: Request, sure: bool = False) -> bool:
    """Whether the browser says that a page of ours sent it. `sure`: a browser that says nothing is not believed."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    if origin is None:
        return not sure
    return urlsplit(origin).netloc == request.url.netloc
