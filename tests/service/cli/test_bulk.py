"""`aiguilleur bulk`: every line once, in order, whatever happens on the way."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from service.cli.bulk_files import written_alone
from service.domain.triage import Triage
from service.settings import REFERENCE
from tests.loopback_model import LoopbackModel
from tests.service.cli.command import ran, started

CONFIRMED = REFERENCE / "confirmed"


def messages(count: int) -> list[dict[str, Any]]:
    """Corpus lines, each with an id of its own."""
    texts = [line for path in sorted(CONFIRMED.glob("usual-*.jsonl")) for line in path.read_text("utf-8").split("\n")]
    lines = [json.loads(line) for line in texts if line]
    return [lines[number % len(lines)] | {"id": f"m-{number}"} for number in range(count)]


def written(path: Path, lines: list[Any]) -> Path:
    """Text as it is, anything else as JSON."""
    texts = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text("".join(f"{text}\n" for text in texts), "utf-8")
    return path


def results(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def wait_for_lines(path: Path, count: int, process: "subprocess.Popen[str]") -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end and process.poll() is None:
        if path.exists() and path.read_bytes().count(b"\n") >= count:
            return
        time.sleep(0.02)
    raise AssertionError(f"It wrote no {count} lines: {process.communicate()[1] if process.poll() else 'in time'}")


def members(session: int) -> list[int]:
    """Processes of a session that still run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, of_session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(of_session) == session and state != "Z":
            found.append(int(folder.name))
    return found


def all_gone(session: int) -> bool:
    """Whether every process of a session ends within some seconds."""
    end = time.monotonic() + 15
    while members(session) and time.monotonic() < end:
        time.sleep(0.05)
    return members(session) == []


def ids(path: Path) -> list[str]:
    return [line["external_id"] for line in results(path)]


def test_every_line_becomes_a_triage_in_the_same_order(data_folder: Path) -> None:
    source = written(data_folder / "in.jsonl", messages(150))
    done = ran(data_folder, "bulk", source, "--out", "out.jsonl", "--workers", "2")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "150 lines" in done.stderr
    assert ids(data_folder / "out.jsonl") == [f"m-{number}" for number in range(150)]
    for line in results(data_folder / "out.jsonl")[:10]:
        Triage.model_validate_json(json.dumps(line))


def test_lines_that_are_no_messages_are_lines_that_say_why(small_folder: Path) -> None:
    good = messages(3)
    lines = [
        good[0],
        "nonsense",
        "",
        good[1],
        {"corps": "x"},
        '{"body": "a", "body": "b"}',
        {"account": "nobody", "body": "x"},
        "   ",
        "é" * 1_100_000,
        good[2],
    ]
    source = written(small_folder / "in.jsonl", lines)
    done = ran(small_folder, "bulk", source, "--out", "out.jsonl")
    assert done.returncode == 2
    found = results(small_folder / "out.jsonl")
    assert [line.get("external_id") for line in found] == ["m-0", None, "m-1", None, None, None, None, "m-2"]
    assert [line["error"]["line"] for line in found if "error" in line] == [2, 5, 6, 7, 9]
    assert [one["field"] for one in found[3]["error"]["errors"]] == ["corps"]
    assert [one["field"] for one in found[4]["error"]["errors"]] == ["body"]
    assert all(line["error"]["detail"] for line in found if "error" in line)
    again = ran(small_folder, "bulk", source, "--out", "out.jsonl")
    assert "8 of 8" in again.stderr
    assert results(small_folder / "out.jsonl") == found


