"""The desk and its messages, as an advisor sees and changes them."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from service.domain.message import Message
from service.storage import messages, triages
from service.storage.database import Transaction
from service.storage.engine import retire
from service.storage.ids import new_id
from service.web.headers import HEADERS
from tests.door import Door
from tests.service.web.browser import Browser, as_person, text_of

CANCEL = "Bonjour,\n\nJe souhaite résilier mon adhésion au club. Comment faire ?\n\nJeanne Roy"
CERTIFICATE = "Bonjour,\n\nPouvez-vous m'envoyer mon attestation d'assurance ?\n\nJeanne Roy"


@pytest.fixture
def bob(door: Door) -> Browser:
    return as_person(door, "advisor", "Bob")


def test_the_desk_lists_what_is_to_do_oldest_first(door: Door, bob: Browser) -> None:
    for number in range(3):
        door.triage(subject=f"Résiliation {number}", body=CANCEL, sender={"name": f"Client {number}", "address": ""})
    page = bob.get("/")
    assert [page.text.index(f"Résiliation {number}") for number in range(3)] == sorted(
        page.text.index(f"Résiliation {number}") for number in range(3)
    )
    assert "Je souhaite résilier mon adhésion au club" in text_of(page)
    assert "dans 23 h" in text_of(page) or "dans 24 h" in text_of(page)
    assert len(page.content) < 200_000


def test_an_empty_desk_says_so(shared_door: Door) -> None:
    assert "Rien ici" in text_of(as_person(shared_door).get("/"))


def test_queues_count_what_is_to_do_and_what_is_late(door: Door, bob: Browser) -> None:
    late = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    door.triage(body=CANCEL, received_at=late)
    answered = door.triage(body=CANCEL + " Merci.")["id"]
    door.put(f"/v1/messages/{answered}/reply", {"text": "Bonjour", "by": "x"})
    text = text_of(bob.get("/"))
    assert "Toutes les files 1" in text
    assert "1 en retard" in text
    assert "en retard de 2 j" in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"one", "two"}),
        ("?queue=attestation_document", {"one", "two"}),
        ("?queue=rgpd", set()),
        ("?channel=chat", {"two"}),
        ("?channel=fax", set()),
        ("?language=fr", {"one", "two"}),
        ("?language=de", set()),
        ("?stage=answered", {"three"}),
        ("?stage=all", {"one", "two", "three"}),
        ("?stage=waiting", set()),
        ("?outcome=routed", {"one", "two"}),
        ("?outcome=abstained", set()),
        ("?account=nowhere", set()),
    ],
)
def test_filters_narrow_the_list(filtered: Browser, query: str, shown: set[str]) -> None:
    text = text_of(filtered.get(f"/{query}"))
    assert {name for name in ("one", "two", "three") if f"objet-{name}" in text} == shown


@pytest.fixture(scope="module")
def filtered(shared_door: Door) -> Browser:
    shared_door.triage(subject="objet-one", body=CERTIFICATE)
    shared_door.triage(subject="objet-two", body=CERTIFICATE, channel="chat")
    done = shared_door.triage(subject="objet-three", body=CERTIFICATE, channel="form")["id"]
    shared_door.put(f"/v1/messages/{done}/reply", {"text": "Bonjour", "by": "x"})
    return as_person(shared_door)


def test_pages_follow_each_other(door: Door, bob: Browser) -> None:
    for number in range(33):
        asyncio.run(hand_in(door, number))
    first = bob.get("/?stage=all")
    assert "objet-00" in first.text
    assert "objet-32" not in first.text
    following = first.text.split('rel="next"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert "objet-32" in bob.get(following).text


async def hand_in(door: Door, number: int) -> None:
    await door.desk.intake.receive(Message(subject=f"objet-{number:02}", body="x", account="club-horizon-auto"))


def test_a_message_shows_words_evidence_queues_and_the_draft(door: Door, bob: Browser) -> None:
    quoted = (
        f"{CANCEL}\n\nLe 3 mars 2026 à 10:12, Club Horizon Auto <contact@example.org> a écrit :\n> Votre cotisation\n"
    )
    found = door.triage(subject="Départ", body=quoted, sender={"name": "Jeanne Roy", "address": "j@example.org"})
    page = bob.get(f"/messages/{found['id']}")
    text = text_of(page)
    assert found["reason"].split("(")[0] in text
    assert "Jeanne Roy" in text
    assert "<mark" in page.text
    assert "<summary>Message cité</summary>" in page.text
    assert all(f"{round(one['probability'] * 100)} %" in text for one in found["alternatives"][:3])
    assert found["draft"]["body"].splitlines()[0] in text
    assert len(page.content) < 200_000


def test_words_that_two_reasons_share_are_marked_in_one_piece(door: Door, bob: Browser) -> None:
    """Marks side by side, each with its margin, read like two spaces between the words."""
    found = door.triage(body="Vous avez prélevé deux fois la cotisation. Me rembourser la deuxième fois ? Je résilie.")
    spans = sorted((one["start"], one["end"]) for one in found["evidence"] if one["start"] is not None)
    assert any(before[1] > after[0] and before != after for before, after in pairwise(spans))
    page = bob.get(f"/messages/{found['id']}").text
    assert "</mark><mark" not in page
    assert page.count("<mark") == page.count("</mark>") > 0


def test_a_queue_is_corrected_and_the_choice_taken_back(door: Door, bob: Browser) -> None:
    found = door.triage(body=CANCEL)
    path = f"/messages/{found['id']}"
    corrected = bob.post(f"{path}/queue", page=path, queue="rgpd", comment="il veut ses données")
    assert "nouvelle file" in text_of(corrected)
    assert "File choisie par Bob" in text_of(corrected)
    case = asyncio.run(door.desk.messages.get(found["id"]))
    assert (case.queue, case.corrected_by) == ("rgpd", "Bob")
    assert case.correction
    undone = bob.post(f"{path}/undo", correction=case.correction.id)
    assert "annulé" in text_of(undone)
    assert asyncio.run(door.desk.messages.get(found["id"])).queue == "resiliation"
    told = [event.kind for event in asyncio.run(door.desk.messages.history(found["id"])) if event.actor == "Bob"]
    assert told[0] == "queue_corrected"
    assert told[-1] == "correction_undone"


def test_a_queue_that_is_not_there_is_a_page_that_says_so(door: Door, bob: Browser) -> None:
    path = f"/messages/{door.triage(body=CANCEL)['id']}"
    assert bob.post(f"{path}/queue", page=path, queue="nowhere").status_code == 422


def test_a_reply_is_recorded_as_it_was_sent(door: Door, bob: Browser) -> None:
    found = door.triage(body=CANCEL)
    path = f"/messages/{found['id']}"
    done = bob.post(f"{path}/reply", page=path, text="Bonjour Jeanne,\r\n\r\nC'est fait.\r\n")
    assert "consignée" in text_of(done)
    assert asyncio.run(door.desk.workbench.reading.sheet(found["id"])).reply == "Bonjour Jeanne,\n\nC'est fait."
    assert "Toutes les files 0" in text_of(bob.get("/"))


def test_a_reply_without_words_is_not_recorded(door: Door, bob: Browser) -> None:
    path = f"/messages/{door.triage(body=CANCEL)['id']}"
    refused = bob.post(f"{path}/reply", page=path, text=" \r\n ")
    assert (refused.status_code, "pas de texte" in text_of(refused)) == (422, True)


def test_a_database_that_is_away_is_a_page_that_says_so(door: Door, bob: Browser, data_folder: Path) -> None:
    retire(door.desk.database.engine)
    for file in data_folder.glob("aiguilleur.db*"):
        file.unlink()
    (data_folder / "aiguilleur.db").mkdir()
    page = bob.get("/")
    assert (page.status_code, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert "Réessayez" in text_of(page)
    assert "sqlite" not in page.text.lower()


def test_a_message_whose_triage_failed_is_read_sorted_and_answered_by_people(door: Door, bob: Browser) -> None:
    message = Message(subject="Illisible", body=CANCEL, account="club-horizon-auto")
    failed = new_id()

    def store(transaction: Transaction) -> None:
        messages.add(transaction, failed, message, message.fingerprint, "failed", datetime.now(UTC))
        triages.open_without(transaction, failed, "club-horizon-auto", datetime.now(UTC))

    asyncio.run(door.desk.database.write(store))
    assert "Illisible" in text_of(bob.get("/?queue=-"))
    path = f"/messages/{failed}"
    assert "n'a pas pu être analysé" in text_of(bob.get(path))
    assert "nouvelle file" in text_of(bob.post(f"{path}/queue", queue="resiliation"))
    assert "consignée" in text_of(bob.post(f"{path}/reply", text="Bonjour,"))


def test_a_message_that_waits_for_its_triage_can_be_read(door: Door, bob: Browser) -> None:
    message, waiting = Message(body=CANCEL, account="club-horizon-auto"), new_id()

    def store(transaction: Transaction) -> None:
        messages.add(transaction, waiting, message, message.fingerprint, "received", datetime.now(UTC))
        messages.lease(transaction, "another worker", 1, datetime.now(UTC), messages.LONGEST_REST)

    asyncio.run(door.desk.database.write(store))
    page = bob.get(f"/messages/{waiting}")
    assert "résilier mon adhésion" in text_of(page)
    assert f"/messages/{waiting}/" not in page.text
    assert waiting in bob.get("/?stage=waiting").text


def test_no_page_has_a_button_that_sends(door: Door, bob: Browser) -> None:
    page = bob.get(f"/messages/{door.triage(body=CANCEL)['id']}").text
    actions = {part.split('"')[0] for part in page.split('action="')[1:]}
    assert {action.rsplit("/", 1)[1] for action in actions} <= {
        "reply",
        "ready",
        "answers",
        "insert",
        "calls",
        "draft",
        "wish",
        "queue",
        "flags",
        "undo",
        "claim",
        "level",
        "sign-out",
    }


def test_quality_reads_and_changes_nothing(door: Door) -> None:
    found = door.triage(body=CANCEL)["id"]
    page = as_person(door, "quality").get(f"/messages/{found}")
    assert page.status_code == 200
    assert f"/messages/{found}/" not in page.text


def test_a_giant_message_is_cut_and_shown_whole_on_demand(door: Door, bob: Browser) -> None:
    words = " ".join(f"mot{number}" for number in range(40_000))
    found = door.triage(body=f"{CANCEL}\n\n{words}")["id"]
    cut = bob.get(f"/messages/{found}")
    assert len(cut.content) < 200_000
    assert "Tout afficher" in text_of(cut)
    assert "mot39999" in bob.get(f"/messages/{found}?whole=1").text


def test_a_message_of_another_account_is_not_there(door: Door) -> None:
    found = door.triage(body=CANCEL)["id"]
    asyncio.run(make_account(door, "autre"))
    eve = as_person(door, "advisor", "Eve", only=["autre"])
    assert eve.get(f"/messages/{found}").status_code == 404
    for verb, fields in (("queue", {"queue": "rgpd"}), ("reply", {"text": "x"}), ("undo", {"correction": "x"})):
        assert eve.post(f"/messages/{found}/{verb}", page="/me", **fields).status_code == 404
    assert "résilier" not in text_of(eve.get("/?stage=all"))
    assert "résilier" not in text_of(eve.get("/?stage=all&account=club-horizon-auto"))


async def make_account(door: Door, name: str) -> None:
    from tempfile import TemporaryDirectory

    from tests.service.small_account import write_account

    with TemporaryDirectory() as folder:
        await door.desk.import_folder(write_account(Path(folder) / name, name), by="test")


def test_every_page_carries_the_policy_and_no_script_or_style_of_its_own(door: Door, bob: Browser) -> None:
    found = door.triage(body=CANCEL)["id"]
    for path in ("/", f"/messages/{found}", "/me", "/keyboard", "/people", "/nowhere", "/audit", "/sign-in"):
        page = bob.get(path)
        assert {name: page.headers[name] for name in HEADERS} == HEADERS
        assert page.headers["cache-control"] == "no-store"
        assert page.text.count("<script") == page.text.count('<script src="/static/')
        assert "<style" not in page.text


def test_static_files_are_kept_for_good_under_names_of_their_content(shared_door: Door) -> None:
    page = Browser(shared_door).get("/sign-in").text
    sheet = page.split('rel="stylesheet" href="')[1].split('"')[0]
    found = shared_door.client.get(sheet)
    assert (found.status_code, found.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in found.headers["cache-control"]
    assert shared_door.client.get("/static/app.css", headers={"accept": "text/html"}).status_code == 404
