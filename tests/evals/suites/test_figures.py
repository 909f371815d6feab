from math import nan

import pytest

from evals.suites.figures import Figure, Section, verdict


@pytest.mark.parametrize(
    ("figure", "met"),
    [
        (Figure("accuracy", 10, 0.92, target=0.92), True),
        (Figure("accuracy", 10, 0.9199, target=0.92), False),
        (Figure("error", 10, 0.05, target=0.05, at_most=True), True),
        (Figure("error", 10, 0.06, target=0.05, at_most=True), False),
        (Figure("not measured", 0, nan, target=0.05, at_most=True), False),
        (Figure("without a target", 10, 0.5), None),
    ],
)
def test_a_target_is_met_by_what_was_measured_and_by_nothing_else(figure: Figure, met: bool | None) -> None:
    assert figure.met is met


def test_a_section_shows_each_figure_beside_the_baseline_and_its_target() -> None:
    shown = str(Section("Title", [Figure("accuracy", 10, 0.93, 0.91, 0.92)], ["a note"]))
    assert shown.splitlines()[3].split() == ["accuracy", "10", "0.9100", "0.9300", "≥", "0.920", "met"]
    assert "a note" in shown


def test_the_verdict_counts_targets_and_names_those_missed() -> None:
    figures = [Figure("good", 1, 1.0, target=0.5), Figure("bad", 1, 0.1, target=0.5), Figure("free", 1, 0.0)]
    said = verdict([Section("Title", figures)])
    assert "1 of 2 targets met" in said
    assert "missed: Title: bad" in said
