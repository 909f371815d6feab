"""Which words of a playbook's keywords a word of a message meets."""

from collections import defaultdict
from functools import lru_cache

from retrieval.spelling import meant
from retrieval.words import stem
from service.playbooks.expressions import By, Unit

_REMEMBERED_WORDS = 16_000
_FEWEST_LETTERS = 5
"""Of a misspelt word: shorter ones are one slip from too many keywords."""


class UnitIndex:
    """Which units of the playbook a word of a message meets."""

    def __init__(self, numbers: dict[Unit, int]) -> None:
        self._exact = {unit.word: number for unit, number in numbers.items() if unit.by is By.EXACT}
        self._prefixes = {unit.word: number for unit, number in numbers.items() if unit.by is By.PREFIX}
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._words = {unit.word: number for unit, number in numbers.items() if unit.by is By.STEM}
        self._by_stem = lru_cache(maxsize=8)(self._stemmed)
        self._remembered: dict[tuple[tuple[str, ...], bool], dict[str, tuple[int, ...]]] = {}

    def remembered(self, languages: tuple[str, ...], spelling: bool) -> dict[str, tuple[int, ...]]:
        """Units of the words seen so far, forgotten when they become too many."""
        seen = self._remembered.setdefault((languages, spelling), {})
        if len(seen) > _REMEMBERED_WORDS:
            seen = self._remembered[languages, spelling] = {}
        return seen

    def units_of(self, word: str, languages: tuple[str, ...], spelling: bool) -> tuple[int, ...]:
        """Those that it meets by stems of these languages; else, where French `spelling` is minded, those of the word
        that it stands for."""
        found = self._met(word, languages)
        if found or not spelling or len(word) < _FEWEST_LETTERS:
            return found
        return next((units for one in meant(word) if (units := self._met(one, languages))), ())

    def _met(self, word: str, languages: tuple[str, ...]) -> tuple[int, ...]:
        found = {self._exact[word]} if word in self._exact else set()
        for length in self._lengths:
            if length > len(word):
                break
            if (number := self._prefixes.get(word[:length])) is not None:
                found.add(number)
        for language in languages:
            found.update(self._by_stem(language).get(stem(word, language), ()))
        return tuple(sorted(found))

    def _stemmed(self, language: str) -> dict[str, list[int]]:
        by_stem: dict[str, list[int]] = defaultdict(list)
        for word, number in self._words.items():
            by_stem[stem(word, language)].append(number)
        return dict(by_stem)
