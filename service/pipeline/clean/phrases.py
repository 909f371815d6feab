"""The languages of mail: what `prompts/clean/<language>.yaml` says, compiled."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from service.domain.value import Value
from service.settings import PROMPTS
from service.yaml_file import read_yaml


def _expressions(block: Any) -> Any:
    """One expression a line; `#` at the beginning of a line makes it a comment."""
    if not isinstance(block, str):
        return block
    lines = (line.strip() for line in block.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


Phrases = Annotated[tuple[str, ...], BeforeValidator(_expressions)]


class HeaderNames(Value):
    from_: Phrases = Field(alias="from")
    to: Phrases
    date: Phrases
    subject: Phrases


class LetterWords(Value):
    marks: Phrases
    objects: Phrases
    references: Phrases
    phones: Phrases
    streets: Phrases
    honorifics: Phrases


class FormWords(Value):
    """Labels of web forms: `fields` say who writes, `messages` what he wants."""

    fields: Phrases = ()
    messages: Phrases = ()


class Speakers(Value):
    """Whose turn it is in a conversation: names of `staff` begin so, names of `customers` are that."""

    staff: Phrases = ()
    customers: Phrases = ()


class MailLanguage(Value):
    """One file: regular expressions over one line in lower case; blind to accents and typography."""

    greetings: Phrases
    addressees: Phrases
    closings: Phrases
    closing_sentences: Phrases
    footer_lines: Phrases
    footer_paragraphs: Phrases
    attribution_openers: Phrases
    attribution_verbs: Phrases
    originals: Phrases
    forwards: Phrases
    headers: HeaderNames
    pointers: Phrases
    postscripts: Phrases
    letter: LetterWords
    sentence_words: Phrases
    form: FormWords = FormWords()
    speakers: Speakers = Speakers()


_TYPOGRAPHY = {"’": "'", "‘": "'", "`": "'", "´": "'", "–": "-", "—": "-", "‑": "-", "−": "-", "œ": "o", "ß": "s"}


class _Folding(dict[int, str]):
    """Every character to one plain character, so that offsets stay: no accent, lower case, plain quotes."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = _TYPOGRAPHY.get(char) or unicodedata.normalize("NFD", char)[0]
        lowered = plain.lower()
        self[code] = folded = lowered if len(lowered) == 1 else char
        return folded


_FOLDING = _Folding()


def folded(text: str) -> str:
    """The text in lower case without accents; as long as the text, so that offsets hold."""
    return text.translate(_FOLDING)


@dataclass(frozen=True, slots=True)
class MailPhrases:
    """All languages together; each pattern is for folded text, of one line unless its name says otherwise."""

    greeting: re.Pattern[str]
    addressee: re.Pattern[str]
    closing: re.Pattern[str]
    closing_alone: re.Pattern[str]
    closing_sentence: re.Pattern[str]
    footer_line: re.Pattern[str]
    footer_paragraph: re.Pattern[str]
    attribution: re.Pattern[str]
    attributed_to_address: re.Pattern[str]
    attribution_start: re.Pattern[str]
    attributing: re.Pattern[str]
    original: re.Pattern[str]
    forward: re.Pattern[str]
    header: re.Pattern[str]
    pointer: re.Pattern[str]
    postscript: re.Pattern[str]
    letter_mark: re.Pattern[str]
    letter_object: re.Pattern[str]
    letter_reference: re.Pattern[str]
    letter_line: re.Pattern[str]
    honorific: re.Pattern[str]
    sentence: re.Pattern[str]
    form_field: re.Pattern[str]
    form_message: re.Pattern[str]
    staff: re.Pattern[str]
    customer: re.Pattern[str]


def load_languages(prompts: Path) -> tuple[MailLanguage, ...]:
    """Every language file. Raises pydantic.ValidationError where one is not as it should be."""
    return tuple(MailLanguage.model_validate(read_yaml(path)) for path in sorted((prompts / "clean").glob("*.yaml")))


@lru_cache(maxsize=1)
def mail_phrases() -> MailPhrases:
    """The phrases as shipped, compiled once a process."""
    return compiled(load_languages(PROMPTS))


