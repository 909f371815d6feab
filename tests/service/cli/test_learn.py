"""`aiguilleur learn`: fitting, versions, and what advisors and leads say."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from service.domain.message import Message
from service.wiring import Desk, build_desk
from tests.conftest import GivenSettings
from tests.service.cli.conftest import Run
from tests.service.taught import taught_store

T = TypeVar("T")

DEATH = "Suite au décès de mon père, que faire ?"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    taught_store(GivenSettings(data=tmp_path / "data"), tmp_path / "petit")
    return tmp_path / "data"


def with_desk(data: Path, ask: Callable[[Desk], T]) -> T:
    desk = build_desk(GivenSettings(data=data), index=False)
    try:
        return ask(desk)
    finally:
        desk.close()


def triaged(data: Path, body: str, external_id: str) -> str:
    message = Message(body=body, external_id=external_id)
    return with_desk(data, lambda desk: asyncio.run(desk.triages.triage(message))).id


def test_learning_again_from_the_same_messages_changes_nothing(data: Path, run: Run) -> None:
    done = run("learn", data=data)
    assert done.code == 0
    assert "is in force" in done.err
    assert len(run("learn", "list", data=data).out.splitlines()) == 1


def test_a_correction_is_learned_undone_and_said_in_a_line(data: Path, run: Run) -> None:
    message_id = triaged(data, "Le perroquet répète mon code", "p-1")
    done = run("learn", "correct", message_id, "departs", "--by", "lea", "--comment", "vu", data=data)
    assert done.code == 0, done.err
    correction, message, change, by, state = done.out.strip().split("\t")
    assert (message, change.split(" -> ")[1], by, state) == (message_id, "departs", "lea", "learned")
    assert run("learn", "undo", correction, "--by", "lea", data=data).out.startswith(message_id)


def test_a_contested_correction_is_listed_and_a_lead_decides(data: Path, run: Run) -> None:
    first, second = (triaged(data, DEATH, f"d-{number}") for number in range(2))
    said = run("learn", "correct", first, "departs", "--by", "lea", data=data).out
    assert "contested\tpolicy: deces (décès)" in said
    run("learn", "correct", second, "departs", "--by", "sam", data=data)
    listed = run("learn", "contested", data=data).out.splitlines()
    assert [line.split("\t")[1] for line in listed] == [second, first]
    accepted = run("learn", "accept", listed[1].split("\t")[0], "--by", "claire", "--comment", "oui", data=data)
    assert "\taccepted\t" in accepted.out
    assert "\trefused\t" in run("learn", "refuse", listed[0].split("\t")[0], "--by", "claire", data=data).out
    assert run("learn", "contested", data=data).out == ""


def test_a_version_is_brought_back_and_held_and_the_doctor_says_so(data: Path, run: Run) -> None:
    message_id = triaged(data, "Ma facture de juin, encore", "f-1")
    run("learn", "correct", message_id, "factures", "--by", "lea", data=data)
    done = run("learn", data=data)
    assert done.code == 0, done.err
    assert "verdict\t" in done.out
    newest, first = run("learn", "list", data=data).out.splitlines()
    assert (newest[0], first[0]) == ("*", " ")
    version = first[2:].split("\t")[0]
    assert run("learn", "activate", version, "--by", "claire", data=data).code == 0
    listed = run("learn", "list", "--account", "petit", data=data)
    assert listed.out.splitlines()[1].startswith(f"* {version}")
    assert "claire holds" in listed.err
    assert "claire holds" in run("doctor", data=data).out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("activate", "fit-9"), "version"),
        (("undo", "no-such", "--by", "lea"), "id"),
        (("accept", "no-such", "--by", "lea"), "id"),
        (("correct", "no-such", "departs", "--by", "lea"), "id"),
        (("correct", "x", "departs"), "--by"),
    ],
)
def test_what_is_wrong_is_named_with_its_cure(data: Path, run: Run, arguments: tuple[str, ...], named: str) -> None:
    done = run("learn", *arguments, data=data)
    assert done.code == 2
    assert named in done.err
    assert "Traceback" not in done.err
