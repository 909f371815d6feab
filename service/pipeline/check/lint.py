"""Lint: what looks wrong in a library of canned answers, before a draft rests on it."""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date, timedelta
from difflib import get_close_matches

from service.domain.answers import PLACEHOLDER, CannedAnswer
from service.domain.linted import LintFinding, LintKind
from service.domain.playbook import Playbook
from service.phrases import Phrases
from service.pipeline.check.body import BLOCK, remembered
from service.pipeline.check.commitments import commitments
from service.pipeline.check.conditions import is_bound
from service.pipeline.check.lint_facts import against_account, against_each_other, kept_kinds, paired, unknown
from service.pipeline.check.meaning import meaning
from service.pipeline.check.sources import squeeze
from service.pipeline.check.tokens import weight
from service.pipeline.draft.rules import rules

SOON = timedelta(days=30)
"""An answer that ends within this time is told of."""
_TWIN = 0.85
_SEVERITY: Mapping[LintKind, str] = {
    "contradicts_account": "error",
    "contradicts_answer": "error",
    "unknown_fact": "warning",
    "missing_fact": "warning",
    "unfillable": "warning",
    "expired": "error",
    "expiring": "warning",
    "not_yet_valid": "info",
    "unconditional": "warning",
    "twin": "warning",
    "empty_queue": "warning",
    "dead_reference": "error",
}
_ORDER = ("error", "warning", "info")


def lint(
    library: Sequence[CannedAnswer], playbook: Playbook, today: date, phrases: Phrases, only: str | None = None
) -> list[LintFinding]:
    """Every finding, in order of the answers, errors first; what is about a queue or the playbook comes last. `only`:
    the findings that name the answer of that id, which costs a hundredth in a library of hundreds."""
    say, kinds = _Saying(phrases), kept_kinds(library, playbook)
    looked_at = [answer for answer in library if only in {None, answer.id}]
    found = [
        *(one for answer in looked_at for one in _of_one(answer, playbook, kinds, today, say)),
        *_placeholders(library, looked_at, say),
        *_between(library, say, only),
        *(_references(library, playbook, say) if only is None else ()),
    ]
    places = {answer.id: place for place, answer in enumerate(library)}
    return sorted(found, key=lambda one: (places.get(one.answer, len(places)), _ORDER.index(one.severity)))


class _Saying:
    """Makes findings, with why and cure in words."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    def __call__(
        self, kind: LintKind, answer: str, text: str, other: str | None = None, **values: object
    ) -> LintFinding:
        shown = {"text": text, "other": other or "", **values}
        return LintFinding.model_validate(
            {
                "kind": kind,
                "severity": _SEVERITY[kind],
                "answer": answer,
                "text": text,
                "why": self._phrases(f"lint.{kind}.why", **shown),
                "cure": self._phrases(f"lint.{kind}.cure", **shown),
                "other": other,
            }
        )


def _of_one(
    answer: CannedAnswer, playbook: Playbook, kinds: Container[str], today: date, say: _Saying
) -> Iterator[LintFinding]:
    against = {found.text: found.there for found in against_account(answer, playbook)}
    for text, there in against.items():
        yield say("contradicts_account", answer.id, text, "account", there=there)
    for fact, clause, like in unknown(answer, playbook, kinds):
        if clause not in against:
            text = answer.body[fact.start : fact.end]
            yield say("unknown_fact", answer.id, text, "account", clause=clause, like=like)
    body = squeeze(answer.body)
    for named in answer.facts:
        if squeeze(named) not in body:
            yield say("missing_fact", answer.id, named)
    yield from _validity(answer, today, say)
    yield from _promises(answer, playbook, say)


def _validity(answer: CannedAnswer, today: date, say: _Saying) -> Iterator[LintFinding]:
    if answer.valid_until and answer.valid_until < today:
        yield say("expired", answer.id, answer.valid_until.isoformat())
    elif answer.valid_until and answer.valid_until - today <= SOON:
        yield say("expiring", answer.id, answer.valid_until.isoformat(), days=(answer.valid_until - today).days)
    if answer.valid_from and answer.valid_from > today:
        yield say("not_yet_valid", answer.id, answer.valid_from.isoformat())


def _promises(answer: CannedAnswer, playbook: Playbook, say: _Saying) -> Iterator[LintFinding]:
    """Promises to pay or to accept in a paragraph that has no condition, no fact and nothing to fill in."""
    grave = [pattern for name, pattern in commitments(playbook).items() if name in meaning().grave]
    for block, stated in zip(answer.body.split(BLOCK), remembered(answer.body).paragraphs, strict=True):
        if any(clause.facts or is_bound(clause.text) for clause in stated) or PLACEHOLDER.search(block):
            continue
        for clause in stated:
            if any(pattern.search(clause.text) for pattern in grave):
                yield say("unconditional", answer.id, clause.written)


def _placeholders(
    library: Sequence[CannedAnswer], looked_at: Sequence[CannedAnswer], say: _Saying
) -> Iterator[LintFinding]:
    """Names that no other answer has, that the program cannot fill, and that look like another one misspelt."""
    used = Counter(name for answer in library for name in {*PLACEHOLDER.findall(answer.body)})
    common = {name for name, times in used.items() if times > 1} | rules().metadata.keys() | rules().kinds.keys()
    for answer in looked_at:
        for name in dict.fromkeys(PLACEHOLDER.findall(answer.body)):
            if name not in common and (like := get_close_matches(name, common, 1, _TWIN)):
                yield say("unfillable", answer.id, f"{{{name}}}", None, like=f"{{{like[0]}}}")


def _between(library: Sequence[CannedAnswer], say: _Saying, only: str | None) -> Iterator[LintFinding]:
    for found in against_each_other(library, only):
        yield say("contradicts_answer", found.answer, found.text, found.source, there=found.there)
    said = {answer.id: _words(answer) for answer in library}
    for one, two in paired(library, only):
        answer, other = library[one], library[two]
        if (answer.language, answer.audience) == (other.language, other.audience):
            share = _alike(said[answer.id], said[other.id])
            if share >= _TWIN:
                yield say("twin", answer.id, answer.title, other.id, percent=round(100 * share))


def _words(answer: CannedAnswer) -> dict[str, float]:
    held = frozenset().union(*(block.tokens for block in remembered(answer.body).blocks))
    return dict.fromkeys(held, 1.0)


def _alike(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return len(one.keys() & other.keys()) / max(1.0, weight(one), weight(other))


def _references(library: Sequence[CannedAnswer], playbook: Playbook, say: _Saying) -> Iterator[LintFinding]:
    answered: dict[str, int] = Counter(answer.queue for answer in library if answer.language == playbook.language)
    for queue in playbook.queues:
        if not answered.get(queue.id) and not queue.out_of_scope:
            yield say("empty_queue", "", queue.id, None, label=queue.label)
    known = {answer.id for answer in library}
    for situation in playbook.situations:
        for named in situation.offers:
            if named not in known:
                yield say("dead_reference", "", named, None, where=situation.label)
