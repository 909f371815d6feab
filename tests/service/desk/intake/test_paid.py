"""An answer that was paid for is never paid for twice, whatever crashes after it."""

import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from service.desk.clock import utc_now
from service.desk.intake.paid import KEPT, Paid
from service.desk.intake.receiving import Intake
from service.domain.redacted import ours
from service.domain.triage import Usage
from service.errors import NoTurnError, WaitsError
from service.pipeline.knowledge import Asking
from service.ports import Completion, Turn
from service.storage import privacy_remove
from service.storage.database import Database
from service.storage.schema import model_answers
from tests.fakes import ScriptedModel
from tests.loopback_model import LoopbackModel
from tests.service.desk.pay_once import PROMPT
from tests.service.samples import a_message

ROOT = Path(__file__).parents[4]


def ran(url: str, model: LoopbackModel, message_id: str, how: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tests.service.desk.pay_once", url, model.base, message_id, how]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=90, check=False)


def kept(database: Database) -> int:
    with database.reading() as transaction:
        return int(transaction.execute(select(func.count()).select_from(model_answers)).scalar_one())


def asking(*answers: str | Completion | Exception) -> Asking:
    return Asking(ScriptedModel(answers), None, 30)  # type: ignore[arg-type]


@pytest.mark.parametrize("handed_in", [True, False], ids=["received", "asked for again by its external id"])
async def test_a_process_killed_after_the_answer_leaves_it_to_the_next(
    database: Database, url: str, club: str, handed_in: bool
) -> None:
    message_id = (await Intake(database, lambda: None).receive(a_message())).id if handed_in else ""
    with LoopbackModel(scripts={"": ["text:paid"]}) as model:
        assert ran(url, model, message_id, "die").returncode == -signal.SIGKILL
        assert (len(model.asked), kept(database)) == (1, 1)
        second = ran(url, model, message_id, "live")
        assert (second.stdout, second.stderr) == ("paid 0.01", "")
        assert len(model.asked) == 1
    assert kept(database) == 0


async def test_what_is_kept_is_the_whole_answer_and_another_question_is_another(database: Database, club: str) -> None:
    paid, message = Paid(database), a_message()
    said = Completion("{}", Usage(model="m", calls=1, cost_usd=None, model_ms=1.5), cut=True, tokens=(("a", -0.5),))
    first = paid.about(asking(said), message, "id")
    assert await first.model.complete(PROMPT, 9) == said
    assert await paid.about(asking(), message, "another id").model.complete(PROMPT, 9) == said
    other = paid.about(asking("other"), a_message("m-2"), "id")
    assert (await other.model.complete(PROMPT, 9)).text == "other"
    turns = (*PROMPT.turns, Turn("user", ours("Et la suivante ?")))
    others = [{"turns": turns}, {"schema": {"type": "array"}}, {"max_tokens": 99}, {"weighed": True}]
    for asked in (replace(PROMPT, **each) for each in others):  # type: ignore[arg-type]
        assert (await paid.about(asking("anew"), message, "id").model.complete(asked, 9)).text == "anew"
    assert await first.model.complete(replace(PROMPT, schema=dict(PROMPT.schema)), 9) == said


async def test_an_answer_goes_with_its_message_and_one_that_nobody_came_back_for_after_a_day(
    database: Database, club: str
) -> None:
    receipt = await Intake(database, lambda: None).receive(a_message())
    paid = Paid(database)
    await paid.about(asking("one"), a_message(), receipt.id).model.complete(PROMPT, 9)
    with database.writing() as transaction:
        privacy_remove.remove_messages(transaction, [receipt.id])
    assert kept(database) == 0
    await paid.about(asking("two"), a_message("m-2"), "gone").model.complete(PROMPT, 9)
    later = utc_now() + KEPT + timedelta(seconds=1)
    assert await Paid(database, lambda: later).sweep() == 1


async def test_an_answer_is_remembered_while_the_database_is_away(tmp_path: Path) -> None:
    (tmp_path / "a.db").mkdir()
    away = Database(f"sqlite:///{tmp_path / 'a.db'}")
    model = Paid(away).about(asking("once"), a_message(), "id").model
    assert (await model.complete(PROMPT, 9)).text == "once"
    assert (await model.complete(PROMPT, 9)).text == "once"
    away.close()


async def test_who_can_wait_for_a_turn_is_told_so_and_who_cannot_goes_without_the_model(
    database: Database, club: str
) -> None:
    paid, message = Paid(database), a_message()
    with pytest.raises(WaitsError):
        await paid.about(asking(NoTurnError("full")), message, "id", patient=True).model.complete(PROMPT, 9)
    with pytest.raises(NoTurnError):
        await paid.about(asking(NoTurnError("full")), message, "id").model.complete(PROMPT, 9)
