"""The passage store keeps what retrieval's protocol promises."""

import threading
from collections.abc import Callable

import numpy as np
from sqlalchemy import text

from retrieval.collection import Collection
from retrieval.hashed import HashedEmbedder
from retrieval.passages import Passage, PassageStore, Vector
from service.storage.database import Database
from service.storage.passages import Passages


def vector(first: float) -> Vector:
    return np.array([first, 0.5, 0.0], dtype=np.float32)


def test_passages_come_back_in_order_of_id_with_their_vectors(database: Database) -> None:
    store: PassageStore = Passages(database)
    store.put("club/answers", [Passage("b", "Deux \x01 🙂", {"language": "fr"}), Passage("a", "Un")])
    store.put_vectors("club/answers", "builtin", {"a": vector(0.25), "gone": vector(1)})
    first, second = store.read("club/answers", "builtin")
    assert (first.passage, second.passage) == (Passage("a", "Un"), Passage("b", "Deux \x01 🙂", {"language": "fr"}))
    assert first.vector is not None
    assert first.vector.dtype == np.float32
    assert first.vector.tolist() == [0.25, 0.5, 0.0]
    assert second.vector is None
    assert [one.vector for one in store.read("club/answers", "other")] == [None, None]
    assert list(store.read("other", "builtin")) == []


def test_the_order_of_ids_is_that_of_their_characters_on_every_database(database: Database) -> None:
    store = Passages(database)
    ids = ["a-b", "aB", "ab", "a_b", "Ab", "é", "z", "a-B", "1", "_"]
    store.put("c", [Passage(one, "Texte") for one in ids])
    assert [stored.passage.id for stored in store.read("c", "builtin")] == sorted(ids)


def test_a_changed_text_loses_its_vectors_and_changed_metadata_does_not(database: Database) -> None:
    store = Passages(database)
    store.put("c", [Passage("a", "Un"), Passage("b", "Deux")])
    store.put_vectors("c", "builtin", {"a": vector(1), "b": vector(2)})
    store.put("c", [Passage("a", "Un, corrigé"), Passage("b", "Deux", {"group": "x"})])
    first, second = store.read("c", "builtin")
    assert first.vector is None
    assert second.vector is not None


def test_the_revision_grows_with_every_change_and_only_then(database: Database) -> None:
    store = Passages(database)
    seen = [store.revision("c")]
    changes: list[Callable[[], None]] = [
        lambda: store.put("c", [Passage("a", "Un")]),
        lambda: store.put("c", [Passage("a", "Un", {"group": "x"})]),
        lambda: store.delete("c", ["a"]),
        lambda: store.put("c", [Passage("a", "Un")]),
    ]
    for change in changes:
        change()
        seen.append(store.revision("c"))
    assert seen == sorted(set(seen))
    store.put("c", [Passage("a", "Un")])
    store.put_vectors("c", "builtin", {"a": vector(1)})
    store.delete("c", ["not there"])
    assert store.revision("c") == seen[-1]


def test_writers_at_once_lose_nothing(database: Database) -> None:
    store = Passages(database)
    work = [threading.Thread(target=store.put, args=("c", [Passage(f"p{n}", "Texte")])) for n in range(12)]
    for one in work:
        one.start()
    for one in work:
        one.join()
    assert len(store.read("c", "builtin")) == 12
    assert store.revision("c") == 12


def test_many_passages_go_in_and_out_in_batches(database: Database) -> None:
    store = Passages(database)
    store.put("c", [Passage(f"p{n:05}", f"Texte {n}") for n in range(1_300)])
    store.put_vectors("c", "builtin", {f"p{n:05}": vector(n) for n in range(1_300)})
    store.delete("c", [f"p{n:05}" for n in range(0, 1_300, 2)])
    left = store.read("c", "builtin")
    assert len(left) == 650
    assert all(one.vector is not None for one in left)


def test_what_was_put_since_a_revision_is_read_alone(database: Database) -> None:
    store = Passages(database)
    store.put("c", [Passage("a", "Un"), Passage("b", "Deux"), Passage("d", "Trois")])
    store.put_vectors("c", "builtin", {"a": vector(1), "b": vector(2)})
    since = store.revision("c")
    assert store.read("c", "builtin", since) == []
    store.put("c", [Passage("b", "Deux", {"group": "x"}), Passage("a", "Un")])
    store.put("c", [Passage("e", "Quatre")])
    store.delete("c", ["d"])
    found = store.read("c", "builtin", since)
    assert [(one.passage.id, one.revision) for one in found] == [("b", since + 1), ("e", since + 2)]
    assert found[0].vector is not None
    assert store.revision("c") == since + 3


def test_what_a_program_of_before_puts_is_not_passed_over(database: Database) -> None:
    """It names no revision with a passage: whoever follows the collection reads all of it."""
    store = Passages(database)
    store.put("c", [Passage("a", "Un")])
    collection = Collection("c", store, HashedEmbedder())
    collection.current()
    with database.writing() as transaction:
        transaction.execute(text("UPDATE collections SET revision = revision + 1"))
        transaction.execute(
            text("INSERT INTO passages (collection, id, text, metadata) VALUES ('c', 'b', 'Deux', '{}')")
        )
    store.put("c", [Passage("e", "Trois")])
    assert collection.current().entries.keys() == {"a", "b", "e"}
