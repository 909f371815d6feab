"""Where a lead decides, without scripts: contested corrections, suggestions, labels; each word can be taken back."""

import asyncio
from typing import Any

import pytest

from service.domain.correction import Objection
from service.domain.suggestion import Effect, Suggestion, SuggestionEntry
from service.storage import confirmed, corrections, suggestions
from service.storage.database import Transaction
from tests.door import Door
from tests.service.samples import NOW
from tests.service.web.browser import Browser, as_person, text_of

ACCOUNT = "club-horizon-auto"
EFFECT = Effect(n=100, fixed=4, broken=1, verdict="cannot tell", p=0.2, smallest=0.1)


@pytest.fixture(scope="module")
def lead(shared_door: Door) -> Browser:
    return as_person(shared_door, "lead", "Claire")


@pytest.fixture
def contested(shared_door: Door) -> dict[str, Any]:
    """A correction that waits, as if near messages spoke against it."""
    desk = shared_door.desk
    found = shared_door.triage(body="Bonjour, je souhaite résilier mon adhésion avant la fin du mois.")
    queue = next(one.id for one in asyncio.run(desk.playbooks.active(ACCOUNT)).queues if one.id != found["queue"])
    case = asyncio.run(desk.review.correct(found["id"], queue, "Léa", "il veut <b>autre chose</b>"))
    assert case.correction
    entry = case.correction

    def objected(transaction: Transaction) -> None:
        against = Objection(kind="neighbours", queue=queue, refs=(confirmed.lessons(transaction, ACCOUNT)[0].id,))
        waits = entry.model_copy(update={"id": f"{entry.id[:-1]}z", "state": "contested", "objections": (against,)})
        corrections.add(transaction, waits)

    asyncio.run(desk.database.write(objected))
    return {"id": f"{entry.id[:-1]}z", "message": found["id"]}


@pytest.fixture
def label(shared_door: Door) -> Suggestion:
    """A suggested label that nobody has looked at."""
    desk = shared_door.desk

    def kept(transaction: Transaction) -> Suggestion:
        lesson = confirmed.lessons(transaction, ACCOUNT)[3]
        queue = lesson.confirmed.queue
        queues = asyncio.run(desk.playbooks.active(ACCOUNT)).queue_ids
        one = Suggestion(
            id=f"label-{lesson.id}",
            kind="label",
            queue=queue,
            other=next(other for other in queues if other != queue),
            messages=(lesson.id,),
            probability=0.02,
            other_probability=0.8,
            effect=EFFECT,
            text="Une étiquette à revoir.",
        )
        pair = one.model_copy(update={"id": "confusion-x", "kind": "confusion", "text": "Deux files confondues."})
        found = [SuggestionEntry(account=ACCOUNT, suggestion=each, made_at=NOW) for each in (one, pair)]
        suggestions.replace_open(transaction, ACCOUNT, found)
        return one

    with desk.database.writing() as transaction:
        return kept(transaction)


def recorded(door: Door, message: str) -> str:
    with door.desk.database.reading() as transaction:
        return confirmed.lessons(transaction, ACCOUNT, [message])[0].confirmed.queue


def test_both_sides_of_a_contested_correction_are_shown_decided_and_taken_back(
    lead: Browser, contested: dict[str, Any], shared_door: Door
) -> None:
    page = lead.get("/corrections")
    shown = text_of(page)
    assert "résilier mon adhésion" in shown
    assert "il veut <b>autre chose</b>" in shown
    assert "<b>autre" not in page.text
    assert "Des messages semblables" in shown
    path = f"/corrections/one/{contested['id']}"
    done = lead.post(path, account=ACCOUNT, decision="accepted", comment="juste")
    assert "accepté" in text_of(done)
    assert contested["id"] not in done.text
    assert "juste" in text_of(lead.get("/corrections/decided"))
    assert recorded(shared_door, contested["message"])
    back = lead.post(f"{path}/reopen", account=ACCOUNT)
    assert contested["id"] in back.text
    with pytest.raises(IndexError):
        recorded(shared_door, contested["message"])


def test_a_label_is_changed_with_one_button_and_changed_back(
    lead: Browser, label: Suggestion, shared_door: Door
) -> None:
    page = lead.get("/corrections/labels")
    assert label.messages[0] in page.text
    path = f"/corrections/suggestions/{label.id}"
    lead.post(path, account=ACCOUNT, decision="changed", after="/corrections/labels")
    assert recorded(shared_door, label.messages[0]) == label.other
    assert "changée" in text_of(lead.get("/corrections/decided"))
    lead.post(f"{path}/reopen", account=ACCOUNT)
    assert recorded(shared_door, label.messages[0]) == label.queue
    assert label.messages[0] in lead.get("/corrections/labels").text


def test_a_refused_suggestion_keeps_its_reason_and_may_come_back(lead: Browser, label: Suggestion) -> None:
    assert label
    page = lead.get("/corrections/suggestions")
    assert "+4" in text_of(page)
    assert "trop peu de messages" in text_of(page)
    lead.post("/corrections/suggestions/confusion-x", account=ACCOUNT, decision="refused", comment="déjà réglé")
    decided = text_of(lead.get("/corrections/decided"))
    assert "déjà réglé" in decided
    again = lead.post("/corrections/suggestions/confusion-x/reopen", account=ACCOUNT)
    assert "Deux files confondues." in text_of(again)


def test_only_leads_and_admins_decide(shared_door: Door) -> None:
    assert as_person(shared_door, "quality").get("/corrections").status_code == 403
