"""What a message's situation adds to its draft: sentences that the account wrote, each with its source."""

from collections.abc import Collection, Iterator, Sequence

from service.domain.answers import PLACEHOLDER, CannedAnswer
from service.domain.decision import Decision
from service.domain.draft import Draft, Finding, Paragraph
from service.domain.playbook import Playbook
from service.domain.situation import SLOTS, Addition, Situation
from service.phrases import Phrases
from service.pipeline.draft.filling import WAITS, Filler, with_facts
from service.pipeline.draft.opening import is_closing, is_greeting
from service.pipeline.redact.words import fold

ACCOUNT = "account"


def situations_of(decision: Decision, playbook: Playbook) -> tuple[Situation, ...]:
    """Those that apply, by the queue that was decided, or else the best guess, and by the flags."""
    return situations_for(decision.queue or decision.guess, decision.flags, playbook)


def situations_for(queue: str | None, flags: Collection[str], playbook: Playbook) -> tuple[Situation, ...]:
    """In the order of the playbook; one that is replaced replaces nothing itself."""
    found: list[Situation] = []
    silent: set[str] = set()
    for one in playbook.situations:
        if one.id not in silent and (queue in one.queues or not set(flags).isdisjoint(one.flags)):
            found.append(one)
            silent.update(one.replaces)
    return tuple(found)


def added(
    parts: Sequence[Paragraph], applying: Sequence[Situation], filler: Filler, language: str
) -> tuple[Paragraph, ...]:
    """The draft with the sentences of these situations: openings after its greeting, the others before its closing.

    Where the first paragraph says an opening already, later openings come behind it: condolences stay first.
    """
    if not any(one.add for one in applying):
        return tuple(parts)
    first = 1 if parts and is_greeting(parts[0].text) else 0
    last = next((at for at in range(first, len(parts)) if at and is_closing(parts[at].text)), len(parts))
    body = fold("\n".join(part.text for part in parts))
    opening: list[Paragraph] = []
    closing: list[Paragraph] = []
    for situation in applying:
        for addition in situation.add:
            said = _said(addition, body, filler, language)
            if said is None and addition.place == "opening" and not opening and first < last:
                first += _says(addition, fold(parts[first].text))
            elif said is not None:
                text, sources = said
                body = f"{body}\n{fold(text)}"
                there = opening if addition.place == "opening" else closing
                there.append(Paragraph(text=text, sources=sources, situation=situation.id))
    return (*parts[:first], *opening, *parts[first:last], *closing, *parts[last:])


def _said(addition: Addition, body: str, filler: Filler, language: str) -> tuple[str, tuple[str, ...]] | None:
    """The first way of saying it that can be filled; None where the draft says it already, or no way can be filled."""
    already = _says(addition, body)
    once = (*SLOTS, *WAITS) if already else SLOTS
    for way in (addition.instead if already else addition.text).get(language, ()):
        text, sources = filler.fill(way, language)
        values = [filler.fill(f"{{{name}}}", language).text for name in once if f"{{{name}}}" in way]
        if PLACEHOLDER.search(text) is None:
            told = any(fold(value) in body for value in values)
            return None if told else (text, tuple(dict.fromkeys((ACCOUNT, *sources))))
    return None


def _says(addition: Addition, folded: str) -> bool:
    return any(fold(word) in folded for word in addition.unless)


def unsaid(applying: Sequence[Situation], language: str, phrases: Phrases) -> Iterator[Finding]:
    """What the account has no words for in the draft's language."""
    for situation in applying:
        if any(language not in addition.text for addition in situation.add):
            detail = phrases("drafts.situation_language", situation=situation.label)
            yield Finding(kind="situation", text="", start=0, end=0, severity="info", detail=detail)


def own_sentences(applying: Sequence[Situation], draft: Draft, playbook: Playbook) -> CannedAnswer | None:
    """What paragraphs that cite the account may rest on besides its facts, as one answer: its sentences for these
    situations with its facts filled in, and what was computed for this draft."""
    ways = [way for one in applying for addition in one.add for way in addition.ways(draft.language)]
    lines = [*(with_facts(way, playbook) for way in ways), *draft.computed]
    if not lines:
        return None
    return CannedAnswer(
        id=ACCOUNT,
        queue=ACCOUNT,
        title=playbook.label,
        situation=playbook.label,
        language=draft.language,
        body="\n\n".join([*lines, *_with_computed(lines, draft)]),
    )


def _with_computed(lines: Sequence[str], draft: Draft) -> Iterator[str]:
    """The sentences with a computed value in the place of its placeholder."""
    for line in lines:
        for value in draft.computed:
            for name in (*SLOTS, *WAITS):
                if f"{{{name}}}" in line:
                    yield line.replace(f"{{{name}}}", value)
