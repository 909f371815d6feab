"""The workbench in a real browser: by mouse, by keyboard, without scripts, and as axe sees it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, StorageState, expect
from starlette.routing import compile_path

from service.settings import PROMPTS
from tests.conftest import copied
from tests.journeys.chromium import TABLET, WIDE, WITHOUT, chromium, strict
from tests.journeys.keys import press
from tests.journeys.screenshots import PASSWORD, first_link, settled, welcomed
from tests.journeys.served import Served, served
from tests.loopback_provider import provider

pytestmark = [
    pytest.mark.skipif(os.environ.get(WITHOUT) == "1", reason=f"{WITHOUT}=1"),
    pytest.mark.timeout(600),
]
LEA = {"name": "Léa Petit", "groups": ["aiguilleur-lead"]}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def service(reference_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """With the sample messages, and a sign-on of the company's that is another site, to the browser."""
    data = copied(reference_store, tmp_path_factory.mktemp("browser") / "data")
    with provider(lea=LEA) as issuer:
        company = {"oidc_issuer": issuer.replace("127.0.0.1", "localhost"), "oidc_client_id": "aiguilleur"}
        with served(data, "--samples", **company, oidc_client_secret="s3") as service:
            settled(service)
            yield service


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def admitted(service: Served, browser: Browser) -> StorageState:
    """The cookies of the first admin, who came in by the link that the start printed."""
    context = browser.new_context(viewport=WIDE, locale="fr-FR")
    page = context.new_page()
    complaints = strict(page)
    page.goto(first_link(service))
    welcomed(page, "Camille Renard")
    assert complaints == []
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def page(browser: Browser, admitted: StorageState, service: Served) -> Iterator[Page]:
    context = browser.new_context(
        viewport=WIDE,
        locale="fr-FR",
        storage_state=admitted,
        base_url=service.address,
    )
    page = context.new_page()
    complaints = strict(page)
    yield page
    assert complaints == []
    context.close()


