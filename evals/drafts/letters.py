"""Letters of other trades made shorter: what goes of what may go in a reader's eyes, and what goes that must stay."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service.domain.answers import CannedAnswer
from service.domain.draft import Paragraph
from service.domain.playbook import Playbook
from service.errors import RefusedError
from service.phrases import Phrases
from service.pipeline.redraft.condense import condensed
from service.pipeline.redraft.keeping import Start
from service.pipeline.redraft.rework import Setting, reworked
from service.pipeline.redraft.shorter import Matter
from service.pipeline.redraft.wishes import understood
from service.yaml_file import read_yaml

LETTERS = Path(__file__).parent / "written" / "letters.yaml"
_SPARE = "~"


@dataclass(frozen=True, slots=True)
class Letter:
    """`saved`: the share of its words that went. Sentences: `spare` and `needed` ones, and those that `went`."""

    id: str
    saved: float
    spare: tuple[str, ...]
    needed: tuple[str, ...]
    went: frozenset[str]


def letters(playbook: Playbook, phrases: Phrases) -> Iterator[Letter]:
    for given in read_yaml(LETTERS)["letters"]:
        yield _letter(given, playbook, phrases)


def _letter(given: dict[str, str], playbook: Playbook, phrases: Phrases) -> Letter:
    said = [[one.strip() for one in block.split("|")] for block in given["body"]]
    texts = [_joined([one.removeprefix(_SPARE) for one in block]) for block in said]
    answer = CannedAnswer(
        id=given["id"], queue="any", title=given["about"], situation=given["about"], body="\n\n".join(texts)
    )
    start = Start(tuple(Paragraph(text=text, sources=(answer.id,)) for text in texts), frozenset())
    setting = Setting(playbook, Matter.of([given["asks"]], [answer]), phrases)
    try:
        short = "\n\n".join(part.text for part in reworked(start, understood("plus court", "fr"), setting).paragraphs)
    except RefusedError:
        short = answer.body
    every = [one for block in said[1:-1] for one in block]
    return Letter(
        answer.id,
        (len(answer.body.split()) - len(short.split())) / len(answer.body.split()),
        tuple(_unmarked(one) for one in every if one.startswith(_SPARE)),
        tuple(one for one in every if not one.startswith(_SPARE)),
        frozenset(one for one in map(_unmarked, every) if one not in short and condensed(one) not in short),
    )


def _unmarked(sentence: str) -> str:
    return sentence.removeprefix(_SPARE)


def _joined(sentences: list[str]) -> str:
    """Items of a list on lines of their own."""
    text = sentences[0]
    for one in sentences[1:]:
        text += f"\n{one}" if one.startswith("-") else f" {one}"
    return text
