"""Whether a customer's own words say what he wants, or point at the files that he sends along."""

import re
from dataclasses import dataclass
from functools import lru_cache

from service.pipeline.clean.phrases import folded
from service.settings import PROMPTS
from service.yaml_file import read_yaml

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Pointing:
    """prompts/attachments/pointing.yaml, folded."""

    refers: re.Pattern[str]
    covering: frozenset[str]
    hardly_any: int
    few_words: int
    beside_chars: int
    fills: frozenset[str]

    def says_nothing(self, *texts: str) -> bool:
        """Hardly a word of what he wants: whatever file he sends says more."""
        return self.telling(*texts) <= self.hardly_any

    def telling(self, *texts: str) -> int:
        """Words that a covering letter could do without."""
        return sum(word not in self.covering for word in _WORD.findall(folded(" ".join(texts))))

    def at_a_letter(self, own: str) -> bool:
        """Few words, which refer to a file, or say nothing: where a file is a letter, it is what he writes."""
        plain = folded(own)
        if len(_WORD.findall(plain)) > self.few_words:
            return False
        return self.refers.search(plain) is not None or self.says_nothing(own)


@lru_cache(maxsize=1)
def pointing() -> Pointing:
    """As shipped. Raises FileNotFoundError, KeyError or re.error where the file is wrong."""
    given = read_yaml(PROMPTS / "attachments" / "pointing.yaml")
    lines = [line for line in map(str.strip, given["refers"].splitlines()) if line and not line.startswith("#")]
    return Pointing(
        refers=re.compile(rf"(?<![\w-])(?:{'|'.join(lines)})(?!\w)"),
        covering=frozenset(given["covering"].split()),
        hardly_any=int(given["hardly_any"]),
        few_words=int(given["few_words"]),
        beside_chars=int(given["beside_chars"]),
        fills=frozenset(given["fills"]),
    )
