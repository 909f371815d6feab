"""Signing in by the pages: cookies, links, slow-down, and what had been typed when a session ended."""

import asyncio

import pytest
from starlette.testclient import TestClient

from service.storage import sessions
from tests.door import Door
from tests.service.web.browser import HERE, PASSWORD, Browser, as_person, proof_in, text_of


@pytest.fixture
def door(small_door: Door) -> Door:
    return small_door


def made(door: Door, name: str = "Ada") -> None:
    """A person with a password, signed in nowhere."""
    as_person(door, "admin", name)


def cookies(header: list[str]) -> dict[str, str]:
    return {line.split("=")[0]: line for line in header}


def test_signing_in_and_out(door: Door) -> None:
    made(door)
    browser = Browser(door)
    page = browser.get("/audit")
    assert str(page.url).endswith("/sign-in?next=%2Faudit")
    browser.post("/sign-in", name="ada", password=PASSWORD, after="/audit")
    assert browser.last is not None
    assert str(browser.last.url).endswith("/audit")
    browser.post("/sign-out")
    assert "déconnecté" in text_of(browser.last)
    assert browser.get("/", follow=False).status_code == 303


def test_the_cookie_is_for_the_browser_alone(door: Door) -> None:
    made(door)
    browser = Browser(door)
    fields = {"proof": proof_in(browser.get("/sign-in")), "name": "ada", "password": PASSWORD}
    response = browser.client.post("/sign-in", data=fields, headers=HERE, follow_redirects=False)
    session = cookies(response.headers.get_list("set-cookie"))["aiguilleur_session"].lower()
    assert "httponly" in session
    assert "samesite=lax" in session
    assert "secure" not in session
    assert "max-age" not in session


def test_over_https_the_cookie_is_bound_to_the_host(door: Door) -> None:
    made(door)
    browser = Browser(door)
    browser.client = TestClient(door.client.app, base_url="https://testserver", headers={"accept": "text/html"})
    fields = {"proof": proof_in(browser.get("/sign-in")), "name": "ada", "password": PASSWORD}
    here = {"origin": "https://testserver"}
    response = browser.client.post("/sign-in", data=fields, headers=here, follow_redirects=False)
    session = cookies(response.headers.get_list("set-cookie"))["__Host-aiguilleur_session"].lower()
    assert "secure" in session
    assert "path=/" in session
    assert "domain" not in session
    assert response.headers["strict-transport-security"]
    assert browser.get("/").status_code == 200


def test_a_secret_that_was_there_before_the_sign_in_opens_nothing(door: Door) -> None:
    made(door)
    browser = Browser(door)
    browser.client.cookies.set("aiguilleur_session", "planted")
    browser.get("/sign-in")
    browser.post("/sign-in", name="ada", password=PASSWORD)
    kept = browser.client.cookies.get("aiguilleur_session", domain="testserver.local")
    assert kept != "planted"


@pytest.mark.parametrize(
    "after", ["//evil.example", "https://evil.example/", "/\\evil.example", "/a\r\nSet-Cookie: x=y"]
)
def test_nobody_is_led_elsewhere_after_the_sign_in(door: Door, after: str) -> None:
    made(door)
    browser = Browser(door)
    fields = {"proof": proof_in(browser.get("/sign-in")), "name": "ada", "password": PASSWORD, "after": after}
    response = browser.client.post("/sign-in", data=fields, headers=HERE, follow_redirects=False)
    assert response.headers["location"] == "/"


def test_wrong_ones_are_told_the_same_and_slow_down(door: Door) -> None:
    made(door)
    browser = Browser(door)
    browser.get("/sign-in")
    said = [text_of(browser.post("/sign-in", name=name, password="not it")) for name in ("ada", "eve")]
    assert "incorrect" in said[0]
    assert said[0] == said[1]
    for _ in range(2):
        browser.post("/sign-in", name="ada", password="not it")
    response = browser.post("/sign-in", name="ada", password=PASSWORD)
    assert response.status_code == 429
    assert int(response.headers["retry-after"]) >= 1
    assert "Trop d'essais" in text_of(response)


def test_the_first_link_makes_an_admin_who_is_signed_in(door: Door) -> None:
    secret = asyncio.run(door.desk.workbench.links.first())
    browser = Browser(door)
    browser.get(f"/link/{secret}")
    twice = browser.post(f"/link/{secret}", name="Ada", password=PASSWORD, again="another")
    assert (twice.status_code, "ne sont pas les mêmes" in text_of(twice)) == (422, True)
    short = browser.post(f"/link/{secret}", name="Ada", password="court", again="court")
    assert "12 à 200 caractères" in text_of(short)
    done = browser.post(f"/link/{secret}", name="Ada", password=PASSWORD, again=PASSWORD)
    assert (done.status_code, str(done.url)) == (200, "http://testserver/")
    assert "administrateur" in text_of(done)
    used = Browser(door).get(f"/link/{secret}")
    assert (used.status_code, "ne sert plus" in text_of(used)) == (404, True)


