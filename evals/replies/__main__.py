"""`python -m evals.replies`: precision and recall of the canned answers that simulated replies suggest."""

from collections import Counter
from pathlib import Path

import click

from evals.replies.simulating import Week, week
from service.learning.paired import mean_interval
from service.learning.suggest_answers import agreed
from service.playbooks import parse_answers, parse_playbook
from service.settings import REFERENCE

PURE = 0.8
"""Share of a proposal's replies that must come from one planted answer for it to be right."""


@click.command()
@click.option("--account", type=click.Path(path_type=Path), default=REFERENCE, help="Folder of the account.")
@click.option("--half", "part", type=click.Choice(("developed", "kept")), default="kept")
@click.option("--weeks", default=20, show_default=True)
@click.option("--show", is_flag=True, help="Also what was proposed wrongly, and what was missed.")
def main(account: Path, part: str, weeks: int, show: bool) -> None:
    """Prints precision and recall over simulated weeks, with 95 % intervals (bootstrap over weeks)."""
    playbook = parse_playbook(account)
    answers = parse_answers((account / "answers.yaml").read_text("utf-8"), playbook.queue_ids)
    hits: list[float] = []
    finds: list[float] = []
    of_hits: list[str] = []
    of_finds: list[str] = []
    for seed in range(weeks):
        made = week(answers, seed, part)
        right, found, wrong = _judged(made)
        hits += right
        of_hits += [str(seed)] * len(right)
        finds += [float(answer in found) for answer in sorted(made.planted)]
        of_finds += [str(seed)] * len(made.planted)
        if show:
            click.echo(f"week {seed}: missed {sorted(made.planted - found)}; wrong {wrong}")
    click.echo(f"simulated, {part} half, {weeks} weeks of {len(made.replies)} replies or so")
    for name, values, clusters in (("precision", hits, of_hits), ("recall", finds, of_finds)):
        within = mean_interval(values, clusters)
        click.echo(f"  {name:10s}{sum(values) / len(values):.3f} [{within.low:.3f}, {within.high:.3f}] n={len(values)}")


def _judged(made: Week) -> tuple[list[float], set[str], list[str]]:
    """By proposal whether it is right; the planted answers that were found; what the wrong ones were made of."""
    right: list[float] = []
    found: set[str] = set()
    wrong: list[str] = []
    for one in agreed(made.replies, [answer.body for answer in made.library]):
        truths = Counter(made.truths[row] for row in one.rows)
        truth, count = truths.most_common(1)[0]
        good = truth in made.planted and count >= PURE * len(one.rows)
        right.append(float(good))
        if good:
            found.add(truth)
        else:
            wrong.append(str(dict(truths)))
    return right, found, wrong


if __name__ == "__main__":
    main()
