"""`python -m evals.replies.comparing`: what the comparison says of replies that were made from drafts. Simulated."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from evals.drafts.making import faithful, faulty, filled
from evals.harness.replies import chrf
from service.domain.answers import CannedAnswer
from service.domain.comparison import Comparison, Verdict
from service.domain.draft import Draft, Paragraph
from service.domain.playbook import Playbook
from service.pipeline.compare import compare
from service.playbooks import parse_answers, parse_playbook
from service.settings import REFERENCE

VERDICTS: tuple[Verdict, ...] = ("kept", "edited", "rewritten")
LEFT_OUT = frozenset({"reordered", "everything"})
"""Ways of making that put the greeting last, which no advisor does."""
NAMED = {
    "wrong_delay": {"delay"},
    "swapped_phone": {"phone"},
    "invented_article": {"article"},
    "promise_added": {"promise"},
    "dropped_condition": {"condition_lost"},
    "inverted": {"negation_added", "negation_lost", "condition_lost", "opposite"},
}
"""Planted faults, and the kinds of change of which the comparison ought to name one."""


class Pair(NamedTuple):
    kind: str
    answer: CannedAnswer
    draft: str
    reply: str


@click.command()
@click.option("--account", type=click.Path(path_type=Path), default=REFERENCE, help="Folder of the account.")
def main(account: Path) -> None:
    """Prints by way of making: n, the verdicts, the mean share of words kept, and how often the change is named; then
    the rank correlation of `likeness` with chrF over all pairs."""
    playbook = parse_playbook(account)
    answers = parse_answers((account / "answers.yaml").read_text("utf-8"), playbook.queue_ids)
    found: dict[str, list[Comparison]] = defaultdict(list)
    likeness: list[tuple[float, float]] = []
    for pair in _pairs(answers):
        compared = _compared(pair, playbook)
        found[pair.kind].append(compared)
        likeness.append((compared.likeness, chrf(pair.draft, pair.reply)))
    for kind, comparisons in found.items():
        click.echo(_line(kind, comparisons))
    click.echo(f"likeness and chrF: rank correlation {_correlation(likeness):.3f} over {len(likeness)} pairs")


def _pairs(answers: Sequence[CannedAnswer]) -> Iterator[Pair]:
    for answer in answers:
        text = filled(answer.body).strip()
        yield Pair("placeholders filled", answer, answer.body.strip(), text)
        for made in (*faithful(answer), *faulty(answer)):
            if made.kind not in LEFT_OUT and made.text.strip() != text:
                yield Pair(made.kind, answer, text, made.text)
        for other in answers:
            if other.id != answer.id and (other.queue, other.language) == (answer.queue, answer.language):
                yield Pair("another answer", answer, text, filled(other.body))


def _compared(pair: Pair, playbook: Playbook) -> Comparison:
    parts = tuple(Paragraph(text=block, sources=(pair.answer.id,)) for block in pair.draft.split("\n\n"))
    draft = Draft(language=pair.answer.language, subject="", body=pair.draft, paragraphs=parts)
    return compare(draft, pair.reply, playbook)


def _line(kind: str, comparisons: Sequence[Comparison]) -> str:
    verdicts = Counter(one.verdict for one in comparisons)
    shares = " ".join(f"{name} {verdicts[name] / len(comparisons):.3f}" for name in VERDICTS)
    words = sum(one.kept for one in comparisons) / len(comparisons)
    named = sum(bool(NAMED.get(kind, set()) & {change.kind for change in one.changes}) for one in comparisons)
    told = f"  named {named / len(comparisons):.3f}" if kind in NAMED else ""
    return f"{kind:20s}{len(comparisons):5d}  {shares}  words {words:.2f}{told}"


def _correlation(pairs: Sequence[tuple[float, float]]) -> float:
    from scipy.stats import spearmanr  # noqa: PLC0415

    return float(spearmanr([one for one, _ in pairs], [other for _, other in pairs]).statistic)


if __name__ == "__main__":
    main()
