"""What suggestions are worth on the reference account: wrong labels and missing keywords that were planted.

`python -m evals.suggestions`. Labels: 2 % are changed, at random or to the queue that the message is likeliest taken
for; how many are among the first ones suggested? Keywords: the strongest word of each queue, or every keyword, is taken
away; what is then suggested from half of the senders, and what does it do to the other half?
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import click
import numpy as np

from evals.account import Account, read_account
from retrieval.embedding import Vectors
from retrieval.hashed import HashedEmbedder
from service.desk.learning.suggesting import may_be_name
from service.domain.playbook import Keyword, Playbook
from service.learning.examples import Example
from service.learning.suggest_keywords import KeywordFound, suggest_keywords
from service.learning.suggest_labels import suggest_labels
from service.learning.suggest_replay import Held, Reader, effect, hold_out
from service.learning.suggest_terms import Terms
from service.pipeline.recall import search_text
from service.pipeline.votes.keywords import keyword_hits, vote_of
from service.playbooks.expressions import parse_expression
from service.playbooks.matcher import KeywordMatcher

SHARE = 0.02
SEED = 20_260_101
FIRST = (10, 26, 50, 100)
MOST = 1_000

Flipped = dict[int, str]
"""Queue by row."""


def held_of(account: Account, examples: Sequence[Example], vectors: Vectors, playbook: Playbook | None = None) -> Held:
    reader = Reader(keyword_hits, vote_of)
    return hold_out(examples, playbook or account.playbook, account.answers, reader, vectors)


def flip(held: Held, seed: int, alike: bool) -> Flipped:
    """Rows whose label is changed, with the wrong one: any other, or the likeliest other one out of fold."""
    drawn = np.random.default_rng(seed)
    rows = drawn.choice(len(held.labels), round(SHARE * len(held.labels)), replace=False)
    probabilities = held.probabilities()
    probabilities[np.arange(len(held.labels)), held.labels] = -1.0
    if alike:
        return {int(row): held.queues[probabilities[row].argmax()] for row in rows}
    others = [[queue for queue in held.queues if queue != held.examples[row].queue] for row in rows]
    return {int(row): str(drawn.choice(other)) for row, other in zip(rows, others, strict=True)}


def found_labels(account: Account, vectors: Vectors, flipped: Flipped) -> list[bool]:
    """Of each suggested label, in order: was it changed?"""
    examples = [case.example for case in account.cases]
    wrong = [replace(one, queue=flipped.get(row, one.queue)) for row, one in enumerate(examples)]
    held = held_of(account, wrong, vectors)
    return [one.row in flipped for one in suggest_labels(held, held.probabilities(), MOST)]


def without_strongest(playbook: Playbook) -> tuple[Playbook, dict[str, set[str]]]:
    """The playbook without the heaviest single word of each queue, and without all that says it; those words."""
    queues, taken = [], {}
    for queue in playbook.queues:
        single = [one for one in queue.keywords if one.weight > 0 and len(_words(one.expression)) == 1]
        if not single:
            queues.append(queue)
            continue
        word = _words(max(single, key=lambda one: one.weight).expression)
        kept = tuple(one for one in queue.keywords if not word & _words(one.expression))
        queues.append(queue.model_copy(update={"keywords": kept}))
        taken[queue.id] = word
    return playbook.model_copy(update={"queues": tuple(queues)}), taken


def _words(expression: str) -> set[str]:
    terms = parse_expression(expression).meaning("fr")[0]
    return {unit.word for term in terms for unit in term}


def without_any(playbook: Playbook) -> Playbook:
    """The playbook without keywords, as an account may begin."""
    queues = tuple(queue.model_copy(update={"keywords": ()}) for queue in playbook.queues)
    return playbook.model_copy(update={"queues": queues})


def keywords_again(account: Account, vectors: Vectors, playbook: Playbook, taken: dict[str, set[str]]) -> str:
    """Keywords are suggested from what is missed among half of the senders, and tried on the other half."""
    examples = [case.example for case in account.cases]
    whole = held_of(account, examples, vectors, playbook)
    seen = whole.folds % 2 == 0
    rows = list(map(int, np.flatnonzero(seen)))
    half = held_of(account, [examples[row] for row in rows], vectors[rows], playbook)
    terms = Terms(half.examples, half.readings, may_be_name, half.playbook.language)
    found = suggest_keywords(half, terms, half.probabilities().argmax(axis=1), range(len(rows)), MOST)
    again = {one.queue for one in found if taken.get(one.queue, set()) & _words(one.expression)}
    won = (sum(one.effect.fixed for one in found), sum(one.effect.broken for one in found))
    other = effect(whole, whole.probabilities().argmax(axis=1), _with(whole, found), rows)
    return (
        f"{len(found)} suggested from half of the senders ({len(again)} of {len(taken)} words taken away); one by one "
        f"there {won[0]} won, {won[1]} lost; all of them on the {other.n} messages of the other half: {other.fixed} "
        f"won, {other.broken} lost, {other.verdict}"
    )


def _with(held: Held, found: Sequence[KeywordFound]) -> dict[int, int]:
    """Each row's best queue where the playbook has these keywords too."""
    new: dict[str, list[Keyword]] = defaultdict(list)
    for one in found:
        new[one.queue].append(Keyword(expression=one.expression, weight=one.weight))
    queues = [
        queue.model_copy(update={"keywords": (*queue.keywords, *new[queue.id])}) for queue in held.playbook.queues
    ]
    matcher = KeywordMatcher(held.playbook.model_copy(update={"queues": tuple(queues)}))
    return {row: held.with_hits(row, keyword_hits(one.redacted, matcher)) for row, one in enumerate(held.examples)}


@click.command()
@click.option("--seeds", default=3, show_default=True)
def main(seeds: int) -> None:
    """Prints how many planted mistakes are found."""
    account = read_account()
    examples = [case.example for case in account.cases]
    vectors = HashedEmbedder().embed([search_text(one.redacted) for one in examples])
    held = held_of(account, examples, vectors)
    for alike in (False, True):
        for seed in range(SEED, SEED + seeds):
            flipped = flip(held, seed, alike)
            hits = found_labels(account, vectors, flipped)
            told = "  ".join(f"first {first}: {sum(hits[:first])}" for first in FIRST)
            kind = "likeliest other" if alike else "any other"
            click.echo(
                f"labels changed to {kind:16s}seed {seed}: {len(flipped)} changed, {len(hits)} suspected; {told}"
            )
    poorer, taken = without_strongest(account.playbook)
    click.echo(f"without the strongest word of each queue: {keywords_again(account, vectors, poorer, taken)}")
    click.echo(f"without any keyword: {keywords_again(account, vectors, without_any(account.playbook), {})}")


if __name__ == "__main__":
    main()
