"""Suggestions are kept, decided once, and what was decided stays away; on either database."""

import asyncio
from datetime import timedelta

import pytest

from service.desk.board.review import Review
from service.desk.intake.triage import TriageDesk
from service.desk.learning.suggesting import Ground
from service.desk.learning.suggestions import Suggestions
from service.desk.playbooks.versions import Playbooks
from service.domain.suggestion import Effect, Suggestion
from service.errors import ConflictError, MissingError
from service.storage.database import Database
from service.storage.events import history
from tests.service.samples import NOW, a_message

NONE = Effect(n=2, fixed=0, broken=0, verdict="cannot tell", p=1.0, smallest=1.0, hurt=("é-1",))
PAIR = Suggestion(id="confusion-1", kind="confusion", queue="facture", other="sinistre", count=3, effect=NONE)
TWIN = Suggestion(id="contradiction-1", kind="contradiction", queue="facture", other="sinistre", sentences=("a", "b"))


class Found:
    """A `find` that gives what it is told to, and remembers what it was asked."""

    def __init__(self, *found: Suggestion) -> None:
        self.found = list(found)
        self.asked: list[Ground] = []

    def __call__(self, ground: Ground) -> list[Suggestion]:
        self.asked.append(ground)
        return self.found


@pytest.fixture
def found() -> Found:
    return Found(PAIR, TWIN)


@pytest.fixture
def suggestions(database: Database, playbooks: Playbooks, found: Found, club: str) -> Suggestions:
    assert club
    return Suggestions(database, playbooks, found, lambda: NOW)


async def test_they_are_kept_as_they_were_found_in_their_order(suggestions: Suggestions) -> None:
    made = await suggestions.make("club")
    assert [one.suggestion for one in made] == [PAIR, TWIN]
    assert await suggestions.list("club") == made
    assert await suggestions.list("club", "contradiction") == made[1:]


async def test_a_refused_one_stays_away_and_an_event_says_so(
    suggestions: Suggestions, found: Found, database: Database
) -> None:
    await suggestions.make("club")
    refused = await suggestions.settle("club", PAIR.id, "refused", "claire")
    assert (refused.state, refused.decided_by, refused.decided_at) == ("refused", "claire", NOW)
    assert [one.suggestion.id for one in await suggestions.make("club")] == [TWIN.id]
    found.found = []
    assert await suggestions.make("club") == []
    assert await suggestions.list("club", state=None) == [refused]
    (event,) = await database.read(history, PAIR.id)
    assert (event.kind, event.actor) == ("suggestion_refused", "claire")


async def test_what_was_settled_is_not_settled_otherwise(suggestions: Suggestions) -> None:
    await suggestions.make("club")
    await suggestions.settle("club", TWIN.id, "accepted", "claire")
    with pytest.raises(ConflictError):
        await suggestions.settle("club", TWIN.id, "refused", "claire")
    with pytest.raises(MissingError):
        await suggestions.settle("club", "keyword-9", "refused", "claire")


async def test_only_the_corrections_of_the_while_are_looked_at(
    suggestions: Suggestions, found: Found, triage_desk: TriageDesk, review: Review
) -> None:
    triaged = await triage_desk.triage(a_message("m-7"))
    await review.correct(triaged.id, "sinistre", "lea")
    await suggestions.make("club", timedelta(days=40_000))
    await suggestions.make("club", timedelta(0))
    await suggestions.make("club", None)
    wide, narrow, every = (ground.corrected for ground in found.asked)
    assert wide is not None
    assert set(wide) == {"m-7"}
    assert (every, [one.confirmed.queue for one in found.asked[0].lessons]) == (None, ["sinistre"])
    assert narrow is not None


async def test_a_word_is_taken_back_with_its_reason(suggestions: Suggestions, database: Database) -> None:
    await suggestions.make("club")
    refused = await suggestions.settle("club", PAIR.id, "refused", "claire", comment="déjà réglé")
    assert refused.comment == "déjà réglé"
    again = await suggestions.reopen("club", PAIR.id, "nadia")
    assert (again.state, again.decided_by, again.comment) == ("open", None, None)
    assert [event.kind for event in await database.read(history, PAIR.id)][-1] == "suggestion_reopened"


async def test_making_them_is_begun_once_and_nobody_waits_for_it(suggestions: Suggestions, found: Found) -> None:
    suggestions.begin("club")
    suggestions.begin("club")
    assert suggestions.searching("club")
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others)
    assert not suggestions.searching("club")
    assert len(found.asked) == 1
    assert len(await suggestions.list("club")) == 2
