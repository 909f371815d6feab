"""A person's own page: language, colours, keys, password."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from service.desk.people.passwords import LONGEST, SHORTEST
from service.desk.people.signing_in import NotSignedIn
from service.domain.person import LANGUAGES, THEMES, Person, Session
from service.errors import RefusedError
from service.web.cookies import SESSION, put_cookie
from service.web.guard import SignInFirst, desk_of
from service.web.pages import away, page, words_of
from service.web.visit import visit_of

router = APIRouter(prefix="/me")

Text = Annotated[str, Form()]


def session_of(request: Request) -> Session:
    """Of a route that only people who are signed in get to."""
    session = visit_of(request).session
    if session is None:
        raise SignInFirst({})
    return session


def person_of(request: Request) -> Person:
    return session_of(request).person


@router.get("")
async def me(request: Request) -> Response:
    return await _page(request)


@router.post("/preferences")
async def prefer(request: Request, language: Text = "", theme: Text = "auto", keys: Text = "on") -> Response:
    await desk_of(request).workbench.people.prefer(person_of(request).name, language or None, theme, keys != "off")
    return away("/me", "saved")


@router.post("/password")
async def change_password(request: Request, old: Text = "", password: Text = "", again: Text = "") -> Response:
    words = words_of(request)
    if password != again:
        return await _page(request, 422, [words("problem.password_twice")])
    address = request.client.host if request.client else ""
    signing_in = desk_of(request).workbench.signing_in
    try:
        found = await signing_in.change_password(session_of(request), old, password, address)
    except RefusedError as error:
        return await _page(request, 422, words.refusal(error))
    if isinstance(found, NotSignedIn):
        wrong = found.why == "wrong"
        told = words("me.wrong") if wrong else words("sign_in.wait", span=words.seconds(found.wait_s))
        return await _page(request, 422 if wrong else 429, [told])
    response = away("/me", "password")
    put_cookie(request, response, SESSION, found.secret)
    return response


async def _page(request: Request, status: int = 200, told: list[str] | None = None) -> Response:
    lengths = {"shortest": SHORTEST, "longest": LONGEST}
    reuse = await desk_of(request).workbench.reusing.own(person_of(request))
    shown = {"languages": LANGUAGES, "themes": THEMES, "told": told or [], "reuse": reuse}
    return page(request, "me.html", status, **shown, **lengths)
