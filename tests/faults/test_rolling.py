"""A new release is rolled out under traffic: tables are added to while programs of before go on, then each process is
told to stop and replaced. Nobody is refused, nothing is lost."""

import asyncio
import shutil
import signal
from pathlib import Path

import httpx
import pytest
from alembic import command
from alembic.config import Config

from service.storage.database import Database
from service.storage.migrate import HEAD, SCRIPTS, migrate
from tests.faults.count import counted
from tests.faults.crew import ready
from tests.faults.stage import staged
from tests.postgres import Cluster

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(600)]

NEXT = f"""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "9999", "{HEAD}"


def upgrade():
    op.add_column("messages", sa.Column("mood", sa.Text, nullable=False, server_default="calm"))
    op.add_column("cases", sa.Column("mood", sa.Text))
    op.create_index("ix_messages_mood", "messages", ["mood"])
    op.create_table("moods", sa.Column("id", sa.Text, primary_key=True))
    op.execute("UPDATE cases SET mood = 'calm'")
"""


def upgraded(url: str, folder: Path) -> None:
    """As a process of the next release does when it starts."""
    scripts = folder / "next"
    shutil.copytree(SCRIPTS, scripts)
    (scripts / "versions" / "9999_next.py").write_text(NEXT)
    database = Database(url)
    with database.writing() as transaction:
        settings = Config(attributes={"connection": transaction})
        settings.set_main_option("script_location", str(scripts))
        command.upgrade(settings, "head")
    assert not migrate(database)
    database.close()


async def test_a_release_is_rolled_out_without_a_refused_request(postgres: Cluster, tmp_path: Path) -> None:
    ready()
    url = postgres.create()
    async with staged(tmp_path, url) as stage:
        await stage.send(4)
        sending = asyncio.create_task(stage.send(40))
        await asyncio.to_thread(upgraded, url, tmp_path)
        for place in stage.places:
            await stage.send(4)
            before = place.deaths
            place.kill(signal.SIGTERM)
            async with asyncio.timeout(60):
                while place.deaths == before:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
        await sending
        await stage.send(4)
        await stage.all_told()
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            told = [await client.get(f"{place.address}/readyz") for place in stage.places]
        count = counted(stage)
    assert [one.status_code for one in told] == [200, 200]
    assert not stage.refused.keys() - {0}  # 0: a connection that ended before it was used; its caller has another
    assert (count.accepted, count.lost, count.doubled) == (56, 0, 0)
