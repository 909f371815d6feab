"""Debian's Chromium, driven by Playwright; a machine without it fails these tests rather than passing them by."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, sync_playwright

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WITHOUT = "AIGUILLEUR_TESTS_WITHOUT_BROWSER"
WIDE: ViewportSize = {"width": 1280, "height": 720}
TABLET: ViewportSize = {"width": 820, "height": 1180}


@contextmanager
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError(f"Chromium is not installed (apt-get install chromium); {WITHOUT}=1 leaves its tests out")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, "--no-proxy-server"])
        yield browser
        browser.close()


def strict(page: Page) -> list[str]:
    """What the page complained of, filled while it is used: blocked by the policy, or failed. Not the status of the
    page itself."""
    complaints: list[str] = []

    def heard(said: ConsoleMessage) -> None:
        if said.type == "error" and said.location["url"] != page.url:
            complaints.append(said.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints
