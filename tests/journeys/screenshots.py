"""`make screenshots`: the main pages of a workbench with the sample messages, as PNG."""

import sys
import tempfile
import time
from pathlib import Path

import httpx2
from playwright.sync_api import Page

from tests.journeys.chromium import TABLET, WIDE, chromium
from tests.journeys.served import Served, served
from tests.service.cli.command import ran

PASSWORD = "correct cheval pile agrafe"


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, served(Path(data), samples=True) as service, chromium() as browser:
        settled(service)
        page = browser.new_page(viewport=WIDE, locale="fr-FR", timezone_id="Europe/Paris")  # type: ignore[arg-type]
        page.goto(first_link(service))
        page.screenshot(path=folder / "premier-acces.png")
        welcomed(page, "Camille Renard")
        ran(Path(data), "user", "add", "Noé Lambert", "--role", "advisor")
        ran(Path(data), "user", "add", "Iris Morel", "--role", "lead")
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            look_around(page, service, folder, "" if theme == "light" else "-sombre")
        page.set_viewport_size(TABLET)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light")
        page.goto(service.address)
        page.screenshot(path=folder / "bureau-tablette.png")


def look_around(page: Page, service: Served, folder: Path, mark: str) -> None:
    page.goto(service.address)
    page.screenshot(path=folder / f"bureau{mark}.png")
    page.get_by_role("link", name="remboursement", exact=False).filter(has_text="Solène").first.click()
    page.screenshot(path=folder / f"message{mark}.png")
    page.locator("#draft-title").scroll_into_view_if_needed()
    page.screenshot(path=folder / f"brouillon{mark}.png", full_page=True)
    for name in ("people", "audit", "me"):
        page.goto(f"{service.address}/{name}")
        page.screenshot(path=folder / f"{name}{mark}.png")


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
