"""What a person wrote into a draft, told from what was there before."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from service.domain.answers import PLACEHOLDER
from service.domain.draft import Draft, Paragraph

BLANK_LINE = "\n\n"
ALIKE = 0.5
"""Share of equal characters from which a paragraph is another one, edited."""
COMPARED_CHARS = 2_000
_BLANK = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Given:
    """A paragraph as the advisor has it now. `locked`: he wants it kept, whether he wrote it or not."""

    text: str
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """What a new version starts from. `locked` are indexes of the paragraphs that stay word for word; `removed` the
    texts that a person took out: they do not come back. `left_out`: what a wish has left out."""

    paragraphs: tuple[Paragraph, ...]
    locked: frozenset[int] = frozenset()
    removed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def blocks(text: str) -> list[Given]:
    """A text in paragraphs, as blank lines part them."""
    return [Given(block) for block in _BLANK.split(text.strip()) if block.strip()]


def started(base: Draft, locked: Iterable[int], given: Sequence[Given] | None) -> Start:
    """What was given, against the version that it was made from: a paragraph that is none of that version's is the
    person's own, and has the sources of the one that it is most like. White space at the ends counts for nothing."""
    before = frozenset(locked)
    if given is None:
        return Start(base.paragraphs, before)
    parted = [(part, index in before) for index, part in enumerate(base.paragraphs) for part in _parted(part)]
    left = {at: part for at, (part, _) in enumerate(parted)}
    before = frozenset(at for at, (_, own) in enumerate(parted) if own)
    kept, mine = list[Paragraph | None](), set[int]()
    for at, one in enumerate(given):
        index = next((known for known, part in left.items() if _plain(part.text) == _plain(one.text)), None)
        kept.append(None if index is None else left.pop(index))
        if index is None or index in before or one.locked:
            mine.add(at)
    paragraphs = tuple(part or _own(one.text, left) for part, one in zip(kept, given, strict=True))
    return Start(paragraphs, frozenset(mine), tuple(part.text for part in left.values()))


def _parted(part: Paragraph) -> list[Paragraph]:
    """A paragraph with a blank line in it comes back as two."""
    return [part.model_copy(update={"text": one.text}) for one in blocks(part.text)] or [part]


def _own(text: str, left: dict[int, Paragraph]) -> Paragraph:
    """A person's paragraph; the one that it was made from is no longer left."""
    alike = {index: _alike(text, part.text) for index, part in left.items()}
    best = max(alike, key=lambda index: alike[index], default=None)
    if best is None or alike[best] < ALIKE:
        return Paragraph(text=text, sources=())
    return left.pop(best).model_copy(update={"text": text})


def _alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, _plain(one)[:COMPARED_CHARS], _plain(other)[:COMPARED_CHARS], autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


def _plain(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def with_paragraphs(draft: Draft, paragraphs: Sequence[Paragraph]) -> Draft:
    """The draft with these paragraphs, and nothing yet found in them."""
    body = BLANK_LINE.join(part.text for part in paragraphs)
    cited = tuple(dict.fromkeys(source for part in paragraphs for source in part.sources))
    return draft.model_copy(
        update={
            "body": body,
            "paragraphs": tuple(paragraphs),
            "findings": (),
            "placeholders_left": tuple(dict.fromkeys(name[1] for name in PLACEHOLDER.finditer(body))),
            "answers": tuple(source for source in cited if source not in {"message", "account"}),
        }
    )


def put_back(fresh: Sequence[Paragraph], start: Start) -> list[Paragraph]:
    """The fresh paragraphs with the person's own: where they stand among them already, else after the paragraph that
    came before. What is like a person's paragraph, or like one that he took out, gives way."""
    own = [start.paragraphs[index] for index in sorted(start.locked)]
    unwanted = [*(part.text for part in own), *start.removed]
    made = [
        part
        for part in fresh
        if any(part is one for one in own) or not any(_alike(part.text, text) >= ALIKE for text in unwanted)
    ]
    for index in sorted(start.locked):
        if not any(part is start.paragraphs[index] for part in made):
            made.insert(_place(index, start, made), start.paragraphs[index])
    return made


def _place(index: int, start: Start, made: Sequence[Paragraph]) -> int:
    """Right after the nearest earlier paragraph that was kept or made anew, else as far down as before."""
    for earlier in range(index - 1, -1, -1):
        part = start.paragraphs[earlier]
        for at, one in enumerate(made):
            if one is part or _alike(one.text, part.text) >= ALIKE:
                return at + 1
    return min(index, len(made))