def compiled(languages: tuple[MailLanguage, ...]) -> MailPhrases:
    def of(name: str) -> str:
        return _either(phrase for language in languages for phrase in getattr(language, name))

    def inside(block: str, name: str) -> str:
        return _either(phrase for language in languages for phrase in getattr(getattr(language, block), name))

    letter, header = partial(inside, "letter"), partial(inside, "headers")
    # Stars, slashes between two languages, an emoji: whatever is no word; but who thanks and asks asks.
    punctuation = r"(?:(?:[^\w?]|_)+|$)"
    rest = r"[\s.!*_<>()/:|-]*+(?:(?:https?:|www\.)\S+)?[\s.)>|]*"
    dash, opener, verb = r"\s*+[-_=*~]{2,}\s*", of("attribution_openers"), of("attribution_verbs")
    return MailPhrases(
        greeting=re.compile(rf"{of('greetings')}(?![\w-])"),
        addressee=re.compile(rf"(?:{of('addressees')})(?![\w])"),
        closing=re.compile(rf"[\s*_-]*{of('closings')}(?![\w])"),
        closing_alone=re.compile(rf"{_no_longer_than(400)}[\s*_-]*+(?:{of('closings')}{punctuation}){{1,3}}"),
        closing_sentence=re.compile(rf"\s*{of('closing_sentences')}"),
        footer_line=re.compile(rf"{_no_longer_than(1_000)}[\s*_>|~-]*+{of('footer_lines')}{rest}$"),
        footer_paragraph=re.compile(rf"[\s*_|~-]*{of('footer_paragraphs')}"),
        attribution=re.compile(rf"\s*{opener}\s.{{0,200}}\d.{{0,200}}\b{verb}\b.{{0,80}}:\s*$"),
        attributed_to_address=re.compile(rf".{{0,200}}@.{{0,200}}\b{verb}\b.{{0,80}}:\s*$"),
        attribution_start=re.compile(rf"(?<!\S){opener}\s+(?:[^\s\d]\S{{0,20}}\s+){{0,2}}\d"),
        attributing=re.compile(rf"\b{verb}\s?:(?=\s)"),
        original=re.compile(rf"{dash}{of('originals')}{dash}$|{of('originals')}\s*:?\s*$"),
        forward=re.compile(rf"{dash}{of('forwards')}(?:{dash}|\s*:?\s*)$|{of('forwards')}\s*:\s*$"),
        header=_header(header),
        pointer=re.compile(of("pointers")),
        postscript=re.compile(rf"\s*{of('postscripts')}\s*[:,.-]"),
        letter_mark=re.compile(rf"{letter('marks')}\s*$"),
        letter_object=re.compile(rf"{letter('objects')}\s*[:.-]"),
        letter_reference=re.compile(rf"{letter('references')}\s*[:.]"),
        letter_line=_letter_line(letter("streets"), letter("phones"), letter("honorifics")),
        honorific=re.compile(rf"(?:{letter('honorifics')})(?![\w])\.?\s*"),
        sentence=re.compile(rf"(?<![\w]){of('sentence_words')}(?!\w|-\d)"),
        form_field=re.compile(rf"{inside('form', 'fields')}\s*\*?"),
        form_message=re.compile(rf"{inside('form', 'messages')}\s*\*?"),
        staff=re.compile(rf"{inside('speakers', 'staff')}(?![\w])"),
        customer=re.compile(inside("speakers", "customers")),
    )


def _no_longer_than(chars: int) -> str:
    """What is tried on a longer line takes long, and no line of that kind is."""
    return rf"(?!.{{{chars}}})"


def _header(names: Callable[[str], str]) -> re.Pattern[str]:
    """A line of a mail's headers; `names`: of one kind of them."""
    kinds = f"(?P<origin>{names('from_')})|(?P<date>{names('date')})|{names('to')}|(?P<subject>{names('subject')})"
    return re.compile(rf"[\s*_]*(?:{kinds})[\s*_]*:(?!//)")


def _letter_line(street: str, phone: str, honorific: str) -> re.Pattern[str]:
    """A line of an address block: post code and town, street, phone, person, place and date."""
    return re.compile(
        rf"(?:\d{{5}}\s+\w|\d{{1,4}},?\s*(?:bis|ter|quater|[a-d])?,?\s+{street}\b|{street}\b"
        rf"|(?:{phone})\.?\s*:?\s*[\d+(]|{honorific}(?=[\s.])|.{{2,60}},?\s+le\s+\d"
        r"|le\s+\d{1,2}(?:er)?\s+\w+\s+\d{4}|\d{1,2}[/.]\d{1,2}[/.]\d{4})"
    )


def _either(phrases: Iterable[str]) -> str:
    """One group of alternatives, longest first; folded as text is. A group that matches nothing where empty."""
    wanted = sorted({_unaccented(phrase) for phrase in phrases}, key=len, reverse=True)
    return f"(?:{'|'.join(wanted)})" if wanted else r"(?!)"


def _unaccented(pattern: str) -> str:
    """A pattern folded like text, but for the letters of its escapes (\\S is not \\s)."""
    pieces = re.findall(r"\\.|[^\\]+", pattern)
    return "".join(piece if piece.startswith("\\") else folded(piece) for piece in pieces)
