"""Pages from templates: everything that is put into one is escaped."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from service.web.assets import address_of
from service.web.cookies import VISITOR, put_cookie
from service.web.guard import desk_of
from service.web.permits import load_permits
from service.web.visit import visit_of
from service.web.words import Words

TEMPLATES = Path(__file__).parent / "templates"

BEFORE_A_BREAK = re.compile(r"(?<=«) | (?=[»:;?!%€])")
"""Where French text is not broken into lines."""

TOLD = frozenset(
    {"flag_up", "flag_down"}
    | {"restored", "published", "merged", "edition_dropped", "undone_file"}
    | {"corrected", "confirmed", "undone", "replied", "saved", "drafted", "password", "person", "signed_out"}
    | {"claimed", "released", "none_free", "moved", "team", "team_removed"}
    | {"answer_saved", "answer_retired", "answer_restored", "proposed", "accepted", "refused", "reopened"}
    | {"kept", "changed", "run_wanted", "run_cancelled", "run_removed"}
    | {"audit_drawn", "audit_settled", "audit_taught", "audit_untaught", "audit_removed"}
    | {"call_booked", "call_settled", "handed_over", "taken_back"}
)
"""What a page may be asked to say has been done: the name of a sentence, in `?done=`."""


def words_of(request: Request) -> Words:
    visit = visit_of(request)
    return Words(desk_of(request).phrases(visit.language), visit.language, visit.now)


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """The page, in the visitor's language and colours."""
    visit, words = visit_of(request), words_of(request)
    done = request.query_params.get("done")
    shown = {
        "t": words,
        "visit": visit,
        "path": request.url.path,
        "proof": lambda: Markup('<input type="hidden" name="proof" value="{}">').format(visit.proof),
        "may": lambda right: allowed(request, right),
        "done": done if done in TOLD else None,
    }
    response = HTMLResponse(_environment().get_template(template).render(shown | values), status)
    if visit.fresh:
        put_cookie(request, response, VISITOR, visit.secret)
    return response


def away(path: str, done: str | None = None) -> RedirectResponse:
    """To a page of ours after something was done; 303: the browser asks for it anew."""
    separator = "&" if "?" in path else "?"
    return RedirectResponse(f"{path}{separator}done={done}" if done else path, 303)


def ours(path: str) -> str:
    """The path, if it is one of this site; else the desk's."""
    fine = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if fine else "/"


def allowed(request: Request, right: str) -> bool:
    """Whether whoever looks at the page has that right."""
    person = visit_of(request).person
    permits = load_permits(desk_of(request).settings.prompts)
    return person is not None and permits.allows(person.role, right)


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["asset"] = address_of
    environment.globals["unbroken"] = lambda text: BEFORE_A_BREAK.sub("\u00a0", text)
    return environment
