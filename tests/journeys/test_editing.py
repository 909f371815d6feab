"""The lead's journey in a real browser: a mistake, its cure, the proof, in force, and back; as axe sees it."""

import os
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.conftest import GivenSettings
from tests.journeys.chromium import WIDE, WITHOUT, chromium, strict
from tests.journeys.screenshots import first_link, welcomed
from tests.journeys.served import served
from tests.service.taught import taught_store

pytestmark = pytest.mark.skipif(os.environ.get(WITHOUT) == "1", reason=f"{WITHOUT}=1")
SERIOUS = {"serious", "critical"}
SLOW = 120_000


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("editing")
    taught_store(GivenSettings(data=folder / "data"), folder / "account")
    with served(folder / "data") as service, chromium() as browser:
        context = browser.new_context(viewport=WIDE, locale="fr-FR", base_url=service.address)
        page = context.new_page()
        complaints = strict(page)
        page.goto(first_link(service))
        welcomed(page, "Camille Renard")
        yield page
        assert complaints == []


def test_a_lead_changes_the_playbook_and_brings_the_old_one_back(page: Page) -> None:
    page.goto("/playbooks")
    page.get_by_label("Que voulez-vous changer ?").fill("Notes de frais")
    page.get_by_role("button", name="Commencer une édition").click()
    page.get_by_label("Que voulez-vous modifier ?").select_option("queues/factures.yaml")
    page.get_by_role("button", name="Ouvrir").click()
    keywords = page.get_by_label("Mots-clés", exact=True)
    keywords.fill("facture\nnote de frais")
    expect(page.locator("#m-keywords")).to_contain_text("Ligne 2", timeout=SLOW)
    expect(keywords).to_have_attribute("aria-invalid", "true")
    accessible(page)
    keywords.fill('facture\n"note de frais" ^2')
    expect(page.locator("#m-keywords li")).to_have_count(0, timeout=SLOW)
    expect(page.get_by_role("status")).to_contain_text("Gardé dans l'édition")
    page.get_by_role("link", name="Terminer").click()
    expect(page.locator("ins")).to_have_text('"note de frais" ^2')
    page.get_by_role("button", name="Prouver").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("button", name="Mettre en service")).to_have_count(0)
    expect(page.get_by_text("Preuve réussie")).to_be_visible(timeout=SLOW)
    accessible(page)
    page.get_by_role("button", name="Mettre en service").click()
    expect(page.get_by_role("status")).to_contain_text("en service")
    page.get_by_role("link", name="Toutes les versions").click()
    page.get_by_role("link", name="Voir le dernier changement").click()
    expect(page.locator("ins")).to_have_text('"note de frais" ^2')
    page.go_back()
    page.get_by_role("button", name=re.compile("Remettre en service")).click()
    expect(page.get_by_role("status")).to_contain_text("de nouveau en service")
    in_force = page.locator("tbody tr").filter(has=page.get_by_text("en service", exact=True))
    expect(in_force).to_have_count(1)
    expect(in_force).not_to_contain_text("Notes de frais")


def accessible(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page).response["violations"]
        told = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in SERIOUS]
        assert told == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
