import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from evals.bench.rows import SECTIONS, Row, at_least, at_most, p50, p95
from evals.bench.table import table

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.timeout(900)
def test_the_quick_form_has_a_number_in_every_row_of_every_section(reference_store: Path, tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    command = [sys.executable, "-m", "evals.bench", "--quick", "--store", str(reference_store), "--json", str(file)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    figures = json.loads(file.read_text())
    assert {row["section"] for row in figures["rows"]} == set(SECTIONS)
    assert all(math.isfinite(row["measured"]) and row["n"] > 0 for row in figures["rows"])
    assert all(row["measured"] > 0 for row in figures["rows"] if row["aim"])
    assert all((row["verdict"] != "") == (row["aim"] is not None) for row in figures["rows"])


def test_a_verdict_follows_from_the_figure() -> None:
    assert Row("bulk", "rate", 182.0, "/s", 1, at_least(182)).verdict == "met"
    assert Row("bulk", "rate", 181.9, "/s", 1, at_least(182)).verdict == "missed"
    assert Row("start", "help", 0.5, "s", 1, at_most(0.5)).verdict == "met"
    assert Row("start", "help", 0.51, "s", 1, at_most(0.5)).verdict == "missed"
    assert Row("start", "first start", 9.0, "s", 1).verdict == ""


def test_percentiles_are_values_that_were_measured() -> None:
    assert p50([3.0, 1.0, 2.0]) == 2.0
    assert p95([float(value) for value in range(1, 101)]) == 96.0
    assert p95([1.0]) == 1.0


def test_the_table_shows_aim_figure_and_verdict() -> None:
    lines = table([Row("start", "help", 0.25, "s", 9, at_most(0.5), "warm")]).splitlines()
    assert lines[1].split() == ["help", "≤", "0.5", "s", "0.25", "s", "met", "9", "warm"]
