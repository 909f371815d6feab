"""A store of before there were figures counts what happened in it, on either database."""

from datetime import date

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from service.desk.oversight.tallying import Tallying
from service.storage.database import Database
from service.storage.figures import along
from service.storage.migrate import SCRIPTS, migrate

EVENT = "INSERT INTO events VALUES (:id, '2026-01-05 09:00:00', 'club', :kind, 'x', 'm1', NULL, NULL)"


async def test_events_of_before_are_counted_once_the_tables_are_there(empty_url: str) -> None:
    database = Database(empty_url)
    with database.writing() as transaction:
        settings = Config(attributes={"connection": transaction})
        settings.set_main_option("script_location", str(SCRIPTS))
        command.upgrade(settings, "0009")
        for number, kind in enumerate(("message_received", "reply_recorded", "signed_in")):
            transaction.execute(text(EVENT), {"id": f"e{number}", "kind": kind})
    assert migrate(database)
    assert await Tallying(database).count() == 2
    with database.reading() as transaction:
        found = along(transaction, "club", ("total",), date(2026, 1, 5), date(2026, 1, 5))
    assert {("total", "", "received", 1.0), ("total", "", "handled", 1.0)} <= set(found)
    database.close()
