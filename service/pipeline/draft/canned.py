"""A draft from canned answers alone."""

from collections.abc import Iterator, Sequence

from service.domain.answers import CannedAnswer
from service.domain.draft import Paragraph
from service.phrases import Phrases
from service.pipeline.draft.filling import Filler
from service.pipeline.draft.rules import rules
from service.pipeline.redact.words import fold


def paragraphs(
    main: CannedAnswer, second: Sequence[CannedAnswer], filler: Filler, phrases: Phrases
) -> Iterator[Paragraph]:
    """The main answer; before its closing, the core of the answers to what else was asked."""
    blocks = _blocks(main)
    closing = next((i for i, block in enumerate(blocks) if i and _begins(block, rules().closings)), len(blocks))
    yield from (_filled(block, main, filler) for block in blocks[:closing])
    for answer in second:
        lead = phrases("drafts.second_ask")
        for number, block in enumerate(_core(answer)):
            yield _filled(f"{lead}\n{block}" if number == 0 else block, answer, filler)
    yield from (_filled(block, main, filler) for block in blocks[closing:])


def _blocks(answer: CannedAnswer) -> list[str]:
    return [block.strip() for block in answer.body.split("\n\n") if block.strip()]


def _core(answer: CannedAnswer) -> Iterator[str]:
    """Without greeting and closing."""
    for number, block in enumerate(_blocks(answer)):
        if number == 0 and "\n" not in block and _begins(block, rules().greetings):
            continue
        if number and _begins(block, rules().closings):
            return
        yield block


def _begins(block: str, words: tuple[str, ...]) -> bool:
    return fold(block).startswith(words)


def _filled(block: str, answer: CannedAnswer, filler: Filler) -> Paragraph:
    text, changed = filler.fill(block, answer.language)
    return Paragraph(text=text, sources=(answer.id, "message") if changed else (answer.id,))
