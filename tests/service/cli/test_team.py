"""`aiguilleur team`: added, listed, changed and removed."""

import asyncio
import json

from tests.door import Door
from tests.service.cli.conftest import Run


def test_the_command_adds_lists_changes_and_removes_teams(small_door: Door, run: Run) -> None:
    asyncio.run(small_door.desk.workbench.people.add("Ada", "advisor", by="test"))

    def team(*words: str) -> str:
        ran = run("team", *words, data=small_door.desk.settings.data)
        assert ran.code == 0, ran.err
        return ran.out

    team("add", "Nuit", "--level", "1", "--level", "2", "--language", "fr", "--site", "Lille", "--member", "ada")
    assert team("list") == "Nuit\tLille\t1,2\tfr\topen\tAda\n"
    team("change", "nuit", "--name", "Jour", "--hours", "monday=09:00-12:00", "--closed", "2026-12-24")
    team("leave", "Jour", "ADA")
    (found,) = json.loads(team("list", "--json"))["items"]
    assert (found["name"], found["levels"], found["hours"], found["members"]) == (
        "Jour", [1, 2], {"monday": ["09:00-12:00"]}, [],
    )  # fmt: skip
    team("join", "Jour", "Ada")
    team("remove", "Jour")
    assert team("list") == ""
    wrong = run("team", "add", "X", "--hours", "monday=18:00-09:00", data=small_door.desk.settings.data)
    assert (wrong.code, "hours" in wrong.err) == (2, True)
