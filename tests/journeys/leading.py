"""Steps of a lead's and of quality's day: canned answers, corrections, audit samples, teams and figures."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.journeys.advising import hand_in
from tests.journeys.keys import press, type_before_the_script_has_come
from tests.journeys.served import Served
from tests.journeys.signing import added, signed, sound


def edits_and_decides(page: Page, browser: Browser, service: Served) -> None:
    """A canned answer is edited and brought back; what an advisor proposes is accepted."""
    page.goto("/answers")
    press(page, "/")
    page.get_by_label("Mots").fill("facture")
    press(page, "Enter")
    expect(page).to_have_url(re.compile("q=facture"))
    sound(page)
    first, text = page.locator("a[data-row]").first, page.get_by_label("Texte", exact=True)
    changed = "Bonjour {nom},\n\nVoici votre copie, pour 77 € sous 12 jours, {zorglub}."
    type_before_the_script_has_come(page, "**/live*.js", first, text, changed)
    title = page.get_by_role("heading", level=1).inner_text()
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
    lea.get_by_role("link", name="Demande").first.click()
    lea.get_by_role("link", name="Proposer une réponse type").click()
    lea.get_by_label("Titre").fill("Résilier avant la fin du mois")
    lea.get_by_label("Quand l'utiliser").fill("Le membre veut partir tout de suite.")
    lea.get_by_label("File", exact=True).select_option("departs")
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


def labels_blind_and_reads(page: Page, browser: Browser, service: Served) -> None:
    """Two people label a sample by key; who differs is settled; the page says what is true."""
    for number in (4, 5):
        hand_in(service, f"Demande {number}")
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
            press(reader, key)
        expect(reader.get_by_text("Tout est étiqueté, merci.")).to_be_visible()
        reader.context.close()
    page.goto(address)
    expect(page.get_by_text("50,0 % d'étiquettes égales")).to_be_visible()
    page.get_by_role("link", name="Trancher").click()
    sound(page)
    for left in ("2 à trancher", "1 à trancher"):
        expect(page.get_by_text(re.compile(left))).to_be_visible()
        press(page, "1")
    expect(page.get_by_text("Aucun désaccord à trancher.")).to_be_visible()
    page.goto(address)
    expect(page.get_by_text("Provisoire")).to_have_count(0)
    expect(page.get_by_role("region", name="Le premier choix du programme est juste")).to_contain_text("à 95 %")
    sound(page)
    page.goto("/quality")
    sound(page)


def keeps_teams_and_reads_figures(page: Page, browser: Browser, service: Served) -> None:
    """A lead makes a team, sees its desk and its figures; what somebody took up of a correction is that lead's."""
    iris = signed(browser, service, added(page, "Iris Morel", "lead"))
    iris.goto("/teams")
    form = iris.locator("form[action='/teams']")
    form.get_by_label("Nom", exact=True).fill("Accueil Lille")
    form.get_by_label("Site").fill("Lille")
    for level in ("1", "2"):
        form.get_by_label(level, exact=True).check()
    form.get_by_label("Iris Morel").check()
    sound(iris)
    form.get_by_role("button", name="Ajouter").click()
    expect(iris.get_by_role("heading", name="Accueil Lille")).to_be_visible()
    press(iris, "d")
    expect(iris.get_by_role("link", name="Tout voir")).to_be_visible()
    iris.goto("/oversight")
    expect(iris.get_by_role("region", name="Brouillons et usage")).to_contain_text("Accueil Lille")
    sound(iris)
    with iris.expect_download() as told:
        iris.get_by_role("link", name="Exporter").click()
    assert "Accueil Lille" in told.value.path().read_text("utf-8")
    iris.goto("/me")
    sound(iris)
    iris.goto("/teams")
    iris.get_by_text("Modifier", exact=True).click()
    iris.get_by_role("button", name="Supprimer l'équipe").click()
    expect(iris.get_by_role("heading", name="Accueil Lille")).to_have_count(0)
    iris.context.close()
