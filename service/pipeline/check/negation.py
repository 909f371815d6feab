"""Which words of a text are negated."""

import re
from collections import Counter
from collections.abc import Iterator

from service.pipeline.check.meaning import Meaning
from service.pipeline.check.tokens import group_of

_STEP = re.compile(r"[^\W_]+|[,()]")
_NE_QUE = re.compile(r"^n(?:e |')|qu(?:e|'\w+)$|sans$")
_PAIR = 2


def negated(text: str, words: Meaning) -> Counter[str]:
    """How often each word, by its group, comes right after a negation, small words stepped over; never across a
    comma or "et". The second word of a pair ("ne cédez pas") negates nothing more."""
    return Counter(sense(word[0], words) for word in denials(unsure(text, words), words))


def denials(text: str, words: Meaning) -> Iterator[re.Match[str]]:
    """The words that come right after a negation, in a text that is `unsure` no more."""
    denied, spent = False, 0
    for step in _STEP.finditer(text):
        word = step[0]
        spent -= 1
        if word in words.stops:
            denied = False
        elif word in words.negations:
            denied = spent <= 0 or word not in words.seconds
        elif denied and word not in words.passing:
            yield step
            denied, spent = False, _PAIR


def sense(word: str, words: Meaning) -> str:
    """Its group, apart for words that deny what the group is about: "gratuit" says that there are no "frais"."""
    return group_of(word) + ("!" if word.startswith(words.denying) else "")


def unsure(text: str, words: Meaning) -> str:
    """The text without expressions that say yes or no in other words, and without "ne … que"; what may be said with
    and without a negation ("reste le même") is said in one way."""
    for pattern, instead in words.same:
        text = pattern.sub(instead, text)
    return words.restricted.sub(_limited, words.neutral.sub(" ", text))


def _limited(found: re.Match[str]) -> str:
    """What stands between "ne" and "que"."""
    return f" {_NE_QUE.sub(' ', found[0])} "
