"""Who may open what: each cell of the table, for each page and button that there is."""

import asyncio

import pytest

from service.domain.person import ROLES, Role
from service.settings import PROMPTS
from service.web.app import routes
from service.web.guard import SAFE
from service.web.permits import ANYONE, load_permits
from tests.door import Door
from tests.service.web.browser import HERE, Browser, as_person, proof_in

PERMITS = load_permits(PROMPTS)
ROUTES = sorted(routes())
CLOSED = [route for route in ROUTES if PERMITS.right(*route) != ANYONE]
UNSAFE = [route for route in ROUTES if route[0] not in SAFE]
NOBODY = "019a9f4e-8c1b-7d02-b1a4-5f0d3c2e9a77"


def there(path: str) -> str:
    return path.replace("{message_id}", NOBODY).replace("{secret}", "x").replace("{name}", "app.css")


@pytest.fixture(scope="module")
def browsers(shared_door: Door) -> dict[Role, Browser]:
    return {role: as_person(shared_door, role) for role in ROLES}


def test_the_table_names_every_route_and_no_other() -> None:
    assert sorted(PERMITS.routes) == sorted(f"{method} {path}" for method, path in ROUTES)


PARTS = {"read_own_people"}
"""Rights to a part of a page, which no route asks for."""


def test_every_right_is_used_and_known() -> None:
    assert set(PERMITS.routes.values()) - {ANYONE} | PARTS == set(PERMITS.rights)


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_a_stranger_is_asked_to_sign_in(shared_door: Door, method: str, path: str) -> None:
    response = Browser(shared_door).client.request(method, there(path), headers=HERE, follow_redirects=False)
    assert response.status_code == (303 if method == "GET" else 401)
    if method == "GET":
        assert response.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path"), [route for route in CLOSED if route[1] != "/sign-out"])
def test_a_role_may_what_the_table_says_and_nothing_else(
    browsers: dict[Role, Browser], role: Role, method: str, path: str
) -> None:
    browser = browsers[role]
    fields = {"proof": proof_in(browser.get("/me"))}
    response = browser.get(there(path), follow=False) if method == "GET" else browser.send(there(path), fields)
    right = PERMITS.right(method, path)
    assert right is not None
    if PERMITS.allows(role, right):
        assert response.status_code in {200, 303, 404, 422}, response.text
    else:
        assert response.status_code == 403
        assert "rôle" in response.text


@pytest.mark.parametrize(("method", "path"), UNSAFE)
@pytest.mark.parametrize("proof", [None, "", "0" * 64, "é"])
def test_no_form_is_taken_without_its_proof(
    browsers: dict[Role, Browser], method: str, path: str, proof: str | None
) -> None:
    fields = {} if proof is None else {"proof": proof}
    response = browsers["admin"].send(there(path), fields)
    assert response.status_code == 403


@pytest.mark.parametrize(("method", "path"), UNSAFE)
@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}]
)
def test_no_form_of_another_site_is_taken_even_with_a_proof(
    browsers: dict[Role, Browser], method: str, path: str, headers: dict[str, str]
) -> None:
    browser = browsers["admin"]
    fields = {"proof": proof_in(browser.get("/me")), "text": "<b>typed by another site</b>"}
    response = browser.send(there(path), fields, headers)
    assert response.status_code == 403
    assert "typed by another site" not in response.text


def test_a_proof_is_good_for_its_own_session_alone(browsers: dict[Role, Browser]) -> None:
    theirs = proof_in(browsers["lead"].get("/me"))
    assert browsers["admin"].send("/me/preferences", {"proof": theirs, "theme": "dark"}).status_code == 403


def test_a_disabled_person_is_out_at_once(door: Door) -> None:
    as_person(door, "admin", "Ada")
    bob = as_person(door, "advisor", "Bob")
    assert bob.get("/").status_code == 200
    asyncio.run(door.desk.workbench.people.disable("bob", by="Ada"))
    assert bob.get("/", follow=False).headers["location"] == "/sign-in"


def test_the_api_takes_no_cookie_and_the_pages_take_no_key(door: Door) -> None:
    ada = as_person(door, "admin", "Ada")
    assert ada.client.get("/v1/queues").status_code == 401
    keyed = Browser(door).client.get(
        "/audit", headers={"Authorization": f"Bearer {door.key()}"}, follow_redirects=False
    )
    assert keyed.status_code == 303


def test_unknown_paths_are_a_page_for_browsers_and_a_document_for_programs(shared_door: Door) -> None:
    page = shared_door.client.get("/nowhere", headers={"accept": "text/html,*/*"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert shared_door.client.get("/nowhere").headers["content-type"] == "application/problem+json"
    assert shared_door.client.get("/docs", headers={"accept": "text/html"}).status_code == 200
    under = shared_door.client.get("/v1/nowhere", headers={"accept": "application/json"})
    assert under.headers["content-type"] == "application/problem+json"
