"""The desk searched, filtered by flag and confidence, and kept up to date without being loaded anew."""

import asyncio

import pytest

from service.web.headers import HEADERS
from tests.door import Door
from tests.service.web.browser import Browser, as_person, text_of

CANCEL = "Bonjour,\n\nJe souhaite résilier mon adhésion au club avant la fin du mois. Comment faire ?\n\nJeanne Roy"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> Je veux résilier. \u202egnihtyna"


@pytest.fixture(scope="module")
def bob(shared_door: Door) -> Browser:
    """Beside three messages that are findable."""
    shared_door.triage(subject="objet-trouve-un", body=CANCEL, external_id="chercher-1")
    urgent = f"{CANCEL}\n\nC'est très urgent, je suis en panne sur l'autoroute A7 avec mes enfants !"
    shared_door.triage(
        subject="objet-trouve-deux", body=urgent, sender={"name": "Zoé Quille", "address": "z@example.org"}
    )
    done = shared_door.triage(subject="objet-trouve-trois", body=HOSTILE)["id"]
    shared_door.put(f"/v1/messages/{done}/reply", {"text": "Un virement <b>exceptionnel</b> est parti.", "by": "x"})
    asyncio.run(all_indexed(shared_door))
    return as_person(shared_door)


async def all_indexed(door: Door) -> None:
    """Whoever does it: the served process may be at it, and leave what came in meanwhile for the next time."""
    indexing = door.desk.workbench.indexing
    async with asyncio.timeout(30):
        while await indexing.wanted():
            if not await indexing.index("test"):
                await asyncio.sleep(0.05)


def shown(browser: Browser, path: str) -> set[str]:
    page = browser.get(path).text.replace("<mark>", "").replace("</mark>", "")
    return {name for name in ("un", "deux", "trois") if f"objet-trouve-{name}<" in page}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("search=objet+trouve", {"un", "deux", "trois"}),
        ("search=virements", {"trois"}),
        ("search=quille+autoroute", {"deux"}),
        ("search=chercher-1", {"un"}),
        ("search=%22avant+la+fin+du+mois%22+trouve&order=best", {"un", "deux"}),
        ("search=objet+trouve&stage=answered", {"trois"}),
        ("search=objet+trouve&stage=to_do&order=oldest", {"un", "deux"}),
        ("search=objet+trouve&channel=sms", set()),
        ("search=objet+trouve&account=nowhere", set()),
        ("search=objet+trouve&flag=urgent", {"deux"}),
        ("search=objet+trouve&flag=nonsense", set()),
        ("search=++objet+trouve++&band=nonsense", {"un", "deux", "trois"}),
    ],
)
def test_a_search_goes_together_with_every_filter(bob: Browser, query: str, names: set[str]) -> None:
    assert shown(bob, f"/?{query}") == names


def test_bands_of_confidence_part_the_messages(bob: Browser) -> None:
    parts = [shown(bob, f"/?search=objet+trouve&band={band}") for band in ("sure", "likely", "unsure")]
    assert sum(map(len, parts)) == 3
    assert set[str]().union(*parts) == {"un", "deux", "trois"}


@pytest.mark.parametrize(("asked", "told"), [("zorglubine", "Aucun message"), ("%3F%3F", "pas de mot")])
def test_a_search_without_finds_says_what_to_try(bob: Browser, asked: str, told: str) -> None:
    assert told in text_of(bob.get(f"/?search={asked}"))


def test_finds_are_marked_and_hostile_words_stay_text(bob: Browser) -> None:
    page = bob.get("/?search=virement+exceptionnel")
    assert "<mark>virement</mark>" in page.text
    assert "&lt;b&gt;<mark>exceptionnel</mark>" in page.text
    assert "dans la réponse" in text_of(page)
    for asked in ("%22%3E%3Cscript%3Ealert(9)%3C/script%3E+r%C3%A9silier", "alert+r%C3%A9silier"):
        found = bob.get(f"/?search={asked}")
        assert (found.status_code, len(found.content) < 200_000) == (200, True)
        assert "<script>alert" not in found.text
        assert "<img src=x" not in found.text


def test_who_sees_no_account_finds_nothing(shared_door: Door, bob: Browser) -> None:
    eve = as_person(shared_door, "advisor", only=["club-horizon-auto"])
    assert shown(eve, "/?search=objet+trouve") == {"un", "deux", "trois"}
    assert shown(eve, "/?search=objet+trouve&account=other") == set()


def test_the_api_finds_the_same(shared_door: Door, bob: Browser) -> None:
    page = shared_door.get("/v1/messages?search=objet%20trouv%C3%A9&limit=2").json()
    rest = shared_door.get(f"/v1/messages?search=objet%20trouv%C3%A9&cursor={page['next_cursor']}").json()
    assert [len(page["items"]), len(rest["items"]), rest["next_cursor"]] == [2, 1, None]
    answered = shared_door.get("/v1/messages?search=virement&queue=resiliation").json()["items"]
    assert all(one["replied_at"] for one in answered)
    assert shared_door.get("/v1/messages?search=%3F").json()["items"] == []
    assert shared_door.get("/v1/messages?search=virement&cursor=x").status_code == 422


def test_news_cost_nothing_while_there_are_none_and_count_what_the_filters_show(door: Door) -> None:
    bob = as_person(door, "advisor", "Bob")
    before = bob.get("/news")
    assert bob.get("/news", headers={"if-none-match": before.headers["etag"]}).status_code == 304
    assert before.headers["cache-control"] != HEADERS.get("cache-control", "")
    found = door.triage(subject="objet-nouveau", body=CANCEL)
    version = before.json()["version"]
    assert bob.get(f"/news?since={version}", headers={"if-none-match": before.headers["etag"]}).json()["new"] == 1
    assert bob.get(f"/news?since={version}&queue=rgpd").json()["new"] == 0
    part = bob.get("/list")
    assert "objet-nouveau" in part.text
    assert "<html" not in part.text
    door.put(f"/v1/messages/{found['id']}/reply", {"text": "Bonjour", "by": "x"})
    assert bob.get(f"/news?since={version}").json()["new"] == 0
    assert bob.get("/news?since=%00&queue=%00").status_code == 200
