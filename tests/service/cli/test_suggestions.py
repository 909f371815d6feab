"""`aiguilleur learn suggest`, `suggestions`, `settle`."""

import json
from pathlib import Path

import pytest

from tests.conftest import GivenSettings
from tests.door import open_door
from tests.service.cli.conftest import Run
from tests.service.learned_week import PLANTED, WORD, corrected_week, write_history
from tests.service.taught import learn_folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    settings = GivenSettings(data=tmp_path / "data", learn_after=0)
    learn_folder(settings, write_history(tmp_path / "petit"))
    return tmp_path / "data"


def test_a_week_is_looked_at_and_each_line_names_a_suggestion(data: Path, run: Run) -> None:
    with open_door(GivenSettings(data=data, learn_after=0)) as door:
        corrected_week(door)
    done = run("learn", "suggest", "--kind", "keyword", data=data)
    assert done.code == 0, done.err
    first = done.out.splitlines()[0]
    assert WORD in first
    assert run("learn", "suggestions", "--kind", "keyword", data=data).out == done.out
    accepted = run("learn", "settle", first.split("\t")[0], "accepted", "--by", "claire", data=data)
    _, state, version = accepted.out.strip().split("\t")
    assert (accepted.code, state) == (0, "accepted")
    assert f"playbook activate {version}" in accepted.err
    listed = run("playbook", "list", data=data).out.splitlines()
    assert [line[0] for line in listed if version in line] == [" "]
    before = next(line[2:].split("\t")[0] for line in listed if line.startswith("*"))
    assert WORD in run("playbook", "diff", before, version, data=data).out


def test_a_label_is_kept_by_the_command_line(data: Path, run: Run) -> None:
    found = json.loads(run("learn", "suggest", "--kind", "label", "--since", "2w", "--json", data=data).out)
    first = found["items"][0]
    assert (first["state"], first["suggestion"]["messages"]) == ("open", [PLANTED])
    assert run("learn", "settle", first["suggestion"]["id"], "kept", "--by", "claire", data=data).code == 0
    assert PLANTED in run("learn", "suggestions", "--state", "kept", data=data).out
    assert PLANTED not in run("learn", "suggest", "--since", "all", "--kind", "label", data=data).out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("suggest", "--since", "soon"), "--since"),
        (("settle", "label-0", "kept"), "--by"),
        (("settle", "label-0", "kept", "--by", "x"), "id"),
    ],
)
def test_what_is_wrong_is_named(data: Path, run: Run, arguments: tuple[str, ...], named: str) -> None:
    done = run("learn", *arguments, data=data)
    assert done.code == 2
    assert named in done.err
    assert "Traceback" not in done.err
