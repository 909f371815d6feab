"""A draft from canned answers alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from service.domain.answers import CannedAnswer
from service.domain.draft import Paragraph
from service.pipeline.asks import Asks
from service.pipeline.draft.commercial import without
from service.pipeline.draft.filling import Filler
from service.pipeline.draft.opening import addressed, is_closing, is_greeting
from service.pipeline.draft.retention import offering
from service.pipeline.draft.rules import said


@dataclass(frozen=True, slots=True)
class Parts:
    """What a draft is made of: the main answer, those to the other asks, and the offer to a customer who leaves."""

    main: CannedAnswer
    second: Sequence[CannedAnswer] = ()
    offer: CannedAnswer | None = None


@dataclass(slots=True)
class Canned:
    """Writes the paragraphs; `left_out` are the sentences that do not belong into this draft (`unwanted` words)."""

    filler: Filler
    asks: Asks
    unwanted: Sequence[str] = ()
    left_out: list[str] = field(default_factory=list)

    def paragraphs(self, parts: Parts) -> tuple[Paragraph, ...]:
        """The main answer; before its closing, the core of the answers to what else was asked, and then the offer."""
        blocks = _blocks(parts.main)
        closing = next((at for at, block in enumerate(blocks) if at and is_closing(block)), len(blocks))
        script = offering(_core(parts.offer), self.filler.playbook) if parts.offer else ()
        return (
            *self._of(blocks[:closing], parts.main),
            *(part for answer in parts.second for part in self._second(answer)),
            *(self._offer(script, parts.offer) if parts.offer else ()),
            *self._of(blocks[closing:], parts.main),
        )

    def _offer(self, script: Sequence[str], answer: CannedAnswer) -> Iterator[Paragraph]:
        """It answers nothing that was asked."""
        yield from (part.model_copy(update={"asks": ()}) for part in self._of(script, answer))

    def _second(self, answer: CannedAnswer) -> Iterator[Paragraph]:
        found = list(self._of(_core(answer), answer))
        for number, part in enumerate(found):
            lead = f"{said('second_ask', answer.language)}\n" if number == 0 else ""
            yield part.model_copy(update={"text": f"{lead}{part.text}"})

    def _of(self, blocks: Sequence[str], answer: CannedAnswer) -> Iterator[Paragraph]:
        asks = self.asks.of_queue(answer.queue)
        ended = False
        for block in blocks:
            kept, gone = without(block, self.unwanted)
            self.left_out += gone
            ended = ended or is_closing(block)
            if kept:
                text, sources = self.filler.fill(addressed(kept, self.filler, answer.language), answer.language)
                answers = () if ended or is_greeting(block) else asks
                changed = ("message",) if text != block and not sources else sources
                yield Paragraph(text=text, sources=tuple(dict.fromkeys((answer.id, *changed))), asks=answers)


def _blocks(answer: CannedAnswer) -> list[str]:
    return [block.strip() for block in answer.body.split("\n\n") if block.strip()]


def _core(answer: CannedAnswer) -> list[str]:
    """Without greeting and closing."""
    blocks = _blocks(answer)
    if blocks and is_greeting(blocks[0]):
        blocks = blocks[1:]
    return blocks[: next((at for at, block in enumerate(blocks) if is_closing(block)), len(blocks))]
