"""Full-text search in French: the same finds on either database, sealed or not, and nothing of what is gone."""

import base64
import pickle
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import get_args

import pytest
from sqlalchemy import text

from service.desk.search.candidates import Known, read
from service.desk.search.indexing import Indexing, words_of
from service.desk.search.searching import Searching
from service.desk.search.seeking import sought
from service.domain.message import Attachment, Sender, ThreadEntry
from service.domain.sought import Order
from service.errors import RefusedError
from service.storage import accounts, board, cases, finding, privacy_encrypt, privacy_remove, replies, triages
from service.storage.board import Look
from service.storage.database import Database
from service.storage.ids import new_id
from service.storage.privacy_cipher import Keyring
from service.storage.privacy_wipe import wipe
from service.storage.triages import Concluded
from tests.service.samples import ACCOUNT, NOW, a_message, a_triage

TEXTS = (
    "Bonjour, je voudrais résilier mon contrat HX-204-33. Voyez l'avis.",
    "Ma facture impayée du garage Martin, prise en charge refusée",
    "La résiliation de l'assurance : remboursement de mes factures impayées, charge à vous d'en prise de note",
)
EVERYTHING = Look(stage="all")


@pytest.fixture(params=["plain", "sealed"])
def store(request: pytest.FixtureRequest, url: str) -> Iterator[Database]:
    """Three messages, the second one answered, on either database, with and without a key."""
    database = Database(url, Keyring([b"k" * 32]) if request.param == "sealed" else None)
    ids = hand_in(database, TEXTS)
    with database.writing() as transaction:
        replies.add(transaction, ids[1], "Votre virement est parti ce matin.", "lea", NOW, NOW)
        cases.change(transaction, ids[1], replied_at=NOW)
    yield database
    database.close()


def hand_in(database: Database, texts: Sequence[str], account: str = ACCOUNT, prefix: str = "m") -> list[str]:
    ids = [new_id() for _ in texts]
    with database.writing() as transaction:
        accounts.ensure(transaction, account, "Club", "", NOW)
        for number, body in enumerate(texts):
            zoe = Sender(name="Zoé Dupré", address="zoe@example.org")
            one = a_message(f"{prefix}-{number}", body, subject="Demande", account=account, sender=zoe, received_at=NOW)
            concluded = Concluded(one, a_triage(one, ids[number]), one.fingerprint)
            assert triages.store_new(transaction, concluded, NOW)
    return ids


async def found(store: Database, asked: str, order: Order = "oldest", look: Look = EVERYTHING) -> list[str]:
    finds = await Searching(store).page(look, asked, order)
    return [str(one.case.external_id)[2:] for one in finds.items]


ASKED = (
    ("RESILIATION", "02"),
    ("résilié", "02"),
    ("facture impayée", "12"),
    ("l'assurance", "2"),
    ('"prise en charge"', "1"),
    ("« prise en charge »", "1"),
    ('"prise en charge', "1"),
    ("HX-204-33", "0"),
    ("204-33", "0"),
    ("33-204", ""),
    ("rembourse*", "2"),
    ("rembourseme*", "2"),
    ("mart*", "1"),
    ("de ma facture", "12"),
    ("virements", "1"),
    ("zoe@example.org", "012"),
    ("dupre", "012"),
    ("m-2", "2"),
    ("demande", "012"),
    ("facture garage inconnu", ""),
    ("facture OR garage AND NEAR(x) -y ' & | !", ""),
)


async def test_words_are_found_in_any_form_and_rows_of_words_as_they_stand(store: Database) -> None:
    await Indexing(store).index("test")
    for asked, numbers in ASKED:
        assert await found(store, asked) == list(numbers), asked
        assert await found(store, asked, "newest") == list(reversed(numbers)), asked
        assert sorted(await found(store, asked, "best")) == list(numbers), asked


@pytest.mark.parametrize("asked", ["", "  ", "?!", '""', "*", "[[IBAN_1]]", "\x00", "\ud800"])
def test_what_holds_no_word_asks_for_nothing(asked: str) -> None:
    assert sought(asked).terms == ()


async def test_a_search_keeps_to_the_filters_of_the_desk_and_to_what_one_may_see(store: Database) -> None:
    hand_in(store, TEXTS[:1], "autre", "x")
    await Indexing(store).index("test")
    assert await found(store, "résilier") == ["0", "2", "0"]
    assert await found(store, "résilier", look=Look(stage="all", accounts=(ACCOUNT,))) == ["0", "2"]
    assert await found(store, "résilier", look=Look(stage="all", accounts=())) == []
    assert await found(store, "facture", look=Look(stage="answered")) == ["1"]
    assert await found(store, "facture", look=Look(stage="to_do", queue="facture")) == ["2"]
    assert await found(store, "facture", look=Look(stage="all", channel="sms")) == []


async def test_pages_follow_each_other_without_repeating(store: Database) -> None:
    hand_in(store, [f"facture numéro {number}" for number in range(7)], "club", "n")
    await Indexing(store).index("test")
    for order in get_args(Order):
        seen = await turned(Searching(store), order)
        assert len(seen) == len(set(seen)) == 9
        if order != "best":
            assert seen == sorted(seen, reverse=order == "newest")
    with pytest.raises(RefusedError):
        await Searching(store).page(EVERYTHING, "facture", cursor="x")


