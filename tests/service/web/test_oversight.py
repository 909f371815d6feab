"""The page of figures, its export and the API tell the same numbers; charts are drawn to scale."""

import csv
import io
import json

import pytest

from service.desk.clock import utc_now
from service.storage import reuses
from service.storage.reuses import Reuse
from service.web.charts import Series, columns, lines
from tests.door import Door, fields_of, problem_of
from tests.service.web.browser import Browser, as_person, text_of

BODY = "Bonjour, je voudrais une copie de ma facture du mois de mars, merci beaucoup."


@pytest.fixture
def door(small_door: Door) -> Door:
    return small_door


@pytest.fixture
def lead(door: Door) -> Browser:
    return as_person(door, "lead", "Léa")


def test_page_export_and_api_tell_the_same_numbers(door: Door, lead: Browser) -> None:
    ids = [door.triage(subject=f"Copie {number}", body=BODY)["id"] for number in range(5)]
    for message_id in ids[:3]:
        path = f"/messages/{message_id}"
        lead.post(f"{path}/claim", page=path)
        lead.post(f"{path}/reply", page=path, text="Bonjour,\n\nLa voici.")
    told = door.get("/v1/oversight", scope="review").json()
    assert (told["total"]["received"], told["total"]["handled"], told["total"]["answered"]["share"]) == (5, 3, 0.6)
    assert (told["backlog"]["now"], told["to_claim"]["n"], told["uncounted"]) == (2, 3, 0)
    page = lead.get("/oversight")
    said = text_of(page)
    assert "Reçus 5" in said
    assert "Traités 3" in said
    assert "60 %" in said
    assert "Pas assez d'historique" in said
    assert len(page.content) < 200_000
    table = list(csv.reader(io.StringIO(lead.get("/oversight.csv").text.removeprefix("\ufeff"))))
    found = {tuple(row[:3]): row[3] for row in table[1:]}
    assert float(found["total", "", "answered.share"]) == told["total"]["answered"]["share"]
    assert int(found["periods", told["periods"][-1]["start"], "flow.handled"]) == 3
    assert json.dumps(told).count("Léa") == 0
    long = lead.get("/oversight?since=2024-01-01").text
    assert '<option value="week" selected>' in long
    assert len(long) < 200_000


def test_a_spreadsheet_runs_nothing_of_the_export(door: Door, lead: Browser) -> None:
    lead.post("/teams", page="/teams", name="=cmd|' /C calc'!A0", levels="1", site="@Lille", members="Léa")
    path = f"/messages/{door.triage(body=BODY)['id']}"
    lead.post(f"{path}/claim", page=path)
    cells = [cell for row in csv.reader(io.StringIO(lead.get("/oversight.csv").text)) for cell in row]
    assert "'=cmd|' /C calc'!A0" in cells
    assert "'@Lille" in cells
    assert not any(cell.startswith(("=", "@", "+")) for cell in cells)


def test_strange_days_are_a_page_and_a_refusal(door: Door, lead: Browser) -> None:
    for query in ("since=2026-02-31", "since=2026-02-02&until=2026-02-01", "since=0001-01-01", "until=9999-12-31"):
        assert lead.get(f"/oversight?{query}").status_code == 422
    assert "grain=day" not in str(lead.get("/oversight?grain=week&since=2026-01-01&until=2026-03-01").url)
    assert lead.get("/oversight?account=nobody").status_code == 422
    assert fields_of(door.get("/v1/oversight?from=2026-02-02&to=2026-02-01")) == ["from"]
    problem_of(door.get("/v1/oversight", scope="triage"), 403)
    problem_of(door.get("/v1/oversight?account=autre", scope="review", account="petit"), 403)


def test_what_others_took_up_is_for_oneself_and_ones_lead(door: Door, lead: Browser) -> None:
    ada, quentin = as_person(door, "advisor", "Ada Petit"), as_person(door, "quality", "Quentin")
    message_id = door.triage(body=BODY)["id"]
    with door.desk.database.writing() as transaction:
        known = reuses.logins(transaction)
        taken = [Reuse("lesson", "m-1", known["ada petit"], known["léa"])]
        reuses.put(transaction, (message_id, "petit", utc_now()), taken)
    assert "corrections 1 1 en tout" in text_of(ada.get("/me"))
    assert "reprennent de vous" not in text_of(lead.get("/me"))
    assert "Ada Petit" in text_of(lead.get("/oversight"))
    assert "people,Ada Petit,corrections,1" in lead.get("/oversight.csv").text
    for other in (quentin, as_person(door, "admin", "Alix")):
        assert "Ada Petit" not in text_of(other.get("/oversight"))
        assert "Ada Petit" not in other.get("/oversight.csv").text
    assert "Ada Petit" not in door.get("/v1/oversight", scope="review").text
    lead.post("/teams", page="/teams", name="Accueil", levels="1", members="Léa")
    assert "Ada Petit" not in text_of(lead.get("/oversight"))


def test_who_does_not_lead_sees_no_figures(door: Door) -> None:
    assert as_person(door, "advisor", "Ada").get("/oversight").status_code == 403
    assert as_person(door, "quality", "Quentin").get("/oversight").status_code == 200
    other = as_person(door, "lead", "Max", only=["petit"])
    assert "petit" in text_of(other.get("/oversight"))


def test_columns_stand_to_scale_below_a_round_top() -> None:
    chart = columns(["a", "b"], (Series("received", [40.0, 0.0]), Series("handled", [20.0, None])), str, line=80.0)
    received, handled = chart.rects
    assert received.height == pytest.approx(2 * handled.height)
    assert received.y + received.height == pytest.approx(chart.foot)
    assert [tick.text for tick in chart.ticks] == ["0.0", "50.0", "100.0"]
    assert len(chart.paths) == 1


def test_lines_break_off_and_margins_stand_around_them() -> None:
    chart = lines(["a", "b", "c"], (Series("was", [1.0, 3.0, None]),), str, [None, (1.0, 4.0), None])
    assert chart.paths[0].d.count("L") == 1
    margin = next(one for one in chart.rects if one.kind == "margin")
    assert 0 < margin.height < chart.foot
    assert columns([], (), str).rects == ()
