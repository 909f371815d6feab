"""Page, API and command line show the same digests, to those who lead; each account its own."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from service.desk.clock import utc_now
from tests.conftest import GivenSettings, copied
from tests.door import Door, open_door, problem_of
from tests.service.cli.conftest import Run, run
from tests.service.web.browser import Browser, as_person, text_of

__all__ = ["run"]

BODY = "Bonjour, je voudrais une copie de ma facture du mois de mars, merci beaucoup."


@pytest.fixture
def door(small_store: Path, tmp_path: Path) -> Iterator[Door]:
    """Nothing runs beside the calls, so no digest is made unasked."""
    folder = copied(small_store, tmp_path / "petit")
    with open_door(GivenSettings(data=folder, works=False)) as door:
        yield door


@pytest.fixture
def lead(door: Door) -> Browser:
    return as_person(door, "lead", "Léa")


def test_page_api_and_command_line_show_the_same(door: Door, lead: Browser, run: Run) -> None:
    assert "pas encore de bilan" in text_of(lead.get("/oversight/digests"))
    yesterday = utc_now() - timedelta(days=1)
    for number in range(3):
        door.triage(subject=f"Copie {number}", body=BODY, received_at=yesterday.isoformat())
    told = run("oversight", "digest", "--json", data=door.desk.settings.data)
    (digest,) = door.get("/v1/digests", scope="review").json()["items"]
    assert json.loads(told.out)["items"] == [digest]
    assert (digest["received"], digest["queues"][0]["label"], digest["queues"][0]["to_do"]) == (3, "Factures", 3)
    page = lead.get("/oversight/digests")
    said = text_of(page)
    assert "Reçus 3 0 la veille" in said
    assert "À faire 3" in said
    assert "Factures 3 0 3" in said
    assert len(page.content) < 50_000
    assert "Semaine du" in text_of(lead.get("/oversight/digests?span=week"))
    lines = run("oversight", "digest", data=door.desk.settings.data).out.splitlines()
    assert "received\t3" in lines


def test_nobody_reads_of_an_account_that_is_not_theirs(door: Door, lead: Browser) -> None:
    assert lead.get("/oversight/digests?account=autre").status_code == 422
    problem_of(door.get("/v1/digests?account=autre", account="petit", scope="review"), 403)
    problem_of(door.get("/v1/digests", scope="triage"), 403)
