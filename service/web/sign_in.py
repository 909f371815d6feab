"""Signing in and out: with a password, by a one-time link, by the company's single sign-on."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from service.desk.people.passwords import LONGEST, SHORTEST
from service.desk.people.signing_in import NotSignedIn, SignedIn
from service.errors import ConflictError, MissingError, RefusedError
from service.web.cookies import SESSION, cookie_of, drop_cookie, put_cookie
from service.web.failures import failure, sign_in_page
from service.web.guard import PROOF, desk_of
from service.web.pages import away, ours, page, words_of
from service.web.permits import load_permits
from service.web.visit import Visit, visit_of

router = APIRouter()

KEPT = "kept."
"""Before the names of fields that wait for their person to be signed in again."""

Text = Annotated[str, Form()]


@router.get("/sign-in")
async def ask(request: Request, next: str = "/") -> Response:  # noqa: A002 - the name that people see in the address
    if visit_of(request).person is not None:
        return away(ours(next))
    return sign_in_page(request, after=ours(next))


@router.post("/sign-in")
async def sign_in(
    request: Request, name: Text = "", password: Text = "", after: Text = "/", again: Text = ""
) -> Response:
    address = request.client.host if request.client else ""
    signing_in = desk_of(request).workbench.signing_in
    found = await signing_in.with_password(name, password, address, cookie_of(request, SESSION))
    kept = await _kept(request)
    if isinstance(found, NotSignedIn):
        return _refused(request, found, after=ours(after), again=again, kept=kept, name=name)
    response = _again(request, found, again, kept) if again and kept else away(ours(after))
    return _welcomed(request, response, found)


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    await desk_of(request).workbench.sessions.end(visit_of(request).secret)
    response = away("/sign-in", "signed_out")
    drop_cookie(request, response, SESSION)
    return response


@router.get("/link/{secret}")
async def look_at_link(request: Request, secret: str) -> Response:
    return await _link_page(request, secret)


@router.post("/link/{secret}")
async def use_link(request: Request, secret: str, name: Text = "", password: Text = "", again: Text = "") -> Response:
    if password != again:
        return await _link_page(request, secret, 422, name, [words_of(request)("problem.password_twice")])
    try:
        found = await desk_of(request).workbench.links.use(secret, name, password)
    except (RefusedError, ConflictError) as error:
        return await _link_page(request, secret, 422, name, words_of(request).refusal(error))
    return _welcomed(request, away("/"), found)


@router.get("/sign-in/company")
async def to_company(request: Request, next: str = "/") -> Response:  # noqa: A002 - as above
    visit = visit_of(request)
    if visit.fresh:
        # without a cookie of ours nobody could come back; the page that leads here gives it
        return sign_in_page(request, after=ours(next))
    single_sign_on = desk_of(request).workbench.single_sign_on
    if single_sign_on is None:
        raise MissingError("No single sign-on is set.")
    return away(await single_sign_on.begin(visit.secret, _back(request), ours(next)))


@router.get("/sign-in/company/back")
async def from_company(request: Request, state: str = "", code: str = "", error: str = "") -> Response:
    single_sign_on = desk_of(request).workbench.single_sign_on
    if single_sign_on is None:
        raise MissingError("No single sign-on is set.")
    if error or not code:
        return failure(request, 403, "sso_denied")
    visit = visit_of(request)
    found = await single_sign_on.finish(state, code, visit.secret, _back(request), cookie_of(request, SESSION))
    if isinstance(found, NotSignedIn):
        return failure(request, 403, found.why)
    signed_in, after = found
    return _welcomed(request, away(ours(after)), signed_in)


async def _link_page(
    request: Request, secret: str, status: int = 200, name: str = "", told: list[str] | None = None
) -> Response:
    try:
        link = await desk_of(request).workbench.links.look(secret)
    except MissingError:
        return failure(request, 404, "link")
    lengths = {"shortest": SHORTEST, "longest": LONGEST}
    return page(request, "link.html", status, link=link, name=name, told=told or [], **lengths)


async def _kept(request: Request) -> dict[str, str]:
    form = await request.form()
    fields = ((name.removeprefix(KEPT), value) for name, value in form.multi_items() if name.startswith(KEPT))
    return {name: value for name, value in fields if isinstance(value, str) and name != PROOF}


def _refused(request: Request, found: NotSignedIn, **shown: object) -> Response:
    words = words_of(request)
    if found.why == "wrong":
        return sign_in_page(request, 401, told=[words("sign_in.wrong")], **shown)  # type: ignore[arg-type]
    told = [words("sign_in.wait", span=words.seconds(found.wait_s))]
    response = sign_in_page(request, 429, told=told, **shown)  # type: ignore[arg-type]
    response.headers["Retry-After"] = str(found.wait_s)
    return response


def _again(request: Request, found: SignedIn, again: str, kept: dict[str, str]) -> Response:
    """The form that could not be taken, in the name of whoever has signed in now."""
    permits = load_permits(desk_of(request).settings.prompts)
    if not _is_route(again, permits.routes):
        return away("/")
    visit = visit_of(request)
    request.state.visit = Visit(visit.language, found.secret)
    return page(request, "again.html", again=again, kept=kept)


def _is_route(path: str, routes: dict[str, str]) -> bool:
    """Whether forms are sent there at all."""
    parts = path.split("/")
    posts = (route.removeprefix("POST ").split("/") for route in routes if route.startswith("POST "))
    return ours(path) == path and any(
        len(route) == len(parts) and all(a == b or a.startswith("{") for a, b in zip(route, parts, strict=True))
        for route in posts
    )


def _welcomed(request: Request, response: Response, found: SignedIn) -> Response:
    put_cookie(request, response, SESSION, found.secret)
    return response


def _back(request: Request) -> str:
    """Where the provider sends the browser back to: it must be told beforehand, to the letter."""
    public = desk_of(request).settings.public_url.rstrip("/")
    return f"{public or str(request.base_url).rstrip('/')}/sign-in/company/back"
