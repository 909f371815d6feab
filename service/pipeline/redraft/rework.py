"""Wishes granted by rule: sentences left out, and sentences of ours put in. What a person wrote stays."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from service.domain.answers import PLACEHOLDER
from service.domain.draft import Paragraph
from service.domain.playbook import Playbook
from service.errors import FieldProblem, RefusedError
from service.phrases import Phrases
from service.pipeline.draft.rules import rules as filling
from service.pipeline.redact.words import fold
from service.pipeline.redraft.condense import condensed
from service.pipeline.redraft.ends import after_greeting, before_closing
from service.pipeline.redraft.keeping import Start
from service.pipeline.redraft.shorter import Matter, shortened
from service.pipeline.redraft.spare import spared, words_of
from service.pipeline.redraft.wishes import Wish, rules

OURS = ("account",)
_LOUD = re.compile(r"[ \xa0\u202f]*!+")


@dataclass(frozen=True, slots=True)
class Setting:
    """What wishes are granted in. `phrases` are of the draft's language; `call`: how the account proposes a call, ""
    where it has no way of its own."""

    playbook: Playbook
    matter: Matter
    phrases: Phrases
    call: str = ""


def reworked(start: Start, wishes: Sequence[Wish], setting: Setting) -> Start:
    """One wish after the other. Raises RefusedError where one of them changes nothing."""
    for wish in wishes:
        before = start.paragraphs
        start = _GRANTED[wish.id](start, setting)
        if start.paragraphs == before:
            raise RefusedError(f"The wish ({wish.id}) changes nothing in this draft.", (_NOTHING[wish.id],))
    return start


def _shorter(start: Start, setting: Setting) -> Start:
    """First courtesy, all of it; then what was least asked about, until enough is gone."""
    first, last = after_greeting(start.paragraphs), before_closing(start.paragraphs, setting.playbook.tone.signature)
    free = [
        first <= at < last and at not in start.locked and part.situation is None
        for at, part in enumerate(start.paragraphs)
    ]
    kept: list[Paragraph | None] = [*start.paragraphs]
    gone: list[str] = []
    for at, part in enumerate(start.paragraphs):
        if free[at]:
            kept[at], without = shortened(part, setting.matter, setting.playbook)
            gone += without
    kept = [_in_fewer_words(part) if part and (free[at] or at == last) else part for at, part in enumerate(kept)]
    gone += spared(kept, free, setting.matter, setting.playbook, words_of(start.paragraphs))
    left = [at for at, part in enumerate(kept) if part is not None]
    return replace(
        start,
        paragraphs=tuple(part for part in kept if part is not None),
        locked=frozenset(new for new, at in enumerate(left) if at in start.locked),
        left_out=(*start.left_out, *gone),
    )


def _in_fewer_words(part: Paragraph) -> Paragraph:
    text = condensed(part.text)
    return part if text == part.text else part.model_copy(update={"text": text})


def _warmer(start: Start, setting: Setting) -> Start:
    opening = setting.phrases("wishes.warm.opening_sober" if setting.matter.sober else "wishes.warm.opening")
    start = _put(start, after_greeting(start.paragraphs), opening)
    if setting.matter.sober:
        return start
    closing = setting.phrases("wishes.warm.closing")
    return _put(start, before_closing(start.paragraphs, setting.playbook.tone.signature), closing)


def _appointment(start: Start, setting: Setting) -> Start:
    place = before_closing(start.paragraphs, setting.playbook.tone.signature)
    return _put(start, place, setting.call or setting.phrases("wishes.appointment.call"))


def _formal(start: Start, setting: Setting) -> Start:
    last = before_closing(start.paragraphs, setting.playbook.tone.signature)
    paragraphs = list(start.paragraphs)
    for index, part in enumerate(paragraphs):
        if index in start.locked:
            continue
        text = _LOUD.sub(".", part.text)
        if index == 0:
            text = _formal_greeting(text, setting.phrases)
        elif index == last:
            text = _formal_closing(text, setting.phrases)
        paragraphs[index] = part if text == part.text else part.model_copy(update={"text": text})
    return replace(start, paragraphs=tuple(paragraphs))


def _formal_greeting(text: str, phrases: Phrases) -> str:
    """ "Bonjour Madame Petit," becomes "Madame Petit,"; without a title nobody is named."""
    line, _, rest = text.partition("\n")
    greeting = rules().greetings.match(fold(line))
    if greeting is None or rest:
        return text
    name = line[greeting.end() :].strip(" ,.!")
    return phrases("wishes.formal.greeting", addressee=name) if _titled(name) else phrases("wishes.formal.nobody")


def _titled(name: str) -> bool:
    """Whether it begins with a title, or a placeholder for one: a bare name is no formal address."""
    titles = {title for known in filling().titles.values() for title in known.values()}
    return name.startswith("{") or name.split(" ", maxsplit=1)[0] in titles


def _formal_closing(text: str, phrases: Phrases) -> str:
    line, end, rest = text.partition("\n")
    bare = rules().closings.fullmatch(fold(line).strip(" ,."))
    return f"{phrases('wishes.formal.closing')}{end}{rest}" if bare else text


def _put(start: Start, at: int, sentence: str) -> Start:
    """A paragraph of ours, unless it is there already."""
    if any(_alike(part.text, sentence) for part in start.paragraphs):
        return start
    paragraphs = (*start.paragraphs[:at], Paragraph(text=sentence, sources=OURS), *start.paragraphs[at:])
    return replace(start, paragraphs=paragraphs, locked=frozenset(n + (n >= at) for n in start.locked))


def _alike(one: str, other: str) -> bool:
    return fold(PLACEHOLDER.sub("", one)).split() == fold(PLACEHOLDER.sub("", other)).split()


_GRANTED: Mapping[str, Callable[[Start, Setting], Start]] = {
    "shorter": _shorter,
    "warmer": _warmer,
    "appointment": _appointment,
    "formal": _formal,
}
_BY_HAND = "edit the draft by hand, or set AIGUILLEUR_MODEL to have it worded anew"
_NOTHING = {
    "shorter": FieldProblem(
        "wish", f"each sentence answers, states, asks or binds something; {_BY_HAND}", "wish_shorter"
    ),
    "warmer": FieldProblem("wish", f"the warm sentences are there already; {_BY_HAND}", "wish_warmer"),
    "appointment": FieldProblem("wish", f"an appointment is offered already; {_BY_HAND}", "wish_appointment"),
    "formal": FieldProblem(
        "wish", f"greeting and closing are formal already, or a person wrote them; {_BY_HAND}", "wish_formal"
    ),
}
