"""What people say of a message tells how far the model's word about it may be trusted."""

from typing import Any

import pytest

from service.desk.board.review import Review
from service.desk.intake.triage import TriageDesk
from service.desk.learning.versions import Learning
from service.desk.playbooks.versions import Playbooks
from service.domain.decision import Local
from service.domain.message import Message
from service.domain.triage import Triage, Usage
from service.domain.votes import Vote
from service.learning.trust import UNTRIED, Trust
from service.storage.database import Database
from tests.service.samples import a_message, a_triage

MODEL = "some/model"


async def heard(message: Message, triage_id: str) -> Triage:
    """A pipeline whose model says `resiliation`, which the local voters thought possible; `routed` by its body."""
    return a_triage(
        message,
        triage_id,
        "resiliation" if "routed" in message.body else None,
        votes=(Vote(voter="model", scores={"resiliation": 0.99}),),
        usage=Usage(model=MODEL, calls=1),
        local=Local(queue="facture", confidence=0.6, outcome_reason="unsure", standing="among"),
    )


@pytest.fixture
def desk(database: Database, club: str) -> TriageDesk:
    return TriageDesk(database, heard)


@pytest.fixture
def learning(database: Database, playbooks: Playbooks) -> Learning:
    def fit(*_: Any) -> Any:
        raise AssertionError("nothing is fitted here")

    return Learning(database, playbooks, fit)


async def counts(learning: Learning) -> Any:
    return (await learning.trust("club")).get(MODEL, UNTRIED).counts


async def test_a_models_word_is_counted_once_a_person_said_what_is_right(
    desk: TriageDesk, review: Review, learning: Learning
) -> None:
    right, wrong, _ = [await desk.triage(a_message(f"m-{at}", f"Message {at}")) for at in range(3)]
    assert await counts(learning) == {}
    await review.correct(right.id, "resiliation", "lea")
    await review.correct(wrong.id, "sinistre", "lea")
    assert await counts(learning) == {"among": (1, 1)}


async def test_a_correction_taken_back_counts_no_longer_and_another_one_counts_instead(
    desk: TriageDesk, review: Review, learning: Learning
) -> None:
    triage = await desk.triage(a_message())
    await review.correct(triage.id, "sinistre", "lea")
    case = await review.correct(triage.id, "resiliation", "lea")
    assert await counts(learning) == {"among": (1, 0)}
    assert case.correction is not None
    await review.undo(case.correction.id, "lea")
    assert await counts(learning) == {"among": (0, 1)}


async def test_a_message_without_an_id_of_its_own_counts_too(
    desk: TriageDesk, review: Review, learning: Learning
) -> None:
    triage = await desk.triage(a_message(external_id=None))
    await review.correct(triage.id, "resiliation", "lea")
    assert await counts(learning) == {"among": (1, 0)}


async def test_a_routed_message_counts_once_it_was_answered(
    desk: TriageDesk, review: Review, learning: Learning
) -> None:
    right, wrong = [await desk.triage(a_message(f"m-{at}", f"routed {at}")) for at in range(2)]
    await review.correct(wrong.id, "sinistre", "lea")
    assert await counts(learning) == {}
    await review.record_reply(right.id, "C'est noté.", "lea")
    await review.record_reply(wrong.id, "Votre sinistre est ouvert.", "lea")
    assert await counts(learning) == {"among": (1, 1)}


async def test_other_accounts_and_models_are_trusted_by_their_own_history(
    desk: TriageDesk, review: Review, learning: Learning
) -> None:
    triage = await desk.triage(a_message())
    await review.correct(triage.id, "resiliation", "lea")
    assert await learning.trust("another") == {}
    assert list(await learning.trust("club")) == [MODEL]


async def test_many_messages_earn_a_model_more_trust(desk: TriageDesk, review: Review, learning: Learning) -> None:
    for at in range(20):
        triage = await desk.triage(a_message(f"m-{at}", f"Message {at}"))
        await review.correct(triage.id, "resiliation" if at % 10 else "sinistre", "lea")
    trust: Trust = (await learning.trust("club"))[MODEL]
    assert trust.counts == {"among": (18, 2)}
    assert UNTRIED("among") < trust("among") < 0.9
