"""The day of each role in real Chromium, on SQLite and on PostgreSQL: one service for all of them."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import GivenSettings
from tests.databases import emptied
from tests.journeys.advising import a_morning
from tests.journeys.chromium import WITHOUT, chromium, strict
from tests.journeys.editing import changes_the_playbook_and_back
from tests.journeys.leading import edits_and_decides, keeps_teams_and_reads_figures, labels_blind_and_reads
from tests.journeys.screenshots import first_link
from tests.journeys.served import Served, served
from tests.journeys.signing import added, signed
from tests.service.taught import taught_store

pytestmark = [
    pytest.mark.skipif(os.environ.get(WITHOUT) == "1", reason=f"{WITHOUT}=1"),
    pytest.mark.timeout(600),
]

ANSWER = """
  - id: facture_details
    queue: factures
    title: Facture envoyée
    situation: Le client demande sa facture.
    placeholders: [numero_piece, date_piece]
    body: |
      Bonjour,
      Votre facture {numero_piece} du {date_piece} est jointe.
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=30_000)
    with chromium() as browser:
        yield browser
    expect.set_options(timeout=5_000)


@pytest.fixture(params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served workbench with a small account."""
    folder: Path = tmp_path_factory.mktemp("roles")
    url = emptied(request.getfixturevalue("migrated")) if request.param == "postgresql" else ""
    given = GivenSettings(data=folder / "data", database_url=url)
    with ThreadPoolExecutor(1) as apart:  # Playwright has an event loop in this thread
        apart.submit(taught_store, given, folder / "account", ANSWER).result()
    with served(folder / "data", **({"database_url": url} if url else {})) as service:
        yield service


def test_the_day_of_each_role(service: Served, browser: Browser) -> None:
    """One after the other on one service: each goes on where the one before left."""
    camille = signed(browser, service, first_link(service), "Camille Renard")  # an admin may what leads and quality may
    complaints = strict(camille)
    changes_the_playbook_and_back(camille)
    advises(camille, browser, service)
    edits_and_decides(camille, browser, service)
    labels_blind_and_reads(camille, browser, service)
    keeps_teams_and_reads_figures(camille, browser, service)
    assert own(complaints) == []
    camille.context.close()


def advises(camille: Page, browser: Browser, service: Served) -> None:
    page = signed(browser, service, added(camille, "Noé Lambert", "advisor"))
    complaints = strict(page)
    a_morning(page, service)
    assert own(complaints) == []
    page.context.close()


def own(complaints: list[str]) -> list[str]:
    """But for those of a line that was cut."""
    return [said for said in complaints if "net::ERR_" not in said]
