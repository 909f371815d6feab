"""The words of a proposed canned answer: what several replies say, with placeholders for what is one customer's."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from service.domain.answers import PLACEHOLDER
from service.learning.suggest_answers import SUPPORT, supported
from service.pipeline.check.facts import facts
from service.pipeline.compare.content import Content
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import fold
from service.settings import PROMPTS
from service.yaml_file import read_yaml

_PERSONAL = re.compile(r"\[([A-Z][A-Z_]*)\]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """prompts/drafts/proposing.yaml: which placeholder stands for what."""

    personal: Mapping[str, str]
    other: str
    varying: Mapping[str, str]


@cache
def names() -> Names:
    """As shipped. Raises FileNotFoundError or KeyError where one is missing."""
    given = read_yaml(PROMPTS / "drafts" / "proposing.yaml")
    return Names(given["personal"], given["other"], given["varying"])


def common_words(replies: Sequence[str], medoid: int) -> str:
    """The sentences of one reply that at least half of the others say too; a fact on which they do not agree is a
    placeholder."""
    said = Content(replies[medoid], ())
    others = [_sentences(text) for row, text in enumerate(replies) if row != medoid]
    pieces: list[str] = []
    at = 0
    for start, end in said.sentences:
        sentence = said.text[start:end]
        same = supported(sentence, others)
        pieces.append(said.text[at:start])
        if len(same) >= SUPPORT * len(others):
            pieces.append(_agreed(sentence, same))
        at = end
    text = "".join([*pieces, said.text[at:]])
    return _PERSONAL.sub(_placeholder, "\n".join(filter(None, (line.strip() for line in text.splitlines()))))


def _sentences(text: str) -> list[str]:
    content = Content(text, ())
    return [text[start:end] for start, end in content.sentences]


def _agreed(sentence: str, others: Sequence[str]) -> str:
    """The sentence with a placeholder for each fact that fewer than half of the others state."""
    known = [{(one.kind, one.key) for one in facts(other)} for other in others]
    for one in reversed(facts(sentence)):
        shared = sum((one.kind, one.key) in told for told in known)
        name = names().varying.get(one.kind)
        if name and shared < SUPPORT * len(others) and not _in_brackets(sentence, one):
            sentence = f"{sentence[: one.start]}{{{name}}}{sentence[one.end :]}"
    return sentence


def _in_brackets(sentence: str, fact: Span) -> bool:
    return any(found.start() <= fact.start < found.end() for found in _PERSONAL.finditer(sentence))


def _placeholder(found: re.Match[str]) -> str:
    return f"{{{names().personal.get(found[1], names().other)}}}"


def with_edit(body: str, before: str, after: str) -> str | None:
    """The answer's body with that sentence changed, left out, or (`before` is "") None, since nobody knows where it
    belongs; None too where the sentence is not in it. Placeholders are those of the answer."""
    for start, end in Content(body, ()).sentences if before else ():
        sentence = body[start:end]
        if _pattern(sentence).fullmatch(_plain(before)):
            new = _with_names(after, [found[0] for found in PLACEHOLDER.finditer(sentence)])
            changed = f"{body[:start]}{new}{body[end:]}"
            return re.sub(r"\n{3,}", "\n\n", re.sub(r"(?m)^[ \t]+$|[ \t]{2,}", "", changed)) if not new else changed
    return None


def _pattern(sentence: str) -> re.Pattern[str]:
    """Matches the sentence with whatever stands for its placeholders."""
    parts = PLACEHOLDER.split(sentence)[::2]
    return re.compile(".{0,200}?".join(re.escape(_plain(part)) for part in parts))


def _with_names(after: str, known: Sequence[str]) -> str:
    """What is personal in the new sentence takes the old one's placeholders, in their order, then those of its kind."""
    left: Iterator[str] = iter(known)
    return _PERSONAL.sub(lambda found: next(left, _placeholder(found)), after)


def _plain(text: str) -> str:
    return _SPACES.sub(" ", fold(text))
