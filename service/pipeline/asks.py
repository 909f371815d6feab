"""The asks of a message: the customer's words for each, and which paragraphs of the draft answer it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from service.domain.ask import Ask
from service.domain.candidates import Candidates
from service.domain.cleaned import Part
from service.domain.decision import Decision
from service.domain.draft import Draft, Finding, NoDraft
from service.domain.message import Message
from service.domain.model_answer import ModelAnswer
from service.domain.redacted import Redacted, Vault
from service.domain.votes import Vote
from service.learning.sentences import joins_asks, reads_like_an_ask
from service.phrases import Phrases
from service.pipeline.clean.markup import has_remnants
from service.pipeline.questions import announces, is_first, mentions, questions
from service.pipeline.redact.words import fold, words
from service.pipeline.votes.quotes import find_quote

MOST = 6
WIDER_CHARS = 120
_BREAK = re.compile(r"[.!?…](?=\s|$)|\n")
_LAST_WORD = re.compile(r"[^\W\d_]+$")

Place = tuple[int, int]
"""Offsets into the redacted text."""


class _Heard(NamedTuple):
    """`number`: its place among the model's asks. `sure`: the decision or the model says that it is one. `question`:
    one more question in the customer's words, for the main queue until somebody reads it."""

    queue: str
    place: Place | None
    number: int | None
    sure: bool
    question: bool = False


@dataclass(frozen=True, slots=True)
class Asks:
    """`listed`: the main one first. `numbers` leads from the model's asks to these; the `unsure` may be none.
    `rivals`: other queues that the main one may be for instead, with how likely each is. `told`: further ones whose
    sentence may only tell something: it reads like no ask. `questions`: further ones that are questions of which nobody
    knows the queue, counted to the main one's."""

    listed: tuple[Ask, ...] = ()
    numbers: Mapping[int, int] = field(default_factory=dict)
    unsure: frozenset[int] = frozenset()
    rivals: Mapping[str, float] = field(default_factory=dict)
    told: frozenset[int] = frozenset()
    questions: frozenset[int] = frozenset()

    def of_queue(self, queue: str) -> tuple[int, ...]:
        """The first one of that queue, if there is one."""
        own = next(((at,) for at, ask in enumerate(self.listed) if ask.queue == queue), ())
        return own or ((0,) if queue in self.rivals else ())

    def are_apart(self, queue: str, first: str) -> bool:
        """Whether that queue is asked for in other words than the first one, as far as anybody knows."""
        own = self.of_queue(queue)
        return not own or own != self.of_queue(first)


def find_asks(
    decision: Decision,
    votes: Sequence[Vote],
    opinion: ModelAnswer | None,
    redacted: Redacted,
    message: Message,
    vault: Vault,
) -> Asks:
    """The model's asks whose words stand in the message, and those of the decision that it did not name.

    By text alone an ask is the sentence that is most about its queue; one that is too unlikely to be among the
    decision's is named only where that sentence reads like an ask. So is each explicit question that no ask quotes.
    """
    main = decision.queue or decision.guess
    if main is None:
        return Asks()
    places = next((vote.places for vote in votes if vote.voter == "classifier"), {})
    known = (main, *decision.secondary)
    heard = list(_by_model(opinion, redacted, places, known))
    named = {one.queue for one in heard}
    heard += [one for one in _by_text(decision, known, places, redacted) if one.queue not in named]
    heard = sorted(heard, key=lambda one: one.queue != main)
    likely = {one.queue: one.probability for one in (*decision.asked, *decision.alternatives[:1])}
    rivals = {one.queue for one in heard[1:] if places and _is_rival(one, heard[0], decision, redacted)}
    heard = [one for one in heard if one.queue not in rivals]
    if not any(one.number is not None for one in heard):
        heard += _questions(main, heard, redacted)
    heard = heard[:MOST]
    return Asks(
        tuple(_ask(one, likely.get(one.queue, 1.0), redacted, message, vault) for one in heard),
        {one.number: at for at, one in enumerate(heard) if one.number is not None},
        frozenset(at for at, one in enumerate(heard) if not one.sure),
        {queue: likely.get(queue, 1.0) for queue in sorted(rivals)},
        frozenset(at for at, one in enumerate(heard) if at and _only_tells(one, redacted)),
        frozenset(at for at, one in enumerate(heard) if one.question),
    )


