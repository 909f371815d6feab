"""How well and how fast canned answers are found, by each signal alone and by all together.

`python -m evals.bench.recall [ACCOUNT FOLDER]`: five folds over the confirmed messages; each is searched
for among the other four folds. Cleaned and redacted as in production; "quoted" adds the quoted thread.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from retrieval.hashed import HashedEmbedder
from retrieval.library import Library
from retrieval.passages import Passage, StoredPassage, Vector
from service.connectors.search import RetrievedSearch
from service.desk.passages import answer_passages
from service.domain.collections import answers_of, confirmed_of
from service.domain.confirmed import Confirmed
from service.domain.redacted import Redacted, ours
from service.pipeline.clean import clean
from service.pipeline.recall import search_text
from service.pipeline.redact import redact
from service.playbooks.folder import AccountFolder, read_account
from service.settings import PROMPTS

FOLDS = 5
Ranking = Callable[["Asked"], Sequence[str]]


class Asked:
    """A confirmed message as it is searched for, and the search that does not know it."""

    def __init__(self, confirmed: Confirmed, redacted: Redacted, kind: str, fold: int) -> None:
        self.confirmed, self.redacted, self.kind, self.fold = confirmed, redacted, kind, fold
        self.text = search_text(redacted)
        self.id = str(confirmed.message.external_id)


class Shelf:
    """A `retrieval.passages.PassageStore` in memory, written once."""

    def __init__(self, collections: Mapping[str, Sequence[Passage]]) -> None:
        self._collections = collections

    def revision(self, collection: str) -> int:  # noqa: ARG002 (the Protocol's names)
        return 1

    def read(self, collection: str, embedder: str) -> list[StoredPassage]:  # noqa: ARG002
        return [StoredPassage(one, None) for one in self._collections.get(collection, ())]

    def put(self, collection: str, passages: Sequence[Passage]) -> None: ...

    def put_vectors(self, collection: str, embedder: str, vectors: Mapping[str, Vector]) -> None: ...

    def delete(self, collection: str, ids: Sequence[str]) -> None: ...


def read(account: AccountFolder) -> list[Asked]:
    """Every confirmed message, read as the product reads it, dealt into folds by queue and kind."""
    dealt: dict[tuple[str, str], int] = {}
    shuffled = [(name.split("-")[0], one) for name, group in account.confirmed.items() for one in group]
    random.Random(0).shuffle(shuffled)
    found: list[Asked] = []
    for kind, one in shuffled:
        dealt[one.queue, kind] = dealt.get((one.queue, kind), -1) + 1
        redacted, _ = redact(clean(one.message), one.message, account.playbook)
        found.append(Asked(one, redacted, kind, dealt[one.queue, kind] % FOLDS))
    return found


def passage(asked: Asked) -> Passage:
    one = asked.confirmed
    metadata = {"language": one.language, "group": one.queue, "queue": one.queue, "answers": ",".join(one.answers)}
    return Passage(asked.id, asked.text, metadata)


def library(account: AccountFolder, known: Iterable[Asked]) -> Library:
    confirmed = [passage(one) for one in known]
    answers = answer_passages(account.answers or ())
    return Library(Shelf({answers_of("a"): answers, confirmed_of("a"): confirmed}), HashedEmbedder())


class Finder:
    """One fold's library, and each way of ranking its answers."""

    def __init__(self, known: Library) -> None:
        self.library = known
        self.search = RetrievedSearch.over(known)

    def by(self, signal: str, one: Asked) -> list[str]:
        hits = self.library.search(answers_of("a"), one.text, 200)
        return [hit.passage.id for hit in sorted(hits, key=lambda hit: -float(getattr(hit, signal)))]

    def answered(self, one: Asked) -> list[str]:
        """What the nearest confirmed messages got."""
        given: dict[str, float] = {}
        for hit in self.library.search(confirmed_of("a"), one.text, 15):
            for place, answer in enumerate(filter(None, hit.passage.metadata["answers"].split(","))):
                given[answer] = given.get(answer, 0.0) + hit.score**3 / (1 + place / 2)
        return sorted(given, key=lambda key: -given[key])

    def together(self, text: str, queue: str | None = None) -> list[str]:
        return [scored.answer.id for scored in self.search.answers_now("a", ours(text), queue=queue, limit=200)]


def rankings(account: AccountFolder, asked: Sequence[Asked]) -> dict[str, Ranking]:
    folds = [Finder(library(account, [one for one in asked if one.fold != fold])) for fold in range(FOLDS)]
    return {
        "words (BM25)": lambda one: folds[one.fold].by("lexical", one),
        "vectors": lambda one: folds[one.fold].by("similarity", one),
        "words + vectors": lambda one: folds[one.fold].by("score", one),
        "answers of neighbours": lambda one: folds[one.fold].answered(one),
        "all": lambda one: folds[one.fold].together(one.text),
        "all, quoted read too": lambda one: folds[one.fold].together(f"{one.redacted.subject}\n{one.redacted.text}"),
        "all, queue known": lambda one: folds[one.fold].together(one.text, one.confirmed.queue),
    }


def first_right(ranked: Sequence[str], right: Iterable[str]) -> int:
    places = [ranked.index(answer) for answer in right if answer in ranked]
    return min(places, default=sys.maxsize)


def quality(account: AccountFolder, asked: Sequence[Asked]) -> None:
    labelled = [one for one in asked if one.confirmed.answers]
    for name, ranking in rankings(account, asked).items():
        line = f"{name:24}"
        for kind in sorted({one.kind for one in asked}, reverse=True):
            places = [first_right(ranking(one), one.confirmed.answers) for one in labelled if one.kind == kind]
            hits = " / ".join(f"{statistics.fmean(place < k for place in places):.3f}" for k in (1, 3, 5))
            line += f"  {kind} {hits}"
        print(line)


def speed(account: AccountFolder, asked: Sequence[Asked]) -> None:
    for name, made in (("exact", library(account, asked)), ("Chroma", indexed(account, asked))):
        search, taken = RetrievedSearch.over(made), []
        for one in asked[:500]:
            start = time.perf_counter()
            search.neighbours_now("a", one.text, 20, one.id)
            search.answers_now("a", one.text, limit=10, without=one.id)
            taken.append((time.perf_counter() - start) * 1000)
        p50, p95 = statistics.median(taken[100:]), statistics.quantiles(taken[100:], n=20)[18]
        print(f"neighbours + answers, {name}: p50 {p50:.2f} ms, p95 {p95:.2f} ms (index ready: {made.settled(0)})")
        made.close()


def indexed(account: AccountFolder, asked: Sequence[Asked]) -> Library:
    from retrieval.chroma import EmbeddedChroma  # noqa: PLC0415
    from retrieval.upkeep import KeptIndex  # noqa: PLC0415

    shelf = library(account, asked)._store
    made = Library(shelf, HashedEmbedder(), KeptIndex(EmbeddedChroma(Path(tempfile.mkdtemp()))))
    for collection in (answers_of("a"), confirmed_of("a")):
        made.prepare(collection)
    made.settled(120)
    return made


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PROMPTS / "accounts" / "club-horizon-auto"
    read_in = read_account(folder)
    messages = read(read_in)
    quality(read_in, messages)
    speed(read_in, messages)
