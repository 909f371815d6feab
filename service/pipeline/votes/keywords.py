"""The playbook's keywords as a voter.

Only the customer's own new words and the subject are read: what he quotes or forwards is somebody
else's, unless he wrote nothing himself. Measured on the 151 reference messages with a quoted thread:
counting it at 0.3 of its weight won nothing on usual mail and lost four of 74 unusual messages.
"""

from collections import defaultdict
from collections.abc import Iterable
from math import expm1

from service.domain.cleaned import Part
from service.domain.redacted import Redacted
from service.domain.votes import Evidence, Vote
from service.playbooks.matcher import Hit, KeywordMatcher, Span

TEMPERATURE = 2.0
"""Weight that multiplies a queue's odds by e."""

DOUBT = 1.0
"""Odds of `none of them`: one hit of weight 1 alone earns a score of 0.39, of weight 3 of 0.78."""

FLAG_TEMPERATURE = 2.0
MOST_EVIDENCE = 12


def vote(redacted: Redacted, matcher: KeywordMatcher) -> Vote:
    """What the keywords that occur in a message say, see `vote_of`."""
    return vote_of(keyword_hits(redacted, matcher), redacted)


def vote_of(found: Iterable[Hit], redacted: Redacted) -> Vote:
    """Scores sum to less than 1: what is left is doubt. Without a hit that speaks for a queue, none.

    A queue whose weights sum to w > 0 has odds exp(w / TEMPERATURE) - 1 against DOUBT and the others;
    one whose weights sum to 0 or less has no score. A flag whose weights sum to w > 0 has
    1 - exp(-w / FLAG_TEMPERATURE). The same words count once a queue, for the heaviest keyword that
    they meet: `résilier`, `résil*` and `"résilier mon contrat"` do not add up.

    Evidence holds the heaviest hits that speak for something; for a flag its `queue` is empty and its
    `ref` begins with the flag.
    """
    hits = _counting(found)
    odds = {queue: expm1(weight / TEMPERATURE) for queue, weight in _sums(hits, "queue").items() if weight > 0}
    total = DOUBT + sum(odds.values())
    flags = {flag: -expm1(-weight / FLAG_TEMPERATURE) for flag, weight in _sums(hits, "flag").items() if weight > 0}
    return Vote(
        voter="keywords",
        scores={queue: value / total for queue, value in odds.items()},
        flags=flags,
        evidence=_evidence(hits, {*odds, *flags}, redacted),
    )


def hits_by_queue(redacted: Redacted, matcher: KeywordMatcher) -> dict[str, float]:
    """Feature vector for learned voters: the summed keyword weights of each queue of the playbook.

    All queues of `matcher.queue_ids` are there in that order, 0.0 where nothing occurs; negative where
    what speaks against prevails. Depends on the playbook alone, so it has never seen a label.
    """
    sums = _sums(_counting(keyword_hits(redacted, matcher)), "queue")
    return {queue: sums.get(queue, 0.0) for queue in matcher.queue_ids}


def keyword_hits(redacted: Redacted, matcher: KeywordMatcher) -> tuple[Hit, ...]:
    """Every keyword that occurs, for the model's prompt. Spans are offsets into `reading(redacted)`."""
    stretches = [(0, len(redacted.subject)), *_own(redacted)]
    return matcher.hits(reading(redacted), stretches, redacted.language)


def reading(redacted: Redacted) -> str:
    """Subject and text as the matcher reads them, one after the other."""
    return f"{redacted.subject}\n{redacted.text}"


def _own(redacted: Redacted) -> Iterable[Span]:
    """Where the customer's own words stand in `reading`; what he forwards or quotes where he has none."""
    offset = len(redacted.subject) + 1
    for part in (Part.BODY, Part.FORWARDED, Part.QUOTE):
        spans = [(each.start, each.end) for each in redacted.segments if each.part is part]
        if any(redacted.text[start:end].strip() for start, end in spans):
            return [(start + offset, end + offset) for start, end in _joined(spans, redacted.text)]
    return ()


def _joined(spans: list[Span], text: str) -> list[Span]:
    """Spans with nothing but white space between them made one, so that phrases may run over a line's end."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _counting(hits: Iterable[Hit]) -> list[Hit]:
    """Heaviest first; without those whose words a heavier one of the same queue and sign holds or fills."""
    kept: list[Hit] = []
    taken: dict[tuple[str, str, bool], list[Span]] = defaultdict(list)
    for hit in sorted(hits, key=lambda hit: -abs(hit.weight)):
        before = taken[hit.kind, hit.owner, hit.weight > 0]
        if not all(any(_nested(span, other) for other in before) for span in hit.spans):
            kept.append(hit)
        before.extend(hit.spans)
    return kept


def _sums(counting: Iterable[Hit], kind: str) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for hit in counting:
        if hit.kind == kind:
            sums[hit.owner] += hit.weight
    return dict(sums)


def _nested(span: Span, other: Span) -> bool:
    return (other[0] <= span[0] and span[1] <= other[1]) or (span[0] <= other[0] and other[1] <= span[1])


def _evidence(hits: list[Hit], owners: set[str], redacted: Redacted) -> tuple[Evidence, ...]:
    speaking = [hit for hit in hits if hit.weight > 0 and hit.owner in owners]
    return tuple(_shown(hit, redacted) for hit in speaking[:MOST_EVIDENCE])


def _shown(hit: Hit, redacted: Redacted) -> Evidence:
    start, end = hit.spans[0]
    offset = len(redacted.subject) + 1
    source = redacted.alignment.to_source(start - offset, end - offset) if start >= offset else None
    queue, ref = (hit.owner, hit.expression) if hit.kind == "queue" else ("", f"{hit.owner}: {hit.expression}")
    low, high = source or (None, None)
    words = reading(redacted)[start:end]
    return Evidence(voter="keywords", kind="keyword", text=words, start=low, end=high, queue=queue, ref=ref)
