import time

import numpy as np
import pytest

from retrieval.collection import Collection
from retrieval.hashed import HashedEmbedder
from retrieval.passages import Passage
from retrieval.places import IndexDownError, IndexTakenError
from retrieval.snapshot import Near, Snapshot
from retrieval.upkeep import KeptIndex
from tests.retrieval.places_in_memory import MemoryOpener
from tests.retrieval.stores import MemoryStore, passages


class Kept:
    """An index over one collection, asked as the library asks it."""

    def __init__(self, trouble: type[Exception] | None = None) -> None:
        self.store = MemoryStore(a=passages())
        self.collection = Collection("a", self.store, HashedEmbedder())
        self.opener = MemoryOpener(trouble)
        self.index = KeptIndex(self.opener, first_rest_s=0.05)

    def snapshot(self) -> Snapshot:
        return self.collection.current()

    def ask(self) -> Near | None:
        snapshot = self.snapshot()
        return self.index.nearest(snapshot, snapshot.matrix[0], 3)

    def answers_again(self, within_s: float = 5.0) -> bool:
        end = time.monotonic() + within_s
        while (found := self.ask()) is None and time.monotonic() < end:
            time.sleep(0.01)
        snapshot = self.snapshot()
        assert found is None or [key for key, _ in found] == [key for key, _ in snapshot.nearest(snapshot.matrix[0], 3)]
        return found is not None


@pytest.fixture
def kept() -> "object":
    made = Kept()
    yield made
    made.index.close()


def test_it_answers_once_it_holds_what_the_collection_holds(kept: Kept) -> None:
    assert kept.ask() is None
    assert kept.index.settled(5)
    assert kept.ask() is not None
    assert not kept.index.failing


def test_passages_without_words_are_no_damage(kept: Kept) -> None:
    kept.store.put("a", [Passage(f"empty{at}", "!") for at in range(20)])
    assert kept.answers_again()
    assert kept.index.settled(5)


def test_only_the_difference_is_written(kept: Kept) -> None:
    assert kept.answers_again()
    place = kept.opener.place
    assert place is not None
    before = place.written
    kept.store.put("a", [Passage("new", "une licorne")])
    kept.store.delete("a", ["rib"])
    assert kept.ask() is None
    assert kept.index.settled(5)
    assert place.written == before + 1
    assert kept.answers_again()


def test_a_broken_index_is_made_anew_while_exact_search_answers(kept: Kept) -> None:
    assert kept.answers_again()
    kept.opener.break_place()
    assert kept.ask() is None
    assert kept.index.failing
    assert kept.answers_again()
    assert kept.opener.discarded >= 1
    assert kept.index.settled(5)
    assert not kept.index.failing


def test_a_silent_server_is_not_waited_for_at_every_query(kept: Kept) -> None:
    assert kept.answers_again()
    asked = kept.opener.asked
    kept.opener.trouble = IndexDownError
    assert [kept.ask() for _ in range(50)] == [None] * 50
    assert kept.opener.asked == asked
    assert kept.index.failing
    assert kept.opener.discarded == 0
    kept.opener.trouble = None
    assert kept.answers_again()
    assert kept.opener.discarded == 0
    assert not kept.index.failing


def test_a_full_disk_is_no_end_of_upkeep() -> None:
    kept = Kept(OSError)
    assert kept.ask() is None
    assert not kept.index.settled(0.5)
    assert kept.index.failing
    kept.opener.trouble = None
    assert kept.answers_again()
    assert not kept.index.failing
    kept.index.close()


def test_lost_entries_are_noticed_and_put_back(kept: Kept) -> None:
    assert kept.answers_again()
    assert kept.opener.place is not None
    for entries in kept.opener.place.sets.values():
        for key in list(entries)[1:]:
            del entries[key]
    assert kept.ask() is None
    assert kept.answers_again()


def test_what_another_process_wrote_is_no_damage(kept: Kept) -> None:
    assert kept.answers_again()
    place = kept.opener.place
    assert place is not None
    (name,) = place.sets
    vector = kept.snapshot().matrix[0]
    place.put(name, ["theirs"], np.array([vector]), ["x"])
    place.set_stamp(name, 7)
    assert kept.ask() is None
    assert kept.index.settled(5)
    assert not kept.index.failing
    assert "theirs" in place.sets[name]
    assert kept.opener.discarded == 0


def test_another_process_s_index_is_left_alone() -> None:
    kept = Kept(IndexTakenError)
    assert kept.ask() is None
    assert kept.index.settled(5)
    assert kept.ask() is None
    assert not kept.index.failing
    kept.index.close()
    assert kept.opener.released == 1


def test_an_index_asked_to_be_rebuilt_is_new_and_the_same(kept: Kept) -> None:
    assert kept.answers_again()
    old = kept.opener.place
    kept.index.rebuild()
    assert kept.index.settled(5)
    assert kept.opener.place is not old
    assert kept.answers_again()
