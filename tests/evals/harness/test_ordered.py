"""A run that the workbench asks for: a small account measured on its own confirmed messages, in another process."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from evals.ordered import chosen
from service.domain.confirmed import Confirmed
from service.domain.message import Message
from service.learning.split import is_locked
from service.wiring import open_desk
from service.wiring.improving import for_run
from tests.conftest import GivenSettings
from tests.service.small_account import write_account


def history(count: int) -> list[Confirmed]:
    bodies = (f"Message numéro {row} sur un sujet bien à lui, le {row * 7}e." for row in range(count))
    return [Confirmed(message=Message(external_id=f"m-{row}", body=body), queue="a") for row, body in enumerate(bodies)]


def test_what_is_measured_is_not_learned_and_of_fewer_the_same_are_drawn() -> None:
    known = history(100)
    dataset, learned = chosen(known, "locked", None)
    assert dataset
    assert all(is_locked(one.confirmed.message) for one in dataset)
    assert not any(is_locked(one.message) for one in learned)
    some, left = chosen(list(reversed(known)), "all", 10)
    assert [one.id for one in some] == [one.id for one in chosen(known, "all", 10)[0]]
    assert len(left) == 90
    assert len(chosen(known, "train", None)[0]) + len(dataset) == 100


def said(order: dict[str, Any]) -> dict[str, Any]:
    command = [sys.executable, "-m", "evals.ordered"]
    done = subprocess.run(command, input=json.dumps(order), stdout=subprocess.PIPE, text=True, check=False, timeout=300)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_small_account_is_measured_and_its_run_compared(tmp_path: Path) -> None:
    settings = GivenSettings(data=tmp_path / "data")
    desk = open_desk(settings, index=False, ready=False)
    asyncio.run(desk.import_folder(write_account(tmp_path / "small", "petit"), by="test"))
    desk.close()
    folder, aside = tmp_path / "runs" / "one", tmp_path / "runs" / "one.tmp"
    aside.mkdir(parents=True)
    order = {
        "what": "run", "settings": for_run(settings), "folder": str(folder), "aside": str(aside),
        "account": "petit", "split": "all", "engine": "local", "most": 3,
    }  # fmt: skip
    summary = said(order)["summary"]
    assert summary["n"] == 3
    assert (aside / "total").read_text() == "3"
    assert "<html" in (folder / "report.html").read_text("utf-8")
    compared = said({"what": "compare", "settings": {}, "first": str(folder), "second": str(folder)})["comparison"]
    assert (compared["n"], compared["won"], compared["lost"]) == (3, [], [])
