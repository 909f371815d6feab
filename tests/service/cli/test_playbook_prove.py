"""The verdict about a changed folder on the command line, before anything is put in force."""

import asyncio
from pathlib import Path

from service.storage.migrate import migrate
from service.wiring import build_desk
from tests.conftest import GivenSettings
from tests.service.cli.conftest import Run
from tests.service.small_account import write_account


def test_a_changed_folder_is_proven_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    data, folder = tmp_path / "data", write_account(tmp_path / "petit", "petit")
    desk = build_desk(GivenSettings(data=data), index=False)
    migrate(desk.database)
    asyncio.run(desk.import_folder(folder, by="test"))
    before = asyncio.run(desk.playbooks.list("petit"))
    queue = folder / "queues" / "factures.yaml"
    queue.write_text(queue.read_text("utf-8") + "  quittance ^2\n", "utf-8")
    done = run("playbook", "prove", folder, data=data)
    assert done.code == 0, done.err
    assert "history\tcannot tell\t8 messages" in done.out
    assert "gate\ttoo few messages\tcalibration" in done.out
    assert done.out.endswith("verdict\tpassed\n")
    assert asyncio.run(desk.playbooks.list("petit")) == before
    desk.close()
