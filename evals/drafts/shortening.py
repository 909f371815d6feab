"""`python -m evals.drafts.shortening`: how much shorter "plus court" makes a draft without a model, and its cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from evals.account import STUDIED, Account, Case, read_account
from evals.drafts.letters import Letter, letters
from evals.drafts.making import Made, filled
from evals.drafts.scoring import findings
from service.domain.answers import CannedAnswer
from service.domain.draft import Paragraph
from service.errors import RefusedError
from service.learning.paired import mean_interval
from service.phrases import Phrases, load_phrases
from service.pipeline.check.facts import facts
from service.pipeline.redraft.keeping import Start
from service.pipeline.redraft.rework import Setting, reworked
from service.pipeline.redraft.shorter import BINDING, Matter
from service.pipeline.redraft.wishes import understood
from service.settings import PROMPTS, REFERENCE

_TENTH = 0.1


@dataclass(frozen=True, slots=True)
class Shortened:
    """One draft, the labelled answer of a message filled in: words before and after, findings gained, facts lost, and
    those of them that bind: amounts, percentages, delays, laws."""

    sender: str
    before: int
    after: int
    gained: int
    lost: int
    bound: int

    @property
    def saved(self) -> float:
        return (self.before - self.after) / self.before


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
    sober = any(one.plain and answer.queue in one.queues for one in account.playbook.situations)
    matter = Matter.of((redacted.subject, redacted.own), [answer], sober=sober)
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
    bound = sum(kind in BINDING for kind, _ in before - after)
    return Shortened(sender, len(text.split()), len(short.split()), gained, len(before - after), bound)


@click.command()
@click.option("--account", "folder", type=click.Path(path_type=Path, exists=True), default=REFERENCE)
@click.option("--studied", default=STUDIED, help="Regular expression of the ids that the playbook's authors have read.")
def main(folder: Path, studied: str) -> None:
    """Prints shares with 95 % intervals (bootstrap over senders)."""
    account = read_account(folder, studied)
    phrases = load_phrases(PROMPTS, account.playbook.language)
    made = [*shortened(account, phrases)]
    senders = [one.sender for one in made]
    told = {
        "shorter at all": [float(one.saved > 0) for one in made],
        "by a tenth or more": [float(one.saved >= _TENTH) for one in made],
        "words left out": [one.saved for one in made],
        "with a new finding": [float(one.gained > 0) for one in made],
        "without a fact of theirs": [float(one.lost > 0) for one in made],
        "without one that binds": [float(one.bound > 0) for one in made],
    }
    click.echo(f"{len(made)} drafts")
    for name, values in told.items():
        within = mean_interval(values, senders)
        click.echo(f"  {name:26s}{sum(values) / len(values):.3f} [{within.low:.3f}, {within.high:.3f}]")
    of_others = [*letters(account.playbook, phrases)]
    went = [sum(len(one.went.intersection(some(one))) for one in of_others) for some in (_spare, _needed)]
    every = [sum(len(some(one)) for one in of_others) for some in (_spare, _needed)]
    tenth = sum(one.saved >= _TENTH for one in of_others)
    click.echo(f"{len(of_others)} letters of other trades, {tenth} shorter by a tenth or more")
    click.echo(f"  {went[0]} of {every[0]} sentences that may go went, and {went[1]} of {every[1]} that must stay")


def _spare(letter: Letter) -> tuple[str, ...]:
    return letter.spare


def _needed(letter: Letter) -> tuple[str, ...]:
    return letter.needed


if __name__ == "__main__":
    main()