def test_of_what_was_shown_neither_files_nor_earlier_messages_are_kept_in_memory(store: Database) -> None:
    file = Attachment(filename="piece.bin", content_base64=base64.b64encode(b"x" * 100_000).decode())
    earlier = ThreadEntry(direction="in", body="Voyez plus haut. " * 100)
    big = a_message("big", "Voici la pièce.", account=ACCOUNT, attachments=(file,), thread=(earlier,))
    known: Known = {}
    with store.writing() as transaction:
        triages.store_new(transaction, Concluded(big, a_triage(big, number := new_id()), big.fingerprint), NOW)
        (shown,) = read(transaction, [number], known)
    assert shown.told.own
    assert len(pickle.dumps(known)) < 1_000


async def turned(searching: Searching, order: Order) -> list[str]:
    """Ids of all pages of three."""
    page = await searching.page(EVERYTHING, "facture", order, 3)
    seen = [one.case.id for one in page.items]
    while page.next_cursor is not None:
        page = await searching.page(EVERYTHING, "facture", order, 3, page.next_cursor)
        seen += [one.case.id for one in page.items]
    return seen


async def test_the_words_are_marked_where_they_stand_and_the_rest_is_cut(store: Database) -> None:
    long = f"{'Et puis autre chose. ' * 40} Le remboursement tarde encore. {'Voilà la suite. ' * 40}"
    hand_in(store, [long], prefix="n")
    await Indexing(store).index("test")
    (one,) = (await Searching(store).page(EVERYTHING, "rembourser tarder")).items
    assert [bit.text for bit in one.opening if bit.found] == ["remboursement", "tarde"]
    assert (one.opening[0].text, one.opening[-1].text) == ("…", "…")
    (two,) = (await Searching(store).page(EVERYTHING, "virement dupré")).items
    assert two.from_reply
    assert [bit.text for bit in two.sender if bit.found] == ["Dupré"]


async def test_a_reply_that_comes_while_its_message_is_indexed_is_not_forgotten(store: Database) -> None:
    with store.reading() as transaction:
        first, *_ = finding.waiting(transaction, 10)
    with store.writing() as transaction:
        replies.add(transaction, first.message_id, "Rappel demain", "lea", NOW, NOW + timedelta(hours=1))
        assert not finding.index(transaction, first, ["ancien"])
    await Indexing(store).index("test")
    assert await found(store, "rappel") == ["0"]


async def test_one_process_indexes_at_a_time(store: Database) -> None:
    assert await Indexing(store).wanted()
    first, second = Indexing(store), Indexing(store)
    assert [await first.index("a"), await second.index("b")] == [3, 0]
    assert not await first.wanted()


async def test_what_is_removed_is_not_found_and_leaves_no_word_behind(store: Database) -> None:
    await Indexing(store).index("test")
    with store.reading() as transaction:
        (gone,) = transaction.execute(text("SELECT id FROM messages WHERE external_id = 'm-1'")).scalars()
    with store.writing() as transaction:
        assert privacy_remove.remove_messages(transaction, [gone])["findable"] == 1
    assert await found(store, "garage") == []
    assert await found(store, "facture") == ["2"]
    if store.embedded:
        wipe(store, thoroughly=True)
        with store.reading() as transaction:
            blocks = transaction.execute(text("SELECT group_concat(hex(block)) FROM findable_words_data")).scalar()
        assert b"martin".hex().upper() not in str(blocks)


async def test_with_a_key_no_word_and_no_order_of_words_is_on_the_disk(store: Database) -> None:
    await Indexing(store).index("test")
    with store.reading() as transaction:
        rows = [str(row) for row in transaction.execute(text("SELECT words FROM findable ORDER BY id")).scalars()]
    sealed = store.keyring is not None
    assert any("martin" in row for row in rows) is not sealed
    if sealed:
        assert not any(":" in row for row in rows)
        assert all(row.split() == sorted(row.split()) for row in rows)


async def test_messages_of_before_a_key_are_found_all_along_and_hashed_once_they_are_sealed(url: str) -> None:
    plain = Database(url)
    hand_in(plain, TEXTS)
    await Indexing(plain).index("test")
    plain.close()
    store = Database(url, Keyring([b"k" * 32]))
    assert await found(store, '"prise en charge"') == ["1"]
    with suppress(RefusedError), store.writing() as transaction:
        privacy_encrypt.seal_some(transaction, "messages")
    assert await found(store, "charge") == []
    await Indexing(store).index("test")
    assert await found(store, '"prise en charge"') == ["1"]
    assert await found(store, "résilier") == ["0", "2"]
    store.close()


async def test_a_store_of_before_there_was_a_search_is_indexed_in_the_order_of_arrival(store: Database) -> None:
    with store.writing() as transaction:
        transaction.execute(text("DELETE FROM findable"))
        finding.index_anew(transaction, [one.id for one in board.page(transaction, EVERYTHING, 9)[0]][::-1])
        assert finding.count_waiting(transaction) == 3
    assert await Indexing(store).index("test") == 3
    assert await found(store, "zoe@example.org") == ["0", "1", "2"]


def test_a_giant_message_is_indexed_so_far_as_it_is_read() -> None:
    message = a_message(body=" ".join(f"mot{number}" for number in range(200_000)))
    assert len(words_of(message)) <= 10_000


def test_a_search_of_a_thousand_words_asks_for_some() -> None:
    assert len(sought(" ".join(f"mot{number}" for number in range(1_000))).terms) == 12
    assert len(sought("mot " * 1_000).terms) == 1
