"""A shorter draft: without the sentences that state, ask, bind and answer nothing."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from service.domain.draft import Paragraph
from service.domain.playbook import Playbook
from service.learning.reading import read_text
from service.pipeline.check.commitments import commitments
from service.pipeline.check.facts import facts
from service.pipeline.check.meaning import meaning
from service.pipeline.compare.rules import rules as comparing
from service.pipeline.draft.filling import PLACEHOLDER
from service.pipeline.redact.words import fold
from service.pipeline.redraft.wishes import rules

_SENTENCE = re.compile(r"[^\n]+?(?:(?<!\b[A-Z])[.!?]+(?=\s|$)|(?=\n|$))")
_ITEM = re.compile(r"\s*[-•*\d]")
_LEADS = (":", ";", ",")
_WORD = re.compile(r"[^\W_]+")
FEWEST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Matter:
    """What must be answered: the stems of what the customer asks and of what the answers are for. `sober`: words of
    sympathy are part of it."""

    stems: frozenset[str]
    sober: bool = False

    @classmethod
    def of(cls, *texts: str, sober: bool = False) -> "Matter":
        return cls(frozenset(stem for text in texts for stem in _stems(text)), sober)


def shortened(part: Paragraph, matter: Matter, playbook: Playbook) -> Paragraph | None:
    """The paragraph without such sentences; None where it consists of nothing else."""
    text = _shortened(part.text, matter, playbook)
    return part.model_copy(update={"text": text}) if text else None


def _shortened(text: str, matter: Matter, playbook: Playbook) -> str:
    kept = text
    for found in reversed([*_SENTENCE.finditer(text)]):
        if not _needed(found[0], matter, playbook):
            kept = kept[: found.start()] + kept[found.end() :].lstrip(" ")
    return text if kept == text else "\n".join(line.rstrip() for line in kept.splitlines() if line.strip())


def _needed(sentence: str, matter: Matter, playbook: Playbook) -> bool:
    folded, tones = fold(sentence).strip(), comparing().tones
    if not _WORD.search(folded) or _ITEM.match(folded) or folded.endswith(_LEADS) or "?" in folded:
        return True
    if facts(sentence) or PLACEHOLDER.search(sentence) or _binds(folded, playbook):
        return True
    if rules().matters.search(folded) or tones["apology"].search(folded):
        return True
    if matter.sober and tones["sympathy"].search(folded):
        return True
    if rules().comfort.search(folded):
        return False
    return bool(rules().instructions.search(folded) or matter.stems & {*_stems(sentence)})


def _binds(folded: str, playbook: Playbook) -> bool:
    """Whether it has a condition, a negation, a commitment, a statement about the file, or names a document."""
    known = meaning()
    plain = known.neutral.sub(" ", folded)
    patterns = (*known.bonds.values(), *commitments(playbook).values(), known.statements, known.documents)
    return any(pattern.search(plain) for pattern in patterns) or _negates(plain, known.negations)


def _negates(text: str, negations: Collection[str]) -> bool:
    return any(word in negations for word in _WORD.findall(text))


def _stems(text: str) -> list[str]:
    return [stem for stem in read_text(text).stems if len(stem) >= FEWEST_LETTERS]
