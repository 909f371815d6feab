"""Steps of an advisor's morning, mostly by keys."""

from playwright.sync_api import Page, expect

from tests.journeys.keys import press
from tests.journeys.served import Served


def a_morning(page: Page, service: Served) -> None:
    """Three messages come in; one is answered, though the connection breaks."""
    for number in (1, 2):
        hand_in(service, f"Demande {number}")
    page.goto("/")
    takes_the_next_and_says_its_queue(page)
    fills_in_and_inserts(page)
    loses_the_connection_and_nothing_else(page)
    says_that_it_was_sent(page)
    sees_what_comes_in(page, service)


def hand_in(service: Served, subject: str) -> None:
    body = "Bonjour, je quitte le club en mai. Renvoyez ma facture de mars."
    with service.client as client:
        response = client.post("/v1/triage", json={"subject": subject, "body": body})
    assert response.status_code == 200, response.text


def takes_the_next_and_says_its_queue(page: Page) -> None:
    press(page, "n")
    expect(page.get_by_role("heading", level=1)).to_have_text("Demande 1")
    expect(page.get_by_role("status").first).to_have_text("Ce message est à vous.")
    for queue in ("Départs", "Factures"):
        expect(page.locator(".verdict")).to_have_text("À trier")
        press(page, str(page.get_by_role("button", name=queue).get_attribute("data-key")))
        expect(page.locator(".verdict")).to_have_text(queue)
        if queue == "Départs":
            press(page, "u")
            expect(page.get_by_role("status").first).to_contain_text("annulé")


def fills_in_and_inserts(page: Page) -> None:
    area = page.get_by_label("Votre réponse")
    area.fill("")
    press(page, "Escape")
    press(page, "a")
    expect(page.get_by_label("Chercher une réponse type")).to_be_focused()
    page.keyboard.type("factures envoyées")
    page.get_by_role("button", name="Insérer : Facture envoyée").press("Enter")
    expect(area).to_be_focused()
    press(page, "Control+Home")
    press(page, "Tab")
    page.keyboard.type("F-2026-03")
    press(page, "Tab")
    page.keyboard.type("3 mars")
    expect(area).to_have_value("Bonjour,\nVotre facture F-2026-03 du 3 mars est jointe.")
    press(page, "Tab")  # nothing is left to fill: on to the next field
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
    press(page, "d")
    expect(page.locator("[data-row]")).to_have_count(1)
    press(page, "/")
    page.keyboard.type("bien à vous noé")
    press(page, "Enter")
    is_found(page)
    expect(page.get_by_role("link", name="Demande 1")).to_be_visible()
    press(page, "Escape")
    press(page, "d")


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
    press(page, "j")
    mine = page.locator("[data-row]").first
    expect(mine).to_be_focused()
    hand_in(service, "Demande 3")
    expect(page.locator("#news")).to_have_text("1 nouveau message")
    expect(page.locator("[data-row]")).to_have_count(2)
    expect(mine).to_be_focused()
    expect(page.locator(".count").first).to_have_text("2")
