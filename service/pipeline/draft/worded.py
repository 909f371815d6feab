"""A draft that a model worded from the canned answers."""

from collections.abc import Collection, Iterator

from service.domain.draft import Paragraph
from service.domain.model_answer import ModelAnswer
from service.pipeline.asks import Asks
from service.pipeline.draft.filling import Filler
from service.pipeline.draft.opening import addressed

ELSEWHERE = ("message", "account")


def paragraphs(
    opinion: ModelAnswer, known: Collection[str], filler: Filler, language: str, asks: Asks
) -> tuple[Paragraph, ...]:
    """The model's paragraphs with what the placeholders stand for; sources that were not offered are dropped.

    Empty where the model gave no text, or rests on no canned answer at all: then it is of no use.
    """
    kept = tuple(_kept(opinion, known, filler, language, asks))
    return kept if any(source in known for paragraph in kept for source in paragraph.sources) else ()


def _kept(
    opinion: ModelAnswer, known: Collection[str], filler: Filler, language: str, asks: Asks
) -> Iterator[Paragraph]:
    for paragraph in opinion.paragraphs:
        sources = tuple(dict.fromkeys(s for s in paragraph.sources if s in known or s in ELSEWHERE))
        said = filler.fill(addressed(paragraph.text.strip(), filler, language), language).text
        numbers = tuple(sorted({asks.numbers[number] for number in paragraph.asks if number in asks.numbers}))
        if text := filler.vault.restore(said):
            yield Paragraph(text=text, sources=sources, asks=numbers)
