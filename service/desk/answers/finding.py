"""Canned answers found by words, while an advisor writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from service.desk.search.seeking import sought, stemmed
from service.domain.answers import CannedAnswer
from service.domain.collections import answers_of
from service.domain.sought import Term
from service.storage import answers, passages
from service.storage.database import Database, Transaction

MOST = 8
"""Shown of those that say what was typed."""
OFFERED = 20
"""Shown where no word was."""


@dataclass(frozen=True, slots=True)
class Found:
    """The best, in order, of `of` that there are: those that say what was asked for, or all. `named`: whether a word
    was asked for."""

    answers: tuple[CannedAnswer, ...]
    of: int
    named: bool


class Worded(NamedTuple):
    """An answer's queue and stems, with a blank before and after each; `content_hash` says of which content."""

    content_hash: str
    queue: str
    title: str
    body: str


Library = Mapping[str, Worded]
"""By id, in its order."""


class Asked(NamedTuple):
    """What is known of a message's ask: the queue it is in, ids of the answers that a good reply may rest on, and the
    queues that it may be for, each the likeliest first."""

    queue: str | None = None
    ranked: Sequence[str] = ()
    likely: Sequence[str] = ()


ANY = Asked()


class FindingAnswers:
    """Keeps the stems of each account's answers, and reads what has changed: ten thousand of them are looked through at
    every key that is pressed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, tuple[int, Library]] = {}

    async def find(self, account: str, text: str, asked: Asked = ANY) -> Found:
        """Those that say most of it: words in the title first, then those of the message's queue, then those that fit
        it best. Without a word in the text all, in that order."""
        terms = sought(text).terms
        scored = [(_score(id_, one, terms, asked), id_) for id_, one in (await self._library(account)).items()]
        fitting = [(score, id_) for score, id_ in scored if score[0] > 0 or not terms]
        ordered = sorted(fitting, key=lambda pair: pair[0], reverse=True)
        best = [id_ for _, id_ in ordered[: MOST if terms else OFFERED]]
        found = {one.id: one for one in await self._database.read(answers.some, account, best)}
        return Found(tuple(found[id_] for id_ in best if id_ in found), len(fitting), bool(terms))

    async def _library(self, account: str) -> Library:
        """As of now: whatever changes an answer changes its passage."""
        collection = answers_of(account)
        revision = (await self._database.glance(passages.revisions, collection, collection)).get(collection, 0)
        known = self._known.get(account)
        if known is None or known[0] != revision:
            library = await self._database.read(_worded, account, known[1] if known else {})
            known = self._known[account] = (revision, library)
        return known[1]


def _worded(transaction: Transaction, account: str, known: Library) -> Library:
    """What is known of unchanged answers is kept."""
    hashes = answers.hashes(transaction, account)
    changed = [id_ for id_, hash_ in hashes.items() if id_ not in known or known[id_].content_hash != hash_]
    new = {
        one.id: Worded(hashes[one.id], one.queue, _stems(one.title), _stems(one.body))
        for one in answers.some(transaction, account, changed)
    }
    return {id_: new.get(id_) or known[id_] for id_ in hashes}


def _score(id_: str, answer: Worded, terms: Sequence[Term], asked: Asked) -> tuple[int, ...]:
    said = sum(_says(term, answer.title) or _says(term, answer.body) for term in terms)
    titled = sum(_says(term, answer.title) for term in terms)
    best, likeliest = _place(id_, asked.ranked), _place(answer.queue, asked.likely)
    return said, titled, answer.queue == asked.queue, -best, -likeliest


def _place(one: str, among: Sequence[str]) -> int:
    return among.index(one) if one in among else len(among)


def _says(term: Term, stems: str) -> bool:
    if term.begins:
        return any(f" {word}" in stems for word in term.words) or any(f" {stem} " in stems for stem in term.also)
    return all(f" {word} " in stems for word in term.words)


def _stems(text: str) -> str:
    return f" {' '.join(stemmed(text))} "
