"""The pages over PostgreSQL, with what it refuses in a text and SQLite takes: NUL, surrogates, odd times."""

import asyncio

import pytest

from tests.door import Door
from tests.service.api.bad_input import STRANGE, as_sent
from tests.service.web.browser import PASSWORD, Browser, as_person, text_of

ODD = "a\x00b\u202e"


@pytest.fixture(scope="module")
def ada(postgres_door: Door) -> Browser:
    return as_person(postgres_door, "admin", "Ada")


def test_an_advisors_way_through_the_pages(postgres_door: Door, ada: Browser) -> None:
    found = postgres_door.triage(subject="Copie", body="Je voudrais une copie de ma facture.")
    path = f"/messages/{found['id']}"
    assert "Copie" in text_of(ada.get("/"))
    assert "nouvelle file" in text_of(ada.post(f"{path}/queue", page=path, queue="departs"))
    correction = asyncio.run(postgres_door.desk.messages.get(found["id"])).correction
    assert correction
    assert "annulé" in text_of(ada.post(f"{path}/undo", correction=correction.id))
    assert "consignée" in text_of(ada.post(f"{path}/reply", text="Bonjour,\n\nLa voici."))
    assert "file corrigée" in text_of(ada.get("/audit?kind=queue_corrected"))
    assert "queue_corrected" in ada.get("/audit.csv").text


def test_signing_in_and_being_slowed_down(postgres_door: Door, ada: Browser) -> None:
    browser = Browser(postgres_door)
    browser.get("/sign-in")
    for _ in range(3):
        assert browser.post("/sign-in", name="ada", password="not it").status_code == 401
    assert browser.post("/sign-in", name="ada", password=PASSWORD).status_code == 429


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_message_is_a_page(postgres_door: Door, ada: Browser, name: str) -> None:
    response = postgres_door.post("/v1/triage", as_sent(STRANGE[name]))
    if response.status_code != 200:
        return
    page = ada.get(f"/messages/{response.json()['id']}")
    assert page.status_code == 200
    assert len(page.content) < 200_000
    assert ada.get("/?stage=all").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/?queue=%00&language=%00&channel=%00",
        "/?stage=nonsense",
        "/?cursor=%00",
        "/?account=%F0%9F",
        "/messages/%00",
        "/audit?actor=%00&subject=%00&since=0001-01-01&until=9999-12-31",
        "/audit?since=99999-99-99",
        "/audit?cursor=x",
        "/audit.csv?kind=%00",
        "/link/%00",
        "/sign-in/company/back?state=%00&code=%00",
        "/static/..%2f..%2fsettings.py",
    ],
)
def test_a_strange_address_is_a_page(ada: Browser, path: str) -> None:
    assert ada.get(path).status_code in {200, 404, 422}


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/people", {"name": ODD, "role": "lead"}),
        ("/people", {"name": "x", "role": ODD}),
        ("/people/role", {"name": ODD, "role": "lead"}),
        ("/people/accounts", {"name": "Ada", "account": ODD}),
        ("/people/link", {"name": ODD}),
        ("/me/preferences", {"language": ODD, "theme": ODD}),
        ("/me/password", {"old": ODD, "password": ODD * 4, "again": ODD * 4}),
        ("/messages/x/queue", {"queue": ODD, "comment": ODD}),
        ("/messages/x/undo", {"correction": ODD}),
        ("/messages/x/reply", {"text": ODD}),
    ],
)
def test_a_strange_form_is_a_page(ada: Browser, path: str, fields: dict[str, str]) -> None:
    assert ada.post(path, page="/me", **fields).status_code in {404, 409, 422}
