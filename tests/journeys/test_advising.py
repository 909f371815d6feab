"""An advisor's morning in real Chromium, mostly by keys: on SQLite and on PostgreSQL."""

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from service.settings import Settings
from service.wiring import open_desk
from tests.conftest import GivenSettings
from tests.databases import emptied
from tests.journeys.chromium import WIDE, WITHOUT, chromium, strict
from tests.journeys.screenshots import PASSWORD
from tests.journeys.served import Served, served
from tests.service.small_account import write_account

expect.set_options(timeout=30_000)
pytestmark = pytest.mark.skipif(os.environ.get(WITHOUT) == "1", reason=f"{WITHOUT}=1")

ANSWER = """
  - id: facture_details
    queue: factures
    title: Facture envoyée
    situation: Le client demande sa facture.
    placeholders: [numero_piece, date_piece]
    body: |
      Bonjour,
      Votre facture {numero_piece} du {date_piece} est jointe.
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(params=["sqlite", "postgresql"])
def workbench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Served, str]]:
    """A served workbench with a small account, and the path of the link by which its advisor comes in."""
    data = tmp_path / "data"
    data.mkdir()
    url = emptied(request.getfixturevalue("migrated")) if request.param == "postgresql" else ""
    folder = write_account(tmp_path / "small", "petit")
    with (folder / "answers.yaml").open("a", encoding="utf-8") as answers:
        answers.write(ANSWER)
    with ThreadPoolExecutor(1) as apart:  # Playwright has an event loop in this thread
        secret = apart.submit(prepared, GivenSettings(data=data, database_url=url), folder).result()
    with served(data, **({"database_url": url} if url else {})) as service:
        yield service, f"/link/{secret}"


def prepared(settings: Settings, folder: Path) -> str:
    """The secret of the link by which the advisor comes in, to a desk with that account."""
    desk = open_desk(settings, index=False, ready=False)
    asyncio.run(desk.import_folder(folder, by="test"))
    asyncio.run(desk.learning.learn("petit", by="test"))
    asyncio.run(desk.workbench.people.add("Noé Lambert", "advisor", by="test"))
    secret = asyncio.run(desk.workbench.links.for_password("Noé Lambert", by="test"))
    desk.close()
    return secret


def test_an_advisors_morning(workbench: tuple[Served, str], browser: Browser) -> None:
    service, link = workbench
    for number in (1, 2):
        hand_in(service, f"Demande {number}")
    context = browser.new_context(viewport=WIDE, locale="fr-FR", base_url=service.address)
    page = context.new_page()
    complaints = strict(page)
    signs_in(page, link)
    takes_the_next_and_says_its_queue(page)
    fills_in_and_inserts(page)
    loses_the_connection_and_nothing_else(page)
    says_that_it_was_sent(page)
    sees_what_comes_in(page, service)
    assert [said for said in complaints if "net::ERR_" not in said] == []
    context.close()


def hand_in(service: Served, subject: str) -> None:
    body = "Bonjour, je quitte le club en mai. Renvoyez ma facture de mars."
    with service.client as client:
        response = client.post("/v1/triage", json={"subject": subject, "body": body})
    assert response.status_code == 200, response.text


def signs_in(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_label("encore une fois").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("À traiter")


def takes_the_next_and_says_its_queue(page: Page) -> None:
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("Demande 1")
    expect(page.get_by_role("status").first).to_have_text("Ce message est à vous.")
    for queue in ("Départs", "Factures"):
        expect(page.locator(".verdict")).to_have_text("À trier")
        page.keyboard.press(str(page.get_by_role("button", name=queue).get_attribute("data-key")))
        expect(page.locator(".verdict")).to_have_text(queue)
        if queue == "Départs":
            page.keyboard.press("u")
            expect(page.get_by_role("status").first).to_contain_text("annulé")


def fills_in_and_inserts(page: Page) -> None:
    area = page.get_by_label("Votre réponse")
    area.fill("")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.get_by_label("Chercher une réponse type")).to_be_focused()
    page.keyboard.type("factures envoyées")
    page.get_by_role("button", name="Insérer : Facture envoyée").press("Enter")
    expect(area).to_be_focused()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Tab")
    page.keyboard.type("F-2026-03")
    page.keyboard.press("Tab")
    page.keyboard.type("3 mars")
    expect(area).to_have_value("Bonjour,\nVotre facture F-2026-03 du 3 mars est jointe.")
    page.keyboard.press("Tab")  # nothing is left to fill: on to the next field
    expect(area).not_to_be_focused()
    expect(page.locator("#kept")).to_contain_text("Enregistré")


def loses_the_connection_and_nothing_else(page: Page) -> None:
    area = page.get_by_label("Votre réponse")
    page.context.set_offline(True)
    area.press("Control+End")
    page.keyboard.type(" Bien à vous.")
    expect(page.locator("#kept")).to_contain_text("gardé dans ce navigateur")
    page.context.set_offline(False)
    expect(page.locator("#kept")).to_contain_text("Enregistré")
    page.route("**/autosave", lambda route: route.abort("connectionreset"))
    page.keyboard.type(" Noé")
    page.reload()  # before the server has it
    expect(area).to_have_value("Bonjour,\nVotre facture F-2026-03 du 3 mars est jointe. Bien à vous. Noé")
    page.unroute("**/autosave")
    expect(page.locator("#kept")).to_contain_text("Enregistré")


def says_that_it_was_sent(page: Page) -> None:
    page.get_by_role("button", name="Je l'ai envoyée").click()
    expect(page.get_by_role("status").first).to_contain_text("consignée")
    page.keyboard.press("d")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.keyboard.press("/")
    page.keyboard.type("bien à vous noé")
    page.keyboard.press("Enter")
    is_found(page)
    expect(page.get_by_role("link", name="Demande 1")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("d")


def is_found(page: Page) -> None:
    """A reply is found a moment after it was recorded, by a page opened then."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Recherche")
    for _ in range(60):
        if page.locator(".rows mark").count():
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator(".rows mark").first).to_be_visible()


def sees_what_comes_in(page: Page, service: Served) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("À traiter")
    page.keyboard.press("j")
    mine = page.locator("[data-row]").first
    expect(mine).to_be_focused()
    hand_in(service, "Demande 3")
    expect(page.locator("#news")).to_have_text("1 nouveau message")
    expect(page.locator("[data-row]")).to_have_count(2)
    expect(mine).to_be_focused()
    expect(page.locator(".count").first).to_have_text("2")
