"""What is about a person is sealed at rest where a key is set, is found all the same, and nothing is ever lost."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from service.errors import RefusedError, UnavailableError
from service.storage import accounts, bursts, confirmed, messages, privacy_encrypt, replies, triages
from service.storage.confirmed import Lesson
from service.storage.database import Database
from service.storage.privacy_cipher import Keyring, keyring_of, new_key
from service.storage.privacy_find import Sought, held
from service.storage.schema import METADATA
from service.storage.triages import Concluded
from tests.service.samples import ACCOUNT, NOW, a_confirmed, a_message, a_playbook, a_triage, prepare

ROOT = Path(__file__).parents[3]
WHO = "zoe@example.org"
TRACE = "ab" * 16
OLD, NEW = new_key(), new_key()
ABOUT_NOBODY = {
    "accounts", "answers", "api_keys", "attempts", "cases", "chores", "collections", "erasures", "events", "journeys",
    "kept_counts", "learned", "links", "passage_vectors", "people", "playbooks", "refits", "sessions", "spend",
    "standings", "suggestions", "traces", "vault_keys", "answer_uses",
    "flagged", "ready_drafts", "unindexed",
    "answer_revisions", "audit_items", "audit_labels", "audits", "editions", "eval_runs", "figures", "model_pace",
    "model_shares", "schema_floor", "team_members", "teams", "trials", "uncounted", "answer_authors", "reuses",
    "reuse_days",
}  # fmt: skip
"""Tables that hold no words about the people who write: staff, hashes, numbers, what advisors wrote for all."""

HASHED = {"findable"}
"""Tables that keep words of theirs as keyed hashes, so that they are still found by them."""


@contextmanager
def opened(url: str, *keys: str) -> Iterator[Database]:
    database = Database(url, keyring_of(",".join(keys)))
    try:
        yield database
    finally:
        database.close()


@pytest.fixture
def sealed(url: str) -> Iterator[Database]:
    with opened(url, OLD) as database:
        started(database)
        yield database


def started(database: Database) -> None:
    with database.writing() as transaction:
        privacy_encrypt.register(transaction, NOW)


def fill(database: Database, count: int = 1) -> None:
    with database.writing() as transaction:
        accounts.ensure(transaction, ACCOUNT, "Club", "", NOW)
        for number in range(count):
            name = f"m-{number}"
            message = a_message(name, "Ma facture zorglubienne", account=ACCOUNT, sender=WHO, received_at=NOW)
            triage = a_triage(message, name, traces=(TRACE,), joins_until=NOW + timedelta(days=1))
            triages.store_new(transaction, Concluded(message, triage, message.fingerprint), NOW)
        replies.add(transaction, "m-0", "Réponse zorglubienne", "lea", NOW, NOW)
        one = a_confirmed("m-0", body="Ma facture zorglubienne, Dupont")
        lesson = Lesson(one, prepare(one.message, a_playbook()), comment="zorglubienne")
        confirmed.put(transaction, ACCOUNT, [lesson], NOW)


def raw(database: Database) -> str:
    """Every row as the disk has it."""
    with database.reading() as transaction:
        tables = [transaction.execute(text(f"SELECT * FROM {table.name}")).all() for table in METADATA.sorted_tables]
    return "\n".join(str(tuple(row)) for rows in tables for row in rows)


def waiting(database: Database) -> int:
    with database.reading() as transaction:
        return sum(privacy_encrypt.waiting(transaction).values())


def seal_all(database: Database) -> None:
    for table in privacy_encrypt.sealed_columns():
        after = None
        while True:
            with database.writing() as transaction:
                _, after = privacy_encrypt.seal_some(transaction, table, after)
            if after is None:
                break
    with database.writing() as transaction:
        privacy_encrypt.settled(transaction, NOW)


def found_again(database: Database) -> tuple[int, int, int]:
    """By address in whatever capitals, for a chaser and for a burst."""
    with database.reading() as transaction:
        waits = bursts.unanswered(transaction, ACCOUNT, WHO, (), NOW + timedelta(days=1), "another")
        named = bursts.unanswered(transaction, ACCOUNT, "", (TRACE,), NOW + timedelta(days=1), "another")
        return len(held(transaction, Sought("Zoe@Example.org")).messages), len(waits), len(named)


def test_nothing_about_a_person_can_be_read_off_the_disk_and_all_of_it_from_here(sealed: Database) -> None:
    fill(sealed)
    on_disk = raw(sealed)
    assert "zorglubienne" not in on_disk
    assert WHO not in on_disk
    assert TRACE not in on_disk
    with sealed.reading() as transaction:
        message, triage = messages.load(transaction, "m-0"), triages.latest(transaction, "m-0")
        assert message is not None
        assert triage is not None
        assert (message.body, triage.traces) == ("Ma facture zorglubienne", (TRACE,))
        assert replies.latest(transaction, "m-0") == "Réponse zorglubienne"
        (lesson,) = confirmed.lessons(transaction, ACCOUNT)
        assert (lesson.comment, lesson.redacted.text) == ("zorglubienne", "Ma facture zorglubienne, [[PERSONNE_1]]")


def test_without_a_key_texts_are_as_they_were(database: Database) -> None:
    fill(database)
    assert "zorglubienne" in raw(database)
    assert found_again(database) == (1, 1, 1)


def test_senders_and_file_numbers_are_found_sealed_or_not_and_while_keys_change(url: str, database: Database) -> None:
    fill(database, 2)
    for keys in ((OLD,), (NEW, OLD)):
        with opened(url, *keys) as keyed:
            started(keyed)
            assert found_again(keyed) == (2, 2, 2)
            seal_all(keyed)
            assert waiting(keyed) == 0
            assert found_again(keyed) == (2, 2, 2)
    with opened(url, NEW) as alone:
        started(alone)
        assert found_again(alone) == (2, 2, 2)


def test_a_store_that_begins_with_a_key_is_whole_and_an_older_one_waits(sealed: Database, url: str) -> None:
    with sealed.reading() as transaction:
        assert list(privacy_encrypt.state(transaction).values()) == [NOW]
    fill(sealed)
    with opened(url, NEW, OLD) as keyed:
        started(keyed)
        with keyed.reading() as transaction:
            assert sorted(map(str, privacy_encrypt.state(transaction).values())) == [str(NOW), "None"]


@pytest.mark.parametrize("keys", [(), (NEW,)])
def test_a_missing_or_wrong_key_ends_the_start_and_names_the_setting(
    sealed: Database, url: str, keys: tuple[str, ...]
) -> None:
    fill(sealed)
    with opened(url, *keys) as other:
        with pytest.raises(RefusedError) as refused:
            started(other)
        assert refused.value.problems[0].field == "AIGUILLEUR_VAULT_KEY"
        with pytest.raises(UnavailableError, match="AIGUILLEUR_VAULT_KEY"), other.reading() as transaction:
            messages.load(transaction, "m-0")
    assert found_again(sealed) == (1, 1, 1)


def test_a_text_that_was_changed_or_moved_does_not_open(sealed: Database) -> None:
    fill(sealed, 2)
    ring = keyring_of(OLD)
    assert ring is not None
    with pytest.raises(UnavailableError):
        ring.open(ring.seal("words", "messages.content"), "replies.text")
    with sealed.writing() as transaction:
        transaction.execute(text("UPDATE messages SET content = substr(content, 1, length(content) - 6) || 'AAAAA='"))
    with pytest.raises(UnavailableError), sealed.reading() as transaction:
        messages.load(transaction, "m-0")


def test_a_customer_cannot_write_what_looks_sealed(database: Database) -> None:
    fill(database)
    with database.writing() as transaction:
        replies.add(transaction, "m-0", "\x01s1.00000000.AAAA", "lea", NOW, NOW)
        assert replies.latest(transaction, "m-0") == "\ufffds1.00000000.AAAA"


def test_sealing_that_is_killed_goes_on_where_it_was(url: str, database: Database) -> None:
    fill(database, 30)
    with opened(url, NEW) as keyed:
        before = waiting(keyed)
        seal_and_kill(url)
        assert 0 < waiting(keyed) < before
        assert found_again(keyed)[0] == 30
        seal_all(keyed)
        assert waiting(keyed) == 0
        assert "zorglubienne" not in raw(keyed)


def seal_and_kill(url: str) -> None:
    command = [sys.executable, "-m", "tests.service.storage.seal_slowly", url, NEW]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(3):
        process.stdout.readline()
    process.kill()
    process.stdout.close()
    process.wait()


@pytest.mark.parametrize("written", ["short", "dG9vIHNob3J0", f"{NEW},x"], ids=["short", "of 9 bytes", "second"])
def test_a_key_that_cannot_be_one_is_refused_by_its_setting(written: str) -> None:
    with pytest.raises(RefusedError) as refused:
        keyring_of(written)
    assert refused.value.problems[0].field == "AIGUILLEUR_VAULT_KEY"
    assert keyring_of("  ") is None


def test_every_table_with_words_about_a_person_is_sealed() -> None:
    assert {
        table.name for table in METADATA.sorted_tables
    } == ABOUT_NOBODY | HASHED | privacy_encrypt.sealed_columns().keys()


def test_a_seal_costs_little_beside_a_triage() -> None:
    import time

    ring = Keyring([b"k" * 32])
    message, triage = "é" * 1_500, "x" * 12_000
    began = time.process_time()
    for _ in range(200):
        ring.seal(message, "messages.content")
        ring.seal(triage, "triages.content")
        ring.hashes(WHO)
    assert (time.process_time() - began) / 200 < 0.0003
