"""People who come in, and pages as axe sees them."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.journeys.chromium import WIDE
from tests.journeys.screenshots import PASSWORD, welcomed
from tests.journeys.served import Served

WEIGHTY = {"serious", "critical"}


def signed(browser: Browser, service: Served, link: str, name: str | None = None) -> Page:
    page = browser.new_context(viewport=WIDE, locale="fr-FR", base_url=service.address).new_page()
    page.goto(link)
    if name:
        welcomed(page, name)
    else:
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_label("encore une fois").fill(PASSWORD)
        page.get_by_role("button").click()
        page.get_by_role("heading", level=1).wait_for()
    return page


def added(page: Page, name: str, role: str) -> str:
    """The link by which somebody new comes in."""
    page.goto("/people")
    form = page.locator("form[action='/people']")
    form.get_by_label("Nom").fill(name)
    form.get_by_label("Rôle").select_option(role)
    form.get_by_role("button", name="Ajouter").click()
    return page.get_by_label("Lien", exact=True).input_value()


def sound(page: Page) -> None:
    """What axe finds of weight, by name; in the dark its colours alone. Nothing runs out of the screen."""
    for scheme, rules in (("light", None), ("dark", ["color-contrast"])):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(page, options={"runOnly": rules} if rules else None).response["violations"]
        told = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in WEIGHTY]
        assert told == [], page.url
    page.emulate_media(color_scheme="light")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