def test_an_admin_adds_somebody_who_then_chooses_a_password(door: Door) -> None:
    ada = as_person(door, "admin", "Ada")
    ada.post("/people", page="/people", name="Bob <b>", role="advisor")
    assert ada.last is not None
    link = ada.last.text.split('id="link"')[1].split('value="')[1].split('"')[0].replace("http://testserver", "")
    assert link not in ada.get("/people").text
    bob = Browser(door)
    bob.get(link)
    assert "Bob <b>" in text_of(bob.post(link, password=PASSWORD, again=PASSWORD))
    assert "Bob &lt;b&gt;" in bob.get("/me").text
    again = ada.post("/people", page="/people", name="bob <B>", role="lead")
    assert (again.status_code, "porte déjà ce nom" in text_of(again)) == (422, True)
    ada.post("/people/role", page="/people", name="Bob <b>", role="lead")
    assert bob.get("/audit", follow=False).headers["location"].startswith("/sign-in")


def test_a_person_chooses_language_colours_and_password(door: Door) -> None:
    bob = as_person(door, "advisor", "Bob")
    assert '<html lang="fr" data-theme="auto">' in bob.get("/me").text
    assert "data-keys" not in bob.last.text  # type: ignore[union-attr]
    saved = bob.post("/me/preferences", language="en", theme="dark", keys="off")
    assert '<html lang="en" data-theme="dark">' in saved.text
    assert '<body data-keys="off">' in saved.text
    assert "Saved." in text_of(saved)
    elsewhere = Browser(door)
    elsewhere.get("/sign-in")
    elsewhere.post("/sign-in", name="bob", password=PASSWORD)
    bob.get("/me")
    wrong = bob.post("/me/password", page="/me", old="no", password="une autre phrase", again="une autre phrase")
    assert "not the current" in text_of(wrong)
    changed = bob.post("/me/password", old=PASSWORD, password="une autre phrase", again="une autre phrase")
    assert "password is changed" in text_of(changed)
    assert elsewhere.get("/me", follow=False).status_code == 303


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("fr-FR,fr;q=0.9", "fr"), ("en-GB,en", "en"), ("de,en;q=0.5,fr;q=0.4", "en"), ("xx;q=a,,;", "fr"), ("", "fr")],
)
def test_a_stranger_reads_the_language_of_the_browser(shared_door: Door, accepted: str, language: str) -> None:
    assert f'<html lang="{language}"' in Browser(shared_door, accepted).get("/sign-in").text


def test_what_had_been_typed_when_the_session_ended_is_sent_after_the_next_sign_in(door: Door) -> None:
    message = door.triage(body="Je souhaite résilier mon adhésion.")["id"]
    bob = as_person(door, "advisor", "Bob")
    fields = {"proof": proof_in(bob.get(f"/messages/{message}")), "text": "Bonjour,\n\n<i>Voici</i> notre réponse."}
    asyncio.run(door.desk.database.write(lambda transaction: sessions.end_all(transaction, person_id(door, "bob"))))
    ended = bob.send(f"/messages/{message}/reply", fields)
    assert ended.status_code == 401
    assert "&lt;i&gt;Voici&lt;/i&gt;" in ended.text
    kept = {"again": f"/messages/{message}/reply", "kept.text": fields["text"]}
    wrong = bob.post("/sign-in", name="Bob", password="not it", **kept)
    assert "&lt;i&gt;Voici&lt;/i&gt;" in wrong.text
    again = bob.post("/sign-in", name="Bob", password=PASSWORD, **kept)
    assert "Envoyer à nouveau" in text_of(again)
    done = bob.post(f"/messages/{message}/reply", text=fields["text"])
    assert "consignée" in text_of(done)
    assert asyncio.run(door.desk.workbench.reading.sheet(message)).reply == fields["text"]


def test_an_old_page_of_the_same_person_asks_before_it_sends(door: Door) -> None:
    bob = as_person(door, "advisor", "Bob")
    response = bob.send("/me/preferences", {"proof": "0" * 64, "theme": "dark"})
    assert (response.status_code, "Envoyer à nouveau" in text_of(response)) == (403, True)
    assert 'data-theme="dark"' in bob.post("/me/preferences", theme="dark", language="").text


def test_passwords_are_never_given_back(door: Door) -> None:
    bob = as_person(door, "advisor", "Bob")
    response = bob.send("/me/password", {"proof": "0" * 64, "old": "my-old-secret", "password": "my-new-secret"})
    assert "my-old-secret" not in response.text
    assert "my-new-secret" not in response.text


def test_nothing_is_sent_again_to_a_place_that_takes_no_forms(door: Door) -> None:
    made(door)
    browser = Browser(door)
    browser.get("/sign-in")
    fields = {"again": "/v1/messages", "kept.text": "x"}
    assert "Envoyer à nouveau" not in text_of(browser.post("/sign-in", name="ada", password=PASSWORD, **fields))


def person_id(door: Door, name: str) -> str:
    return asyncio.run(door.desk.workbench.people.get(name)).id
