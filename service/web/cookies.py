"""The two cookies: a signed-in browser's, and a passing visitor's."""

from fastapi import Request, Response

SESSION = "aiguilleur_session"
VISITOR = "aiguilleur_visitor"

LONGEST = 200
"""Characters of a cookie that could be one of ours."""


def cookie_of(request: Request, name: str) -> str | None:
    value = request.cookies.get(_named(request, name), "")
    return value if 0 < len(value) <= LONGEST else None


def put_cookie(request: Request, response: Response, name: str, value: str) -> None:
    """For as long as the browser runs; no script reads it, and no other site's form sends it."""
    response.set_cookie(_named(request, name), value, secure=_secure(request), httponly=True, samesite="lax", path="/")


def drop_cookie(request: Request, response: Response, name: str) -> None:
    response.delete_cookie(_named(request, name), secure=_secure(request), httponly=True, samesite="lax", path="/")


def _named(request: Request, name: str) -> str:
    """Over https with the prefix that keeps other hosts of the domain from setting it (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{name}" if _secure(request) else name


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"
