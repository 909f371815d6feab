"""Where a draft greets and where it closes: wishes change what stands between, or the ends alone."""

import re
from collections.abc import Sequence

from service.domain.answers import PLACEHOLDER, around_placeholders
from service.domain.draft import Paragraph
from service.pipeline.compare.rules import rules
from service.pipeline.redact.words import fold

LONGEST_NAME = 60


def after_greeting(paragraphs: Sequence[Paragraph]) -> int:
    """The index of the first paragraph after the greeting."""
    first = paragraphs[0].text if paragraphs else ""
    return int("\n" not in first.strip() and bool(rules().greeting.match(fold(first))))


def before_closing(paragraphs: Sequence[Paragraph], signature: str) -> int:
    """The index of the paragraph that closes, or of what would follow the last one. A line that ends in a comma right
    before the signature closes, too: "Avec toute ma sympathie,"."""
    for index, part in enumerate(paragraphs):
        if not index:
            continue
        if rules().closing.match(fold(part.text)):
            return index
        if _signs(part.text, signature):
            before = paragraphs[index - 1].text.strip()
            return index - 1 if index > 1 and "\n" not in before and before.endswith(",") else index
    return len(paragraphs)


def _signs(text: str, signature: str) -> bool:
    """Whether all of its lines are of the signature, or placeholders, whoever's name stands in them."""
    signed = {_bare(line) for line in signature.splitlines()} | {""}
    if all(_bare(line) in signed for line in text.splitlines()):
        return True
    named = f"[^\n]{{0,{LONGEST_NAME}}}".join(re.escape(part) for part in around_placeholders(signature.strip()))
    return bool(_bare(signature)) and re.fullmatch(named, text.strip()) is not None


def _bare(line: str) -> str:
    return fold(PLACEHOLDER.sub("", line)).strip()