def _questions(main: str, heard: Sequence[_Heard], redacted: Redacted) -> list[_Heard]:
    """A single one beside a main ask that only tells something is what that one asks, unless words announce another or
    a question stands before it."""
    taken = [place for one in heard if (place := _sentence(one, redacted))]
    found = list(questions(redacted, taken))
    if len(found) == 1 and _only_tells(heard[0], redacted) and is_first(redacted, found[0]):
        found = [place for place in found if announces(redacted.text, *place)]
    return [_Heard(main, place, None, sure=False, question=True) for place in found]


def _only_tells(one: _Heard, redacted: Redacted) -> bool:
    place = _sentence(one, redacted)
    return one.number is None and place is not None and not reads_like_an_ask(redacted.text, *place)


def _is_rival(one: _Heard, main: _Heard, decision: Decision, redacted: Redacted) -> bool:
    """Whether only the main one's own sentence speaks for it: no other ask then, but another reading of that one. A
    sentence joins two asks only where a queue was decided, so that the two do not share its odds."""
    if one.number is not None or _sentence(one, redacted) != _sentence(main, redacted):
        return False
    said = redacted.text[slice(*_whole(redacted.text, *main.place))] if main.place else redacted.subject
    return decision.queue is None or not joins_asks(said)


def _sentence(heard: _Heard, redacted: Redacted) -> Place | None:
    return _whole(redacted.text, *heard.place) if heard.place else None


def _by_model(
    opinion: ModelAnswer | None, redacted: Redacted, places: Mapping[str, Place], known: Sequence[str]
) -> Iterator[_Heard]:
    """One in words that the message does not hold counts only as its queue's, where that is known to be asked for."""
    for number, ask in enumerate(opinion.asks if opinion else ()):
        queue = ask.queue or known[0]
        place = find_quote(ask.words, redacted.text)
        if place or queue in known or find_quote(ask.words, redacted.subject):
            yield _Heard(queue, place or places.get(queue), number, sure=True)


def _by_text(
    decision: Decision, known: Sequence[str], places: Mapping[str, Place], redacted: Redacted
) -> Iterator[_Heard]:
    yield from (_Heard(queue, places.get(queue), None, sure=True) for queue in known)
    for one in decision.asked:
        place = places.get(one.queue)
        if one.queue not in known and place and reads_like_an_ask(redacted.text, *place):
            yield _Heard(one.queue, place, None, sure=False)


def _ask(heard: _Heard, probability: float, redacted: Redacted, message: Message, vault: Vault) -> Ask:
    place = heard.place or (None if redacted.subject.strip() else _beginning(redacted))
    if place is None:
        return Ask(text=vault.restore(redacted.subject), queue=heard.queue, probability=probability)
    start, end = place if heard.question else _whole(redacted.text, *place)
    there = redacted.alignment.to_source(start, end)
    text = message.body[slice(*there)] if there is not None and message.body_format == "text" else ""
    if not text or has_remnants(text):
        text = vault.restore(redacted.text[start:end])
    first, last = there or (None, None)
    return Ask(text=text, start=first, end=last, queue=heard.queue, probability=probability)


def _whole(text: str, start: int, end: int) -> Place:
    """The sentence with the numbers and signs around its first and last word, not cut behind a title (`M.`)."""
    earlier = _BREAK.finditer(text, max(0, start - WIDER_CHARS), start)
    breaks = [found for found in earlier if not _is_short(text, found)]
    begun = breaks[-1].end() if breaks else 0 if start <= WIDER_CHARS else start
    before = text[begun:start]
    if any(sign.isdigit() for sign in before) or before.rstrip().endswith("."):
        start = begun + len(before) - len(before.lstrip())
    closed = (found for found in _BREAK.finditer(text, end, end + WIDER_CHARS) if not _is_short(text, found))
    found = next(closed, None)
    if found:
        end = found.start() if found[0] == "\n" else found.end()
    return start, end


