"""What a draft tells of the customer's own file, and only an advisor who has looked can know."""

from collections.abc import Iterator, Sequence

from service.domain.answers import PLACEHOLDER
from service.pipeline.check.body import Body
from service.pipeline.check.clauses import Clause, shares
from service.pipeline.check.grounds import Cited
from service.pipeline.check.meaning import Meaning, meaning
from service.pipeline.check.seen import Seen
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import fold

_HELD = 0.5
"""Share of what a clause says from which on the customer's record holds it."""
_HIS = frozenset({"number", "date"})
"""Facts that make a clause one about him."""


def presumed(said: Body, cited: Cited, found: Sequence[Seen]) -> Iterator[Seen]:
    """Clauses of a paragraph that tell what was done for him, or how his file stands, which his record does not hold:
    a canned answer says so of everybody. Not where another finding stands in the clause already, nor in words of an
    advisor's own."""
    words = meaning()
    folded = fold(said.body)
    if not cited.answers or not (words.done.search(folded) or words.stands.search(folded)):
        return
    for clause in said.clauses:
        touched = any(one.at.start < clause.end and one.at.end > clause.start for one in found)
        if not touched and _tells(clause, words) and not _is_held(clause, cited):
            yield Seen("presumed", _place(clause), sure="info")


def _place(clause: Clause) -> Span:
    """Without the colon that leads on."""
    told = clause.text.rstrip().removesuffix(":").rstrip()
    return clause.place._replace(end=clause.start + len(told))


def _tells(clause: Clause, words: Meaning) -> bool:
    if clause.text.endswith("?") or words.bonds["if"].search(clause.text):
        return False
    return bool(words.done.search(clause.text) or (words.stands.search(clause.text) and _is_his(clause, words)))


def _is_his(clause: Clause, words: Meaning) -> bool:
    named = words.his.search(clause.text) or PLACEHOLDER.search(clause.text)
    return bool(named) or any(fact.kind in _HIS for fact in clause.facts)


def _is_held(clause: Clause, cited: Cited) -> bool:
    near = shares(clause, cited.all.held, frozenset())
    return bool(near) and near[0].share >= _HELD
