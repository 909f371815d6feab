"""A store of before knows whose proposals became canned answers, on either database."""

from datetime import UTC, datetime

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from service.storage.database import Database
from service.storage.migrate import SCRIPTS, migrate
from service.storage.reuses import authors

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


def test_whoever_proposed_an_answer_that_was_accepted_before_has_a_part_in_it(empty_url: str) -> None:
    database = Database(empty_url)
    with database.writing() as transaction:
        settings = Config(attributes={"connection": transaction})
        settings.set_main_option("script_location", str(SCRIPTS))
        command.upgrade(settings, "0014")
        for row in ROWS:
            transaction.execute(text(row.replace(":", r"\:")))
    assert migrate(database)
    with database.reading() as transaction:
        assert authors(transaction, "club", ["copie"], datetime.now(UTC)) == [("copie", "p1")]
    database.close()