def _is_short(text: str, found: re.Match[str]) -> bool:
    """Whether the point belongs to a title before a name."""
    word = _LAST_WORD.search(text, max(0, found.start() - 12), found.start())
    return found[0] == "." and word is not None and fold(word[0]) in words().titles


def _beginning(redacted: Redacted) -> Place | None:
    """The customer's first words, where nothing tells which of them ask."""
    return next(((one.start, one.end) for one in redacted.segments if one.part is Part.BODY), None)


def settled(
    asks: Asks, proposed: Draft | NoDraft, candidates: Candidates, least: float, phrases: Phrases
) -> tuple[tuple[Ask, ...], Draft | NoDraft]:
    """The asks with what answers them, and the draft with a finding for each one that nothing answers, or that may be
    none.

    A paragraph answers an ask only where it rests on a canned answer or on the account's facts. `least`: how well a
    canned answer must fit to be drafted from.
    """
    if isinstance(proposed, NoDraft):
        none = {"uncovered_reason": proposed.reason}
        return tuple(ask.model_copy(update=none) for ask in asks.listed), proposed
    proposed = _with_questions(asks, proposed)
    close = {one.answer.queue for one in candidates.answers if one.score >= least}
    queues = {one.answer.id: one.answer.queue for one in candidates.answers}
    found = tuple(
        _as_answered(_answered(ask, at, proposed, _why_not(ask, at, asks, close, phrases)), queues, asks.rivals)
        for at, ask in enumerate(asks.listed)
    )
    findings = [_uncovered(ask, at in asks.unsure) for at, ask in enumerate(found) if ask.uncovered_reason]
    findings += [_told(ask, phrases) for at, ask in enumerate(found) if at in asks.told and ask.answered_by]
    return found, proposed.model_copy(update={"findings": (*findings, *proposed.findings)})


def _with_questions(asks: Asks, proposed: Draft) -> Draft:
    """Paragraphs that answer some ask, and mention what a further question is about, may answer that one too."""
    answering = [at for at, part in enumerate(proposed.paragraphs) if part.asks]
    texts = [proposed.paragraphs[at].text for at in answering]
    parts = list(proposed.paragraphs)
    for number in sorted(asks.questions):
        for found in mentions(asks.listed[number].text, texts, proposed.language):
            part = parts[answering[found]]
            parts[answering[found]] = part.model_copy(update={"asks": (*part.asks, number)})
    return proposed.model_copy(update={"paragraphs": tuple(parts)})


def _answered(ask: Ask, at: int, proposed: Draft, why_not: str) -> Ask:
    parts = [
        (place, part)
        for place, part in enumerate(proposed.paragraphs)
        if at in part.asks and set(part.sources) - {"message"}
    ]
    if not parts:
        return ask.model_copy(update={"uncovered_reason": why_not})
    cited = {source for _, part in parts for source in part.sources}
    answers = tuple(answer for answer in proposed.answers if answer in cited)
    return ask.model_copy(update={"answered_by": tuple(place for place, _ in parts), "answers": answers})


def _as_answered(ask: Ask, queues: Mapping[str, str], rivals: Mapping[str, float]) -> Ask:
    """For the queue whose answer it got, where it may be for several."""
    by = next((queues[one] for one in ask.answers if one in queues), ask.queue)
    if ask.queue == by or by not in rivals:
        return ask
    return ask.model_copy(update={"queue": by, "probability": rivals[by]})


def _why_not(ask: Ask, at: int, asks: Asks, close: set[str], phrases: Phrases) -> str:
    if at in asks.unsure:
        return phrases(f"drafts.uncovered.{'question' if at in asks.questions else 'possible'}")
    return phrases("drafts.uncovered.unanswered" if ask.queue in close else "drafts.uncovered.no_answer")


def _uncovered(ask: Ask, unsure: bool) -> Finding:
    return Finding(
        kind="uncovered",
        text=ask.text,
        start=0,
        end=0,
        severity="info" if unsure else "warning",
        detail=ask.uncovered_reason or "",
    )


def _told(ask: Ask, phrases: Phrases) -> Finding:
    return Finding(kind="doubtful", text=ask.text, start=0, end=0, severity="info", detail=phrases("drafts.told"))
