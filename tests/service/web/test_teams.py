"""Teams through their doors: the page, the desk that follows from them, and the API."""

import pytest

from tests.door import Door, fields_of, problem_of
from tests.service.web.browser import Browser, as_person, text_of

FRENCH = "Bonjour, je voudrais une copie de ma facture du mois de mars, merci beaucoup."
ENGLISH = "Hello, I would like to receive a copy of my invoice for the month of March, thank you very much."


@pytest.fixture
def door(small_door: Door) -> Door:
    return small_door


@pytest.fixture
def lead(door: Door) -> Browser:
    return as_person(door, "lead", "Léa")


def test_a_desk_shows_what_its_teams_can_answer_and_the_rest_on_demand(door: Door, lead: Browser) -> None:
    french, english = (door.triage(subject=s, body=b)["id"] for s, b in (("Copie", FRENCH), ("Invoice", ENGLISH)))
    ada = as_person(door, "advisor", "Ada")
    assert {french, english} <= links(ada.get("/").text)
    lead.post("/teams", page="/teams", name="Accueil", levels="1", languages="fr", members="Ada")
    assert lead.last is not None
    assert "enregistrée" in text_of(lead.last)
    mine = ada.get("/")
    assert links(mine.text) == {french}
    assert "Tout voir" in text_of(mine)
    assert "Sans équipe" not in text_of(mine)
    assert links(ada.get("/?team=all").text) == {french, english}
    assert "Sans équipe 1" in text_of(lead.get("/"))
    assert links(lead.get("/?team=none").text) == {english}
    assert "Aucune équipe ne peut répondre" in text_of(ada.get(f"/messages/{english}"))
    assert ada.post("/next", page="/").url.path == f"/messages/{french}"
    assert ada.post("/next", page="/").url.path == "/"


def test_a_message_is_escalated_on_its_page_and_handed_back(door: Door, lead: Browser) -> None:
    found = door.triage(subject="Copie", body=FRENCH)["id"]
    ada, path = as_person(door, "advisor", "Ada"), f"/messages/{found}"
    assert ada.post(f"{path}/level", page=path, level="2", comment=" ").status_code == 422
    sent = text_of(ada.post(f"{path}/level", page=path, level="2", comment="<b>à vérifier</b>"))
    assert "transmis" in sent
    assert "niveau 1 → 2" in sent
    assert "<b>à vérifier</b>" in sent
    assert "Niveau 2" in text_of(lead.get("/"))
    assert "niveau 2 → 1" in text_of(lead.post(f"{path}/level", page=path, level="1", comment="réponse type"))
    assert ada.post(f"{path}/level", page=path, level="9", comment="x").status_code == 422


def test_a_form_with_mistakes_comes_back_with_what_was_typed_and_why(lead: Browser) -> None:
    lead.get("/teams")
    page = lead.post("/teams", name="Nuit", levels="1", hours_monday="22:00-06:00", languages="français")
    assert page.status_code == 422
    assert 'value="22:00-06:00"' in page.text
    said = text_of(page)
    assert "la fin après le début" in said
    assert "deux lettres" in said
    assert "Cochez au moins un niveau" in text_of(lead.post("/teams", page="/teams", name="Nuit"))
    assert lead.post("/teams", page="/teams", name="Jour", levels="1").status_code == 200
    assert "porte déjà ce nom" in text_of(lead.post("/teams", page="/teams", name="jour", levels="1"))
    changed = lead.post("/teams/change", page="/teams", team="Jour", name="Matin", levels="2", closed="2026-12-24")
    assert "Matin" in text_of(changed)
    assert "supprimée" in text_of(lead.post("/teams/remove", page="/teams", team="matin"))
    assert lead.post("/teams/remove", page="/teams", team="matin").status_code == 404


def test_a_lead_of_some_accounts_makes_teams_of_those_alone(door: Door, lead: Browser) -> None:
    some = as_person(door, "lead", "Max", only=["petit"])
    assert some.post("/teams", page="/teams", name="Tout", levels="1").status_code == 422
    assert some.post("/teams", page="/teams", name="Petit", levels="1", accounts="petit").status_code == 200
    lead.post("/teams", page="/teams", name="Tous", levels="1")
    assert "Tous" not in text_of(some.get("/teams"))
    assert some.post("/teams/remove", page="/teams", team="Tous").status_code == 404


def test_the_api_makes_changes_and_removes_teams(door: Door) -> None:
    as_person(door, "advisor", "Ada")
    wanted = {"name": "Nantes", "levels": [1, 2], "hours": {"monday": ["09:00-18:00"]}, "members": ["Ada"]}
    made = door.post("/v1/teams", wanted)
    assert made.status_code == 201, made.text
    team = made.json()["team"]
    assert (team["members"], team["able"], team["timezone"]) == (["Ada"], True, "Europe/Paris")
    assert [one["team"]["name"] for one in door.get("/v1/teams", scope="review").json()["items"]] == ["Nantes"]
    problem_of(door.post("/v1/teams", wanted), 409)
    assert fields_of(door.post("/v1/teams", wanted | {"levels": [7]}))[0].startswith("levels")
    assert fields_of(door.post("/v1/teams", wanted | {"name": "B", "queues": ["nowhere"]})) == ["queues"]
    problem_of(door.post("/v1/teams", wanted, scope="review"), 403)
    changed = door.put(f"/v1/teams/{team['id']}", {"name": "Nantes", "levels": [3], "members": []}).json()
    assert (changed["team"]["levels"], changed["team"]["members"]) == ([3], [])
    assert door.get("/v1/teams", account="petit").json()["items"] == []
    problem_of(door.call("DELETE", f"/v1/teams/{team['id']}", account="petit"), 404)
    assert door.call("DELETE", f"/v1/teams/{team['id']}").status_code == 204
    problem_of(door.call("DELETE", f"/v1/teams/{team['id']}"), 404)


def test_the_api_gives_a_message_to_another_level(door: Door) -> None:
    path = f"/v1/messages/{door.triage(body=FRENCH)['id']}/level"
    assert door.put(path, {"level": 3, "by": "CRM", "comment": "juridique"}, scope="review").json()["raised"] == 3
    assert door.put(path, {"level": 1, "by": "CRM", "comment": "non"}).json()["raised"] is None
    assert fields_of(door.put(path, {"level": 2, "by": "CRM", "comment": " "})) == ["comment"]


def links(page: str) -> set[str]:
    """Ids of the messages that a desk lists."""
    return {part.split('"')[0] for part in page.split('href="/messages/')[1:]}
