"""`python -m evals.drafts`: what the check finds in drafts with a planted fault, and flags in faithful ones."""

from pathlib import Path

import click

from evals.drafts.scoring import measure
from evals.drafts.written import PARTS
from service.phrases import load_phrases
from service.playbooks import parse_answers, parse_playbook
from service.settings import PROMPTS, REFERENCE


@click.command()
@click.option("--account", type=click.Path(path_type=Path), default=REFERENCE, help="Folder of the account.")
@click.option("--half", "part", type=click.Choice(PARTS), default="all")
@click.option(
    "--least", type=click.Choice(("info", "warning", "error")), default="warning", help="Severity that counts."
)
@click.option("--show", is_flag=True, help="Also what is missed, and what is flagged though it is faithful.")
def main(account: Path, part: str, least: str, show: bool) -> None:
    """Prints each kind of fault: n, share found, 95 % interval (bootstrap over answers), aim."""
    playbook = parse_playbook(account)
    answers = parse_answers((account / "answers.yaml").read_text("utf-8"), playbook.queue_ids)
    tallies = measure(answers, playbook, load_phrases(PROMPTS, playbook.language), part, least)
    click.echo(f"{part}: {'kind':26s}{'n':>6s}  share  interval        aim")
    for tally in tallies:
        click.echo(tally.line())
        for line in tally.shown if show and tally.kind != "all" else ():
            click.echo(f"      {line}")


if __name__ == "__main__":
    main()