def test_a_first_start_opens_on_a_desk_with_work_on_it(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("À traiter")
    expect(page.locator(".rows > li")).to_have_count(30)
    page.get_by_role("link", name="Suite", exact=True).click()
    expect(page.locator(".rows > li")).to_have_count(10)


def test_an_advisor_works_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    press(page, "?")
    expect(page.get_by_role("dialog", name="Raccourcis du clavier")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    for key in ("j", "j", "k", "Enter"):
        press(page, key)
    expect(page.get_by_role("heading", name="Toujours sans réponse")).to_be_visible()
    chosen = page.locator("[data-key='2']").inner_text().removeprefix("2").strip()
    press(page, "2")
    expect(page.locator(".verdict")).to_have_text(chosen)
    expect(page.get_by_role("status").first).to_contain_text("nouvelle file")
    press(page, "u")
    expect(page.get_by_role("status").first).to_contain_text("annulé")
    urgent = page.get_by_role("group", name="Signaux").get_by_role("button", name="urgent")
    for pressed, said in (("true", "ajouté"), ("false", "retiré")):
        press(page, "5")
        expect(page.get_by_role("status").first).to_contain_text(said)
        expect(urgent).to_have_attribute("aria-pressed", pressed)
    press(page, "r")
    expect(page.get_by_label("Votre réponse")).to_be_focused()
    page.keyboard.type("2?")  # typed, not done
    expect(page.get_by_role("dialog")).to_have_count(0)
    press(page, "Escape")
    press(page, "d")
    expect(page.get_by_role("heading", level=1)).to_have_text("À traiter")


def test_a_reply_is_recorded_and_the_message_leaves_the_desk(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Identifiant refusé").click()
    page.get_by_label("Votre réponse").fill("Bonjour,\n\nVoici un nouveau lien.")
    page.get_by_role("button", name="Je l'ai envoyée").click()
    expect(page.get_by_role("status").first).to_contain_text("consignée")
    page.goto("/")
    expect(page.get_by_role("link", name="Identifiant refusé")).to_have_count(0)


def test_everything_works_without_scripts(browser: Browser, service: Served, admitted: StorageState) -> None:
    context = browser.new_context(
        java_script_enabled=False,
        storage_state=admitted,
        base_url=service.address,
        locale="fr-FR",
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="Changement de voiture").click()
    page.get_by_label("Autre file").select_option("souscription_devis")
    page.get_by_role("button", name="Mettre dans cette file").click()
    expect(page.get_by_role("status").first).to_contain_text("nouvelle file")
    page.get_by_role("button", name="Annuler ce choix").click()
    expect(page.get_by_role("status").first).to_contain_text("annulé")
    page.get_by_role("button", name="sensible").click()
    expect(page.get_by_role("button", name="sensible", pressed=True)).to_be_visible()
    page.get_by_role("link", name="Clavier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Raccourcis du clavier")
    context.close()


def test_an_admin_lets_somebody_in(page: Page, browser: Browser, service: Served) -> None:
    page.goto("/people")
    page.get_by_label("Nom").fill("Noé Lambert")
    page.get_by_role("button", name="Ajouter").click()
    link = page.get_by_label("Lien", exact=True).input_value()
    other = browser.new_context(locale="fr-FR").new_page()
    other.goto(link)
    other.get_by_label("Mot de passe").fill(PASSWORD)
    other.get_by_label("encore une fois").fill(PASSWORD)
    other.get_by_role("button").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("À traiter")
    expect(other.get_by_role("link", name="Personnes")).to_have_count(0)
    page.goto("/people")
    page.get_by_role("button", name="Désactiver Noé Lambert").click()
    other.reload()
    expect(other.get_by_role("heading", level=1)).to_have_text("Connexion")
    other.context.close()


def test_axe_finds_nothing_on_any_page_that_a_link_leads_to_and_nothing_runs_out_of_a_small_screen(page: Page) -> None:
    kinds = [compile_path(route.removeprefix("GET "))[0] for route in pages_of(PROMPTS)]
    waiting, seen = ["/?search=facture", "/keyboard", "/nowhere"], set[int]()
    for path in waiting:  # which grows
        page.goto(path, wait_until="load")
        fits_and_is_sound(page)
        for found in page.eval_on_selector_all("a[href]", "all => all.map(one => one.pathname + one.search)"):
            kind = next((at for at, one in enumerate(kinds) if one.match(found.split("?")[0])), None)
            if kind is not None and kind not in seen:
                seen.add(kind)
                waiting.append(found)
    assert len(seen) > 20, waiting


def pages_of(prompts: Path) -> list[str]:
    """Routes that answer with a page of their own to somebody who is signed in."""
    routes = yaml.safe_load((prompts / "access" / "web.yaml").read_text("utf-8"))["routes"]
    whole = [route for route, right in routes.items() if route.startswith("GET ") and right != "anyone"]
    return [route for route in whole if not route.endswith((".csv", "/list", "/news", "/report", "/file"))]


def test_strangers_pages_are_as_sound(browser: Browser, service: Served) -> None:
    page = browser.new_page(locale="fr-FR", viewport=WIDE)
    for path in ("/sign-in", "/link/used"):
        page.goto(service.address + path)
        fits_and_is_sound(page)
    page.close()


def fits_and_is_sound(page: Page) -> None:
    """WCAG 2.2, level A and AA, in the light; in the dark its colours; and no page is wider than its screen."""
    page.emulate_media(color_scheme="light")
    assert broken_rules(page, {"type": "tag", "values": WCAG}) == [], page.url
    page.emulate_media(color_scheme="dark")
    assert broken_rules(page, {"type": "rule", "values": ["color-contrast"]}) == [], page.url
    for size in (TABLET, WIDE):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def broken_rules(page: Page, rules: dict[str, object]) -> list[str]:
    """What breaks one of these rules."""
    found = Axe().run(page, options={"runOnly": rules}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def test_somebody_comes_in_by_the_companys_sign_on_from_another_site(browser: Browser, service: Served) -> None:
    page = browser.new_page(locale="fr-FR")
    page.goto(f"{service.address}/audit")
    page.get_by_role("link", name="compte de l'entreprise").click()
    page.get_by_role("button", name="lea").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Journal")
    expect(page.get_by_role("link", name="Léa Petit")).to_be_visible()
    page.close()
