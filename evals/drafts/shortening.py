"""`python -m evals.drafts.shortening`: how much shorter "plus court" makes a draft without a model, and its cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from evals.account import REFERENCE, STUDIED, Account, Case, read_account
from evals.drafts.making import Made, filled
from evals.drafts.scoring import findings
from evals.harness.intervals import mean_interval
from service.domain.answers import CannedAnswer
from service.domain.draft import Paragraph
from service.errors import RefusedError
from service.phrases import Phrases, load_phrases
from service.pipeline.check.facts import facts
from service.pipeline.redraft.keeping import Start
from service.pipeline.redraft.rework import Setting, reworked
from service.pipeline.redraft.shorter import Matter
from service.pipeline.redraft.wishes import understood
from service.settings import PROMPTS

_TENTH = 0.1


@dataclass(frozen=True, slots=True)
class Shortened:
    """One draft, the labelled answer of a message filled in: words before and after, findings and facts that differ."""

    sender: str
    before: int
    after: int
    gained: int
    lost: int

    @property
    def saved(self) -> float:
        return 1 - self.after / self.before


def shortened(account: Account, phrases: Phrases) -> Iterator[Shortened]:
    """Of every message that the playbook's authors have not read and that a canned answer is labelled for."""
    known = {answer.id: answer for answer in account.answers}
    for case in account.cases:
        answer = next((known[one] for one in case.confirmed.answers if one in known), None)
        if case.unread and answer:
            yield _shortened(case, answer, account, phrases)


def _shortened(case: Case, answer: CannedAnswer, account: Account, phrases: Phrases) -> Shortened:
    text = filled(answer.body)
    parts = tuple(Paragraph(text=block, sources=(answer.id,)) for block in text.split("\n\n"))
    redacted = case.example.redacted
    matter = Matter.of(redacted.subject, redacted.own, answer.title, answer.situation)
    setting = Setting(account.playbook, matter, phrases)
    try:
        made = reworked(Start(parts, frozenset()), understood("plus court", "fr"), setting).paragraphs
    except RefusedError:
        made = parts
    short = "\n\n".join(part.text for part in made)
    found = [
        len(findings(Made(answer, "faithful", "shorter", one), account.answers, account.playbook, phrases))
        for one in ((text, short) if short != text else ())
    ]
    before, after = ({(fact.kind, fact.key) for fact in facts(one)} for one in (text, short))
    sender = case.example.sender_key or case.example.external_id
    gained = max(0, found[1] - found[0]) if found else 0
    return Shortened(sender, len(text.split()), len(short.split()), gained, len(before - after))


@click.command()
@click.option("--account", "folder", type=click.Path(path_type=Path, exists=True), default=REFERENCE)
@click.option("--studied", default=STUDIED, help="Regular expression of the ids that the playbook's authors have read.")
def main(folder: Path, studied: str) -> None:
    """Prints shares with 95 % intervals (bootstrap over senders)."""
    account = read_account(folder, studied)
    made = [*shortened(account, load_phrases(PROMPTS, account.playbook.language))]
    senders = [one.sender for one in made]
    told = {
        "shorter at all": [float(one.saved > 0) for one in made],
        "by a tenth or more": [float(one.saved >= _TENTH) for one in made],
        "words left out": [one.saved for one in made],
        "with a new finding": [float(one.gained > 0) for one in made],
        "without a fact of theirs": [float(one.lost > 0) for one in made],
    }
    click.echo(f"{len(made)} drafts")
    for name, values in told.items():
        within = mean_interval(values, senders)
        click.echo(f"  {name:26s}{sum(values) / len(values):.3f} [{within.low:.3f}, {within.high:.3f}]")


if __name__ == "__main__":
    main()