def test_killed_and_started_again_it_repeats_and_loses_no_line(data_folder: Path) -> None:
    source = written(data_folder / "in.jsonl", messages(400))
    out = data_folder / "out.jsonl"
    process = started(data_folder, "bulk", source, "--out", out, "--workers", "2")
    wait_for_lines(out, 50, process)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert all_gone(process.pid)
    with out.open("ab") as file:
        file.write(b'{"id": "cut off')
    assert len(out.read_bytes().split(b"\n")) < 400
    done = ran(data_folder, "bulk", source, "--out", out, "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert "going on from there" in done.stderr
    assert ids(out) == [f"m-{number}" for number in range(400)]


def test_ctrl_c_ends_it_promptly_with_a_sentence(data_folder: Path) -> None:
    source = written(data_folder / "in.jsonl", messages(2_000))
    out = data_folder / "out.jsonl"
    process = started(data_folder, "bulk", source, "--out", out, "--workers", "2")
    wait_for_lines(out, 30, process)
    before = out.read_bytes().count(b"\n")
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "the same command goes on" in told
    assert "Traceback" not in told
    assert all_gone(process.pid)
    kept = ids(out)
    assert kept == [f"m-{number}" for number in range(len(kept))]
    assert len(kept) < before + 300  # what was in hand, at most: told in lines, as a busy machine's seconds are long


def test_results_of_another_file_are_not_added_to(small_folder: Path) -> None:
    source = written(small_folder / "in.jsonl", messages(3))
    other = written(small_folder / "other.jsonl", [{"id": "x", "body": "Autre."}])
    assert ran(small_folder, "bulk", other, "--out", "out.jsonl").returncode == 0
    before = (small_folder / "out.jsonl").read_bytes()
    done = ran(small_folder, "bulk", source, "--out", "out.jsonl")
    assert done.returncode == 2
    assert "another --out" in done.stderr
    assert (small_folder / "out.jsonl").read_bytes() == before
    assert ran(small_folder, "bulk", source, "--out", source).returncode == 2
    assert len(results(source)) == 3


@pytest.mark.parametrize("left", ["", '{"id": "cut o'], ids=["nothing", "a piece of a line"])
def test_killed_before_its_first_line_it_is_started_again(small_folder: Path, left: str) -> None:
    source = written(small_folder / "in.jsonl", messages(3))
    (small_folder / "out.jsonl").write_text(left, encoding="utf-8")
    done = ran(small_folder, "bulk", source, "--out", "out.jsonl")
    assert done.returncode == 0, done.stderr
    assert ids(small_folder / "out.jsonl") == ["m-0", "m-1", "m-2"]


@pytest.mark.parametrize("text", ["Notes sans fin de ligne", "Une ligne\nune autre"])
def test_what_was_never_a_result_is_left_as_it_is(small_folder: Path, text: str) -> None:
    source = written(small_folder / "in.jsonl", messages(3))
    (small_folder / "notes.txt").write_text(text, encoding="utf-8")
    done = ran(small_folder, "bulk", source, "--out", "notes.txt")
    assert done.returncode == 2
    assert "another --out" in done.stderr
    assert (small_folder / "notes.txt").read_text(encoding="utf-8") == text


def test_two_runs_never_write_into_one_file(small_folder: Path) -> None:
    source, out = written(small_folder / "in.jsonl", messages(3)), small_folder / "out.jsonl"
    with written_alone(out):
        done = ran(small_folder, "bulk", source, "--out", out)
    assert done.returncode == 2
    assert "another run is writing it" in done.stderr
    assert out.read_bytes() == b""


def test_store_puts_each_message_on_the_desk_once(small_folder: Path) -> None:
    source = written(small_folder / "in.jsonl", [*messages(20), {"body": "sans identifiant"}, messages(1)[0]])
    for out in ("out.jsonl", "again.jsonl"):
        assert ran(small_folder, "bulk", source, "--out", out, "--store").returncode == 2
    first, again = results(small_folder / "out.jsonl"), results(small_folder / "again.jsonl")
    assert [line.get("id") for line in first] == [line.get("id") for line in again]
    assert first[0]["id"] == first[21]["id"]
    assert first[20]["error"]["errors"][0]["field"] == "external_id"
    checks = json.loads(ran(small_folder, "doctor", "--json").stdout)["checks"]
    assert next(check for check in checks if check["name"] == "backlog")["ok"]


@pytest.mark.parametrize("interrupted", [False, True])
def test_a_model_is_asked_about_many_messages_at_once_and_order_is_kept(small_folder: Path, interrupted: bool) -> None:
    count = 120 if interrupted else 60
    source = written(small_folder / "in.jsonl", messages(count))
    out = small_folder / "out.jsonl"
    slow = 1.0 if interrupted else 0.2  # so slow that not all is done before the interruption is heard
    with LoopbackModel(latency_s=slow) as model:
        settings = {
            "model": "openai/loopback",
            "model_api_base": model.base,
            "model_api_key": "x",
            "model_concurrency": "20",
        }
        if interrupted:
            process = started(small_folder, "bulk", source, "--out", out, "--engine", "model", **settings)
            wait_for_lines(out, 5, process)
            os.killpg(process.pid, signal.SIGINT)
            assert process.communicate(timeout=30) is not None
            assert process.returncode == 130
            model.latency_s = 0.0
        done = ran(small_folder, "bulk", source, "--out", out, "--engine", "model", **settings)
        assert done.returncode == 0, done.stderr
        assert "Unclosed" not in done.stderr
        assert interrupted or 10 <= model.most_in_flight <= 20
    assert ids(out) == [f"m-{number}" for number in range(count)]
    assert {line["engine"] for line in results(out)} == {"model"}
