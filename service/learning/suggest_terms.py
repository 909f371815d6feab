"""The words of confirmed messages as advisors would write them, and which of them tell queues apart."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import log, sqrt

from retrieval.words import MARKER, stems, tokens, words
from service.domain.redacted import Redacted
from service.learning.examples import Example
from service.learning.reading import Reading, own_tokens
from service.settings import PROMPTS
from service.yaml_file import read_yaml

SHORTEST = 3
LONGEST_ACRONYM = 5
COMMON = 0.5
"""A word said in messages of more than this share of the queues tells nothing about any."""
PRIOR_WEIGHT = 50.0
"""Messages' worth of the whole history's words that draws two queues' words together."""
TELLING_Z = 1.96

IsName = Callable[[str], bool]
"""Whether a folded word may be somebody's name."""


@dataclass(frozen=True)
class Terms:
    """What each message says, as stems. `surfaces`: how a folded word is mostly spelt, without those that look like
    names; a word that only ever stands there with a capital is one. `language`: the account's."""

    examples: Sequence[Example]
    readings: Sequence[Reading]
    is_name: IsName
    language: str

    @cached_property
    def stems(self) -> list[frozenset[str]]:
        """By message: the stems of those of its words that may be shown."""
        shown = self.surfaces
        return [
            frozenset(stem for word, stem in zip(one.words, one.stems, strict=True) if word in shown)
            for one in self.readings
        ]

    @cached_property
    def surfaces(self) -> dict[str, str]:
        spelt: dict[str, Counter[str]] = defaultdict(Counter)
        for example in self.examples:
            for word, surface in _spelt(example.redacted):
                spelt[word][surface] += 1
        lowered = {word: _lowered(seen) for word, seen in spelt.items() if self._shown(word, seen)}
        return {word: surface for word, surface in lowered.items() if surface}

    @cached_property
    def surface_of_stem(self) -> dict[str, str]:
        """The commonest spelling among the words of a stem."""
        counted: dict[str, Counter[str]] = defaultdict(Counter)
        for one in self.readings:
            for word, stem in zip(one.words, one.stems, strict=True):
                if word in self.surfaces:
                    counted[stem][self.surfaces[word]] += 1
        return {stem: min(seen, key=lambda word: (-seen[word], word)) for stem, seen in counted.items()}

    @cached_property
    def common(self) -> frozenset[str]:
        """Stems of words that are said whatever the message is about; few queues alone could not show which."""
        queues: dict[str, set[str]] = defaultdict(set)
        for example, said in zip(self.examples, self.stems, strict=True):
            for stem in said:
                queues[stem].add(example.queue)
        most = max(2.0, COMMON * len({example.queue for example in self.examples}))
        return frozenset(stem for stem, seen in queues.items() if len(seen) > most) | commonplace(self.language)

    def telling(self, first: Iterable[int], second: Iterable[int]) -> list[tuple[str, float]]:
        """Stems with how surely (z) they speak for the first rows rather than the second, the surest first: log-odds
        with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, "Fightin' Words"), over messages."""
        one, other = (Counter(stem for row in rows for stem in self.stems[row]) for rows in (first, second))
        total = sum(self._everywhere.values())
        sizes = sum(one.values()) + PRIOR_WEIGHT, sum(other.values()) + PRIOR_WEIGHT
        found = []
        for stem in one.keys() | other.keys():
            prior = PRIOR_WEIGHT * self._everywhere[stem] / total
            mine, theirs = one[stem] + prior, other[stem] + prior
            odds = log(mine / (sizes[0] - mine)) - log(theirs / (sizes[1] - theirs))
            found.append((stem, odds / sqrt(1 / mine + 1 / theirs)))
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))

    @cached_property
    def _everywhere(self) -> Counter[str]:
        return Counter(stem for said in self.stems for stem in said)

    def _shown(self, word: str, seen: Counter[str]) -> bool:
        if len(word) < SHORTEST or MARKER.fullmatch(word) or not word.isalpha() or self.is_name(word):
            return False
        return any(surface.islower() or (surface.isupper() and len(word) <= LONGEST_ACRONYM) for surface in seen)


@cache
def commonplace(language: str) -> frozenset[str]:
    """Stems of small words and courtesies (`prompts/learning/commonplace.yaml`); none in a language without a list."""
    listed = read_yaml(PROMPTS / "learning" / "commonplace.yaml").get(language, "")
    return frozenset(stems(words(listed), language))


def _spelt(redacted: Redacted) -> Iterable[tuple[str, str]]:
    for word, start, end in tokens(redacted.subject):
        yield word, redacted.subject[start:end]
    for word, start, end in own_tokens(redacted):
        yield word, redacted.text[start:end]


def _lowered(seen: Counter[str]) -> str:
    """The commonest spelling; accents are kept oftener than they are left out."""
    lower: Counter[str] = Counter()
    for surface, times in seen.items():
        lower[surface.lower()] += times
    return min(lower, key=lambda word: (-lower[word], word))
