"""Single sign-on, by the pages, with a real provider on loopback."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from httpx2 import Response

from service.desk.people.single_sign_on import Mapped, read_mapped
from service.errors import RefusedError
from service.settings import PROMPTS
from tests.conftest import GivenSettings
from tests.door import Door, open_door
from tests.loopback_provider import provider
from tests.service.web.browser import Browser, as_person, text_of

PEOPLE = {
    "u1": {"name": "Léa Petit", "groups": ["staff", "aiguilleur-lead"]},
    "u2": {"name": "Max Grand", "groups": ["staff"]},
    "u3": {"name": "Ada", "preferred_username": "ada.l", "groups": ["aiguilleur-advisor"]},
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with provider(**PEOPLE) as issuer:
        yield issuer


@pytest.fixture
def company(issuer: str, small_folder: Path) -> Iterator[Door]:
    settings = GivenSettings(
        data=small_folder, oidc_issuer=issuer, oidc_client_id="aiguilleur", oidc_client_secret="s3"
    )
    with open_door(settings) as door:
        yield door


def begun(browser: Browser, after: str = "/") -> str:
    """The provider's address that the sign-in page leads to."""
    browser.get(f"/sign-in?next={after}")
    response = browser.get(f"/sign-in/company?next={after}", follow=False)
    assert response.status_code == 303
    return response.headers["location"]


def agreed(address: str, subject: str | None) -> str:
    """What the provider sends the browser back to when that person agrees, or, None, does not."""
    said = {"sub": subject} if subject else {"action": "deny"}
    response = httpx2.post(address, data=said, follow_redirects=False, trust_env=False, timeout=30)
    assert response.status_code == 302, response.text
    return response.headers["location"].replace("http://testserver", "")


def came_in(browser: Browser, subject: str, after: str = "/") -> Response:
    return browser.get(agreed(begun(browser, after), subject))


def test_somebody_new_comes_in_with_the_role_of_their_group(company: Door) -> None:
    browser = Browser(company)
    assert "compte de l'entreprise" in text_of(browser.get("/sign-in"))
    page = came_in(browser, "u1", "/audit")
    assert str(page.url).endswith("/audit")
    assert "Léa Petit" in page.text
    lea = asyncio.run(company.desk.workbench.people.get("Léa Petit"))
    assert (lea.role, lea.has_password) == ("lead", False)
    assert came_in(Browser(company), "u1").status_code == 200
    assert len(asyncio.run(company.desk.workbench.people.list())) == 1


def test_the_request_carries_a_state_a_nonce_and_a_challenge(company: Door) -> None:
    asked = parse_qs(urlsplit(begun(Browser(company))).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://testserver/sign-in/company/back"]
    assert all(len(asked[name][0]) >= 40 for name in ("state", "nonce", "code_challenge"))


def test_who_is_of_no_group_reads_what_to_do(company: Door) -> None:
    page = came_in(Browser(company), "u2")
    assert (page.status_code, "n'a pas accès" in text_of(page)) == (403, True)
    assert asyncio.run(company.desk.workbench.people.list()) == []


def test_a_local_account_of_the_same_name_is_not_taken_over(company: Door) -> None:
    as_person(company, "admin", "Ada")
    assert "ada.l" in came_in(Browser(company), "u3").text
    assert asyncio.run(company.desk.workbench.people.get("ada")).subject is None


def test_a_group_that_changed_changes_the_role(company: Door, issuer: str) -> None:
    came_in(Browser(company), "u1")
    changed = {"name": "Léa Petit", "groups": ["aiguilleur-quality"]}
    httpx2.put(f"{issuer}/users/u1", json=changed, trust_env=False)
    try:
        came_in(Browser(company), "u1")
        assert asyncio.run(company.desk.workbench.people.get("léa petit")).role == "quality"
    finally:
        httpx2.put(f"{issuer}/users/u1", json=PEOPLE["u1"], trust_env=False)


def test_a_disabled_person_stays_out(company: Door) -> None:
    came_in(Browser(company), "u1")
    asyncio.run(company.desk.workbench.people.disable("léa petit", by="test"))
    page = came_in(Browser(company), "u1")
    assert (page.status_code, "désactivé" in text_of(page)) == (403, True)


def test_another_browser_cannot_finish_what_one_began(company: Door) -> None:
    back = agreed(begun(Browser(company)), "u1")
    other = Browser(company)
    other.get("/sign-in")
    assert other.get(back).status_code == 403


def test_coming_back_twice_or_with_a_made_up_state_is_refused(company: Door) -> None:
    browser = Browser(company)
    back = agreed(begun(browser), "u1")
    assert browser.get(back).status_code == 200
    for address in (back, "/sign-in/company/back?state=x&code=y", "/sign-in/company/back?state=x"):
        page = browser.get(address)
        assert page.status_code == 403
        assert "Recommencez" in text_of(page)


def test_a_made_up_code_is_not_believed(company: Door) -> None:
    browser = Browser(company)
    state = parse_qs(urlsplit(begun(browser)).query)["state"][0]
    page = browser.get(f"/sign-in/company/back?state={state}&code=made-up")
    assert (page.status_code, "pas digne de confiance" in text_of(page)) == (422, True)


def test_who_does_not_agree_reads_what_to_do(company: Door) -> None:
    browser = Browser(company)
    page = browser.get(agreed(begun(browser), None))
    assert (page.status_code, "refusée" in text_of(page)) == (403, True)


def test_a_provider_that_is_away_is_told(small_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    settings = GivenSettings(data=small_folder, oidc_issuer=nobody, oidc_client_id="aiguilleur")
    with open_door(settings) as door:
        browser = Browser(door)
        browser.get("/sign-in")
        page = browser.get("/sign-in/company")
        assert (page.status_code, "Réessayez" in text_of(page)) == (503, True)


def test_without_single_sign_on_there_is_no_way_to_it(shared_door: Door) -> None:
    browser = Browser(shared_door)
    assert "entreprise" not in text_of(browser.get("/sign-in"))
    assert browser.get("/sign-in/company").status_code == 404


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"groups": ["aiguilleur-advisor", "aiguilleur-admin"]}, "admin"),
        ({"groups": "aiguilleur-quality"}, "quality"),
        ({"groups": ["others"]}, None),
        ({"groups": {"aiguilleur-admin": True}}, None),
        ({}, None),
    ],
)
def test_the_shipped_groups_give_their_roles(claims: dict[str, object], role: str | None) -> None:
    assert read_mapped(PROMPTS / "access" / "single_sign_on.yaml").role(claims) == role


def test_a_claim_may_lie_deeper() -> None:
    mapped = Mapped(claim="realm_access.roles", roles={"boss": "admin"}, otherwise="advisor", names=("name",))
    assert mapped.role({"realm_access": {"roles": ["boss"]}}) == "admin"
    assert mapped.role({"realm_access": ["boss"]}) == "advisor"


def test_roles_that_cannot_be_read_name_the_file(tmp_path: Path) -> None:
    file = tmp_path / "roles.yaml"
    file.write_text("claim: groups\nroles: {x: boss}\nnames: [name]\n", "utf-8")
    with pytest.raises(RefusedError) as refused:
        read_mapped(file)
    assert refused.value.problems[0].field == str(file)
