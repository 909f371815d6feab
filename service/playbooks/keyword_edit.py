"""A keyword written into a queue's file, everything else left as its authors wrote it."""

import re

from service.domain.playbook import Keyword
from service.errors import ConflictError, FieldProblem

_BLOCK = re.compile(r"^keywords:[ \t]*\|[-+]?[ \t]*(?:#.*)?\r?$", re.MULTILINE)
_INDENT = "  "


def with_keyword(text: str, keyword: Keyword, file: str) -> str:
    """The file with one line more at the end of its keywords, or with a block of them where it has none.

    Raises ConflictError where its keywords are written in another way than as a block.
    """
    line = f"{keyword.expression} ^{keyword.weight:g}"
    found = _BLOCK.search(text)
    if found is None:
        if re.search(r"^keywords:", text, re.MULTILINE):
            problem = FieldProblem(file, f"write the keywords as a block (`keywords: |`), or add this yourself: {line}")
            raise ConflictError("The queue's keywords cannot be added to.", (problem,))
        return f"{text.rstrip()}\nkeywords: |\n{_INDENT}{line}\n"
    line += "\r" if found[0].endswith("\r") else ""  # as the file's other lines end
    head, block = text[: found.end()], text[found.end() :].removeprefix("\n").split("\n")
    inside = [at for at, each in enumerate(block) if each[:1] in {" ", "\t"} and each.strip()]
    end = next((at for at, each in enumerate(block) if each.strip() and each[:1] not in {" ", "\t"}), len(block))
    kept = [at for at in inside if at < end]
    if not kept:
        return "\n".join([head, f"{_INDENT}{line}", *block])
    indent = re.match(r"[ \t]*", block[kept[0]])
    last = kept[-1] + 1
    return "\n".join([head, *block[:last], f"{indent[0] if indent else _INDENT}{line}", *block[last:]])
