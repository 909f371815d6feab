"""Canned answers found by words, while an advisor writes."""

from collections.abc import Sequence
from functools import lru_cache

from service.desk.answers import Answers
from service.desk.seeking import sought, stemmed
from service.domain.answers import CannedAnswer
from service.domain.sought import Term

MOST = 8


class FindingAnswers:
    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def find(self, account: str, text: str, queue: str | None = None) -> Sequence[CannedAnswer]:
        """Those that say most of it: words in the title first, then those of the queue that the message is in. Without
        a word in the text, the answers of that queue."""
        terms = sought(text).terms
        scored = [(_score(one, terms, queue), one) for one in await self._answers.list(account)]
        best = sorted((pair for pair in scored if pair[0] > (0, 0, 0)), key=lambda pair: pair[0], reverse=True)
        wanted = [one for score, one in best if score[0] > 0] if terms else [one for _, one in best]
        return wanted[:MOST]


def _score(answer: CannedAnswer, terms: Sequence[Term], queue: str | None) -> tuple[int, int, int]:
    title, body = _stems(answer.title), _stems(answer.body)
    said = sum(_says(term, title) or _says(term, body) for term in terms)
    return said, sum(_says(term, title) for term in terms), int(answer.queue == queue)


def _says(term: Term, stems: frozenset[str]) -> bool:
    if term.begins:
        return any(stem.startswith(term.words) for stem in stems) or not stems.isdisjoint(term.also)
    return stems.issuperset(term.words)


@lru_cache(maxsize=4_000)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stemmed(text))
