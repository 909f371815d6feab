"""`make screenshots`: the main pages of a workbench with the sample messages, as PNG."""

import sys
import tempfile
import time
from pathlib import Path

import httpx2
from playwright.sync_api import Page, ViewportSize

from tests.journeys.chromium import chromium
from tests.journeys.served import Served, served
from tests.service.cli.command import ran

SHOWN: ViewportSize = {"width": 1120, "height": 660}

PASSWORD = "correct cheval pile agrafe"


WORKED = 12
"""So many messages are answered before anybody looks, so that there is something to see."""
TEAMS = (
    {"name": "Accueil", "site": "Lille", "levels": [1], "languages": ["fr"], "members": ["Noé Lambert"]},
    {"name": "Sinistres et résiliations", "site": "Nantes", "levels": [2, 3], "members": ["Iris Morel"]},
)
LED = {
    "reponses": "answers?order=used",
    "reponse": "answers/one/resiliation_echeance_annuelle",
    "corrections": "corrections",
    "qualite": "quality",
    "suivi": "oversight",
    "equipes": "teams",
    "personnes": "people",
    "journal": "audit",
}
"""Pages of those who lead, by the name of the picture."""


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, served(Path(data), "--samples") as service, chromium() as browser:
        settled(service)
        page = browser.new_page(viewport=SHOWN, locale="fr-FR", timezone_id="Europe/Paris")
        page.goto(first_link(service))
        welcomed(page, "Camille Renard")
        ran(Path(data), "user", "add", "Noé Lambert", "--role", "advisor")
        ran(Path(data), "user", "add", "Iris Morel", "--role", "lead")
        page.emulate_media(color_scheme="light")
        look_around(page, service, folder, "")
        worked(service)
        lead(page, service, folder)
        page.emulate_media(color_scheme="dark")
        look_around(page, service, folder, "-sombre")


def look_around(page: Page, service: Served, folder: Path, mark: str) -> None:
    page.goto(service.address)
    page.screenshot(path=folder / f"bureau{mark}.png")
    page.get_by_role("link", name="Toujours sans réponse").click()
    page.screenshot(path=folder / f"message{mark}.png")
    if mark:
        return
    page.locator("#draft-title").evaluate("title => title.scrollIntoView()")
    page.screenshot(path=folder / "brouillon.png")


FIRST = {"deces_succession", "assistance_depannage", "professionnel"}
ELSEWHERE = "avantages_partenaires"
"""What the playbook puts first is put elsewhere: a lead is asked."""


def worked(service: Served) -> None:
    """A morning's work: replies, teams, and corrections that contradict the playbook."""
    with service.client as client:
        for team in TEAMS:
            client.post("/v1/teams", json=team).raise_for_status()
        listed = client.get("/v1/messages", params={"limit": 40}).json()["items"]
        routed = sorted((one for one in listed if one["queue"]), key=lambda one: one["confidence"])
        for one in routed[:WORKED]:
            message = client.get(f"/v1/messages/{one['id']}").json()
            draft = message["triage"]["draft"]
            text = draft["body"] if draft else "Bonjour,\n\nC'est fait."
            reply = {"text": text, "by": "Noé Lambert"}
            client.put(f"/v1/messages/{one['id']}/reply", json=reply).raise_for_status()
        for one in [one for one in listed if one["queue"] in FIRST]:
            corrected = {"queue": ELSEWHERE, "by": "Noé Lambert", "comment": "Il se plaint de l'attente."}
            client.put(f"/v1/messages/{one['id']}/queue", json=corrected).raise_for_status()


def lead(page: Page, service: Served, folder: Path) -> None:
    for name, path in LED.items():
        page.goto(f"{service.address}/{path}")
        page.screenshot(path=folder / f"{name}.png")
    page.goto(f"{service.address}/playbooks")
    page.get_by_label("Que voulez-vous changer ?").fill("Remboursements en double")
    page.get_by_role("button", name="Commencer une édition").click()
    page.get_by_label("Que voulez-vous modifier ?").select_option("queues/remboursement.yaml")
    page.get_by_role("button", name="Ouvrir").click()
    page.get_by_label("Mots-clés", exact=True).wait_for()
    page.screenshot(path=folder / "editeur.png")


def first_link(service: Served) -> str:
    return next(word for word in service.told.split() if "/link/" in word)


def welcomed(page: Page, name: str) -> None:
    page.get_by_label("Nom").fill(name)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_label("encore une fois").fill(PASSWORD)
    page.get_by_role("button").click()
    page.get_by_role("heading", level=1).wait_for()


def settled(service: Served) -> None:
    """Waits until every message is triaged."""
    end = time.monotonic() + 180
    headers = {"Authorization": f"Bearer {service.key}"}
    while time.monotonic() < end:
        url = f"{service.address}/v1/messages?state=received&limit=1"
        if not httpx2.get(url, headers=headers, trust_env=False, timeout=60).json()["items"]:
            return
        time.sleep(0.5)
    raise AssertionError("Some messages still wait.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
