"""One sentence for the advisor, put together from `prompts/phrases/decisions.*`."""

from collections.abc import Iterator, Sequence
from functools import reduce

from service.domain.decision import Alternative, OutcomeReason
from service.domain.playbook import Playbook
from service.domain.votes import Evidence
from service.phrases import Phrases

QUOTED = 2
MOST_CHARS = 60
CHOICES = 2


def sentence(
    outcome: OutcomeReason,
    alternatives: Sequence[Alternative],
    evidence: Sequence[Evidence],
    playbook: Playbook,
    phrases: Phrases,
    stance: str,
    guarded: Alternative | None = None,
) -> str:
    """Why it was routed, or why not, in the language of the phrases. `guarded`: the queue that must not be missed."""
    best = alternatives[0]
    said = "routed" if outcome == "confident" else outcome
    why = list(_why(best.queue, evidence, phrases, stance)) if f"decisions.{said}_why" in phrases else []
    return phrases(
        f"decisions.{said}_why" if why else f"decisions.{said}",
        queue=playbook.queue(best.queue).label,
        percent=_percent(best),
        choices=_choices(alternatives, playbook, phrases),
        why=reduce(lambda first, then: phrases("decisions.why.joined", first=first, then=then), why) if why else "",
        guarded=_choices([guarded], playbook, phrases) if guarded else "",
    )


def _why(queue: str, evidence: Sequence[Evidence], phrases: Phrases, stance: str) -> Iterator[str]:
    ours = [piece for piece in evidence if piece.queue == queue]
    keywords = [piece.text for piece in ours if piece.kind == "keyword"]
    quotes = [piece.text for piece in ours if piece.kind == "quote" and piece.voter == "classifier"]
    if keywords:
        yield phrases("decisions.why.keywords", words=_quoted(keywords, phrases))
    elif quotes:
        yield phrases("decisions.why.words", words=_quoted(quotes, phrases))
    if near := sum(piece.kind == "example" for piece in ours):
        yield phrases("decisions.why.neighbours" if near > 1 else "decisions.why.neighbour", count=near)
    if stance:
        yield phrases("decisions.why.model" if stance.startswith("agrees") else "decisions.why.model_alone")


def _choices(alternatives: Sequence[Alternative], playbook: Playbook, phrases: Phrases) -> str:
    named = [
        phrases("decisions.choice", queue=playbook.queue(one.queue).label, percent=_percent(one))
        for one in alternatives[:CHOICES]
    ]
    return f" {phrases('decisions.or').strip()} ".join(named)


def _quoted(texts: Sequence[str], phrases: Phrases) -> str:
    distinct = list(dict.fromkeys(" ".join(text.split())[:MOST_CHARS] for text in texts))
    return ", ".join(phrases("decisions.quote", text=text) for text in distinct[:QUOTED])


def _percent(one: Alternative) -> int:
    return min(99, round(100 * one.probability)) if one.probability < 1 else 100
