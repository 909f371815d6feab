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
    for name, path in (("personnes", "people"), ("journal", "audit")):
        page.goto(f"{service.address}/{path}")
        page.screenshot(path=folder / f"{name}.png")


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
