"""A lead's and quality's day in a real browser: canned answers, corrections, runs and audit samples."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.conftest import copied
from tests.journeys.chromium import WIDE, WITHOUT, chromium, strict
from tests.journeys.screenshots import PASSWORD, first_link, settled, welcomed
from tests.journeys.served import Served, served

PATIENCE_MS = 30_000
pytestmark = pytest.mark.skipif(os.environ.get(WITHOUT) == "1", reason=f"{WITHOUT}=1")

MESSAGES = (
    "Bonjour, je souhaite résilier mon adhésion au club avant la fin du mois. Comment faire ?",
    "Où est ma facture de mars ? Je ne la trouve pas dans mon espace.",
    "Ma voiture est en panne sur l'autoroute, je voudrais une dépanneuse.",
    "Je change d'adresse, voici la nouvelle : 3 rue des Lilas à Tours.",
)


@pytest.fixture(scope="module")
def service(reference_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(copied(reference_store, tmp_path_factory.mktemp("leading") / "data")) as service:
        with service.client as client:
            for body in MESSAGES:
                client.post("/v1/triage", json={"body": body}).raise_for_status()
        settled(service)
        yield service


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with chromium() as browser:
        yield browser
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def camille(service: Served, browser: Browser) -> Iterator[Page]:
    """The first admin, who may do what leads and quality may."""
    page = signed(browser, service, first_link(service), "Camille Renard")
    complaints = strict(page)
    yield page
    assert complaints == []
    page.context.close()


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
    """What axe finds of weight, by name."""
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []


def test_a_lead_edits_an_answer_and_decides_what_an_advisor_proposes(
    camille: Page, browser: Browser, service: Served
) -> None:
    page = camille
    page.goto("/answers")
    page.keyboard.press("/")
    page.get_by_label("Mots").fill("facture")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=facture"))
    sound(page)
    page.locator("a[data-row]").first.click()
    title = page.get_by_role("heading", level=1).inner_text()
    text = page.get_by_label("Texte", exact=True)
    text.fill("Bonjour {nom},\n\nVoici votre copie, pour 77 € sous 12 jours, {zorglub}.")
    preview = page.locator("#preview")
    expect(preview).to_contain_text("Bonjour Martin,")
    expect(preview).to_contain_text("aucune autre réponse n'a ce repère")
    expect(preview.locator(".stated")).to_contain_text("77 €")
    sound(page)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status")).to_contain_text("enregistrée")
    page.get_by_text("Historique (2)").click()
    page.get_by_text("Ce qu'elle disait").click()
    page.get_by_role("button", name="Revenir à cette version").click()
    expect(page.get_by_role("status")).to_contain_text("à nouveau")

    lea = signed(browser, service, added(page, "Léa Martin", "advisor"))
    lea.get_by_role("link", name="résilier mon adhésion").first.click()
    lea.get_by_role("link", name="Proposer une réponse type").click()
    lea.get_by_label("Titre").fill("Résilier avant la fin du mois")
    lea.get_by_label("Quand l'utiliser").fill("Le membre veut partir tout de suite.")
    lea.get_by_label("Texte", exact=True).fill("Bonjour {civilite} {nom},\n\nC'est possible dès demain.")
    sound(lea)
    lea.get_by_role("button", name="Proposer").click()
    expect(lea.get_by_text("Votre proposition attend un responsable.")).to_be_visible()
    lea.context.close()

    page.goto("/answers/proposals")
    sound(page)
    page.get_by_role("button", name="Accepter Résilier avant la fin du mois").click()
    expect(page.get_by_role("status")).to_contain_text("accepté")
    page.goto("/answers?q=avant+la+fin+du+mois")
    expect(page.get_by_role("link", name="Résilier avant la fin du mois")).to_have_count(1)
    assert title

    for path in ("/corrections", "/corrections/suggestions", "/corrections/labels", "/corrections/decided"):
        page.goto(path)
        sound(page)


def test_two_people_label_blind_by_key_and_quality_reads_the_result(
    camille: Page, browser: Browser, service: Served
) -> None:
    page = camille
    bob = signed(browser, service, added(page, "Bob Grand", "advisor"))
    eve = signed(browser, service, added(page, "Eve Petit", "quality"))
    page.goto("/quality/audits")
    form = page.locator("form[action='/quality/audits']")
    form.get_by_label("Nom").fill("Novembre")
    form.get_by_label("Messages", exact=True).fill("4")
    form.get_by_label("Premier relecteur").select_option("Bob Grand")
    form.get_by_label("Second relecteur").select_option("Eve Petit")
    form.get_by_label("Tirage", exact=True).select_option("simple")
    sound(page)
    form.get_by_role("button", name="Tirer", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("est tiré")
    address = page.url.partition("?")[0]
    for reader, keys in ((bob, "1111"), (eve, "1120")):
        reader.goto("/quality/labels")
        reader.get_by_role("link", name="Étiqueter").click()
        sound(reader)
        for at, key in enumerate(keys):
            expect(reader.get_by_text(f"{at} sur 4", exact=True)).to_be_visible()
            reader.keyboard.press(key)
        expect(reader.get_by_text("Tout est étiqueté, merci.")).to_be_visible()
        reader.context.close()
    page.goto(address)
    expect(page.get_by_text("50,0 % d'étiquettes égales")).to_be_visible()
    page.get_by_role("link", name="Trancher").click()
    sound(page)
    for left in ("2 à trancher", "1 à trancher"):
        expect(page.get_by_text(re.compile(left))).to_be_visible()
        page.keyboard.press("1")
    expect(page.get_by_text("Aucun désaccord à trancher.")).to_be_visible()
    page.goto(address)
    expect(page.get_by_text("Provisoire")).to_have_count(0)
    expect(page.get_by_role("region", name="Le premier choix du programme est juste")).to_contain_text("à 95 %")
    sound(page)
    page.goto("/quality")
    sound(page)
