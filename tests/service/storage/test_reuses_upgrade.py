"""A store of before knows whose proposals became canned answers, and who took up what when, on either database."""

from datetime import UTC, date, datetime

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from service.storage.database import Database
from service.storage.migrate import SCRIPTS, migrate
from service.storage.reuses import Taken, authors, taken

AT = "'2026-01-05 09:00:00'"
ROWS = (
    f"INSERT INTO accounts VALUES ('club', 'Club', {AT})",
    "INSERT INTO people (id, name, login, role, theme, created_at) "
    f"VALUES ('p1', 'Léa', 'léa', 'advisor', 'auto', {AT})",
    'INSERT INTO answer_proposals (id, account, base_revision, content, note, "by", at, state, decision_comment) '
    f"VALUES ('r1', 'club', 0, '', '', ' LÉA ', {AT}, 'accepted', ''),"
    f" ('r2', 'club', 0, '', '', 'Léa', {AT}, 'open', ''),"
    f" ('r3', 'club', 0, '', '', 'Gone', {AT}, 'accepted', '')",
    "INSERT INTO events VALUES "
    f"""('e1', {AT}, 'club', 'proposal_accepted', 'Ada', 'r1', NULL, '{{"answer": "copie"}}'),"""
    f"""('e3', {AT}, 'club', 'proposal_accepted', 'Ada', 'r3', NULL, '{{"answer": "copie"}}')""",
)


TAKEN = (
    ROWS[0],
    "INSERT INTO people (id, name, login, role, theme, created_at) "
    f"VALUES ('p1', 'Léa', 'léa', 'advisor', 'auto', {AT}), ('p2', 'Sam', 'sam', 'advisor', 'auto', {AT})",
    "INSERT INTO messages (id, account, external_id, body_hash, content, channel, received_at, arrived_at, sender, "
    f"state, attempts, error) VALUES ('m1', 'club', 'e1', 'h', '{{}}', 'email', {AT}, {AT}, '', 'triaged', 0, '')",
    "INSERT INTO reuses (message_id, kind, source, person_id, by_id, account, at) VALUES "
    "('m1', 'lesson', 'a', 'p1', 'p2', 'club', '2026-01-05 23:30:00'),"
    "('m1', 'lesson', 'b', 'p1', 'p2', 'club', '2026-01-05 23:30:00'),"
    "('m1', 'answer', 'c', 'p1', NULL, 'club', '2026-01-05 23:30:00')",
)


def before(url: str, revision: str, rows: tuple[str, ...]) -> Database:
    """A store of that revision with these rows."""
    database = Database(url)
    with database.writing() as transaction:
        settings = Config(attributes={"connection": transaction})
        settings.set_main_option("script_location", str(SCRIPTS))
        command.upgrade(settings, revision)
        for row in rows:
            transaction.execute(text(row.replace(":", r"\:")))
    return database


def test_whoever_proposed_an_answer_that_was_accepted_before_has_a_part_in_it(empty_url: str) -> None:
    database = before(empty_url, "0014", ROWS)
    assert migrate(database)
    with database.reading() as transaction:
        assert authors(transaction, "club", ["copie"], datetime.now(UTC)) == [("copie", "p1")]
    database.close()


def test_what_was_taken_up_before_is_counted_once_a_message_on_its_day_in_paris(empty_url: str) -> None:
    database = before(empty_url, "0016", TAKEN)
    assert migrate(database)
    day = date(2026, 1, 6)
    with database.reading() as transaction:
        found = set(taken(transaction, "club", day, day))
        assert taken(transaction, "club", date(2026, 1, 5), date(2026, 1, 5)) == []
    assert found == {Taken("Léa", "Sam", "lesson", 1), Taken("Léa", None, "answer", 1)}
    database.close()
