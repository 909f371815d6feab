"""Blocks of keywords: one expression a line, comments after `#`, a weight after `^`."""

import re

from service.domain.playbook import Keyword
from service.playbooks.documents import Document, Path
from service.playbooks.expressions import SyntaxMistakeError, parse_expression, split_weight, without_comment
from service.playbooks.mistakes import Mistakes

Placed = tuple[int, Keyword]
"""A keyword with the line that it stands on."""


def read_keywords(data: object, document: Document, path: Path, mistakes: Mistakes) -> tuple[Placed, ...]:
    """The keywords written at `path`; every line that cannot be read is noted."""
    if data is None:
        return ()
    if not isinstance(data, str) or path in document.spread:
        mistakes.error("keywords_not_a_block", document.file, document.line(path))
        return ()
    placed = (
        _keyword(number, line, document, mistakes)
        for number, written in document.text_lines(path, data)
        if (line := without_comment(written))
    )
    return tuple(each for each in placed if each is not None)


def _keyword(number: int, line: str, document: Document, mistakes: Mistakes) -> Placed | None:
    try:
        expression, weight = split_weight(line)
        parse_expression(expression)
    except SyntaxMistakeError as mistake:
        mistakes.error(mistake.code, document.file, number, line=line, shown=mistake.shown, quoted=_quoted(line))
        return None
    return number, Keyword(expression=re.sub(r"\s+", " ", expression), weight=weight)


def _quoted(line: str) -> str:
    """The line as the exact phrase that its writer may have meant."""
    return '"' + re.sub(r'["^].*$', "", line).strip() + '"'
