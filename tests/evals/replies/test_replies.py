"""Simulated weeks hold what they say, and proposals find most of what was planted in them."""

from collections import Counter

import pytest
from click.testing import CliRunner

from evals.replies.__main__ import main
from evals.replies.simulating import ADVISORS, PLANTED, week
from service.playbooks import parse_answers, parse_playbook
from service.settings import REFERENCE


@pytest.mark.parametrize("part", ["developed", "kept"])
def test_a_week_plants_what_several_advisors_say_and_no_answer_of_the_library(part: str) -> None:
    playbook = parse_playbook(REFERENCE)
    made = week(parse_answers((REFERENCE / "answers.yaml").read_text("utf-8"), playbook.queue_ids), 3, part)
    assert made == week(parse_answers((REFERENCE / "answers.yaml").read_text("utf-8"), playbook.queue_ids), 3, part)
    assert len(made.planted) == PLANTED
    assert not made.planted & {answer.id for answer in made.library}
    said = Counter(truth for truth in made.truths if truth)
    assert said.keys() == made.planted
    assert min(said.values()) >= 3
    assert {one.by for one in made.replies} <= set(ADVISORS)


def test_two_weeks_are_judged_and_most_is_found() -> None:
    told = CliRunner().invoke(main, ["--weeks", "2", "--half", "developed"])
    assert told.exit_code == 0, told.output
    shares = {line.split()[0]: float(line.split()[1]) for line in told.output.splitlines()[1:]}
    assert shares["precision"] >= 0.8
    assert shares["recall"] >= 0.8
    assert "simulated" in told.output
