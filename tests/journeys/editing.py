"""Steps of a lead who changes the playbook."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.keys import type_before_the_script_has_come
from tests.journeys.signing import sound

SLOW = 120_000


def changes_the_playbook_and_back(page: Page) -> None:
    """A mistake, its cure, the proof, in force, and back."""
    page.goto("/playbooks")
    page.get_by_label("Que voulez-vous changer ?").fill("Notes de frais")
    page.get_by_role("button", name="Commencer une édition").click()
    page.get_by_label("Que voulez-vous modifier ?").select_option("queues/factures.yaml")
    keywords = page.get_by_label("Mots-clés", exact=True)
    opens = page.get_by_role("button", name="Ouvrir")
    type_before_the_script_has_come(page, "**/editor*.js", opens, keywords, "facture\nnote de frais")
    expect(page.locator("#m-keywords")).to_contain_text("Ligne 2", timeout=SLOW)
    expect(keywords).to_have_attribute("aria-invalid", "true")
    sound(page)
    page.route(re.compile(r"/file\?"), lambda route: route.abort("connectionreset"), times=1)
    keywords.fill('facture\n"note de frais" ^2')
    expect(page.get_by_role("status")).to_contain_text("Pas encore gardé")
    expect(page.locator("#m-keywords li")).to_have_count(0, timeout=SLOW)
    expect(page.get_by_role("status")).to_contain_text("Gardé dans l'édition")
    page.get_by_role("link", name="Terminer").click()
    expect(page.locator("ins")).to_have_text('"note de frais" ^2')
    page.get_by_role("button", name="Prouver").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("button", name="Mettre en service")).to_have_count(0)
    expect(page.get_by_text("Preuve réussie")).to_be_visible(timeout=SLOW)
    sound(page)
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
