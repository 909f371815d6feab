"""A browser without scripts: keeps cookies, sends forms as the pages have them, says where it comes from."""

import asyncio
import re
from html import unescape
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from service.domain.person import Role
from tests.door import Door

PASSWORD = "correct cheval pile agrafe"
HERE = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
PROOF = re.compile(r'name="proof" value="([0-9a-f]+)"')


class Browser:
    """`last` is the page that it shows."""

    def __init__(self, door: Door, language: str = "fr") -> None:
        self.door = door
        headers = {"accept": "text/html", "accept-language": language}
        self.client = TestClient(door.client.app, headers=headers, raise_server_exceptions=False)
        self.last: Response | None = None

    def get(self, path: str, **given: Any) -> Response:
        self.last = self.client.get(path, follow_redirects=given.pop("follow", True), **given)
        return self.last

    def post(self, path: str, /, page: str | None = None, **fields: str) -> Response:
        """Sends a form with the proof of `page`, else of the page that is shown."""
        shown = self.get(page) if page else self.last
        assert shown is not None
        return self.send(path, {"proof": proof_in(shown)} | fields)

    def send(self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> Response:
        """Exactly these fields."""
        self.last = self.client.post(path, data=fields, headers=HERE if headers is None else headers)
        return self.last


def proof_in(response: Response) -> str:
    found = PROOF.search(response.text)
    assert found, response.text[:500]
    return found.group(1)


def text_of(response: Response) -> str:
    """What a person reads."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def as_person(
    door: Door, role: Role = "advisor", name: str | None = None, only: list[str] | None = None, language: str = "fr"
) -> Browser:
    """A browser in which a new person of that role is signed in."""
    people = {one.login for one in asyncio.run(door.desk.workbench.people.list())}
    called = name or f"{role} {len(people) + 1}"
    asyncio.run(door.desk.workbench.people.add(called, role, by="test", only=only))
    links = door.desk.workbench.links
    secret = asyncio.run(links.for_password(called, by="test"))
    signed_in = asyncio.run(links.use(secret, "", PASSWORD))
    browser = Browser(door, language)
    browser.client.cookies.set("aiguilleur_session", signed_in.secret)
    return browser
