"""What an advisor types into a page of a draft, as the verbs of drafts take it."""

from service.pipeline.redraft.keeping import Given, blocks
from service.pipeline.redraft.wishes import rules


def typed(text: str) -> tuple[Given, ...]:
    """In paragraphs, as blank lines part them; a browser's line ends count as one."""
    return tuple(blocks(text.replace("\r\n", "\n")))


def known_wishes(language: str) -> list[str]:
    """What is granted without a model, as it is said in that language."""
    return [one.names.get(language, one.id) for one in rules().wishes]
