"""A stored playbook that this program does not take stops its own account, and no other."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from service.desk.clock import utc_now
from service.desk.playbooks import versions
from service.domain.message import Message
from service.errors import UnreadableError
from service.playbooks.folder import read_account
from service.wiring import open_desk
from tests.conftest import GivenSettings
from tests.door import Door, fields_of, open_door, problem_of
from tests.service.cli.conftest import Run, run
from tests.service.small_account import write_account
from tests.service.web.browser import as_person, text_of

__all__ = ["run"]

BODY = "Bonjour, où est ma facture de mars ?"


def spoil(data: Path, account: str) -> None:
    """As if an older program had taken it."""
    with closing(sqlite3.connect(data / "aiguilleur.db")) as store, store:
        (stored,) = store.execute("SELECT files FROM playbooks WHERE active AND account = ?", (account,)).fetchone()
        files = json.loads(stored) | {"queues/factures.yaml": "id: factures\nonce_known: 1\n"}
        told = (json.dumps(files), "0123456789ab", account)
        store.execute("UPDATE playbooks SET files = ?, version = ? WHERE active AND account = ?", told)


@pytest.fixture
def spoilt(small_folder: Path, run: Run, tmp_path: Path) -> Path:
    """A data folder with `petit`, which is well, and `autre`."""
    assert run("playbook", "import", write_account(tmp_path / "autre"), data=small_folder).code == 0
    assert run("learn", "--account", "autre", data=small_folder).code == 0
    spoil(small_folder, "autre")
    return small_folder


@pytest.fixture
def door(spoilt: Path) -> Iterator[Door]:
    with open_door(GivenSettings(data=spoilt)) as door:
        yield door


def wait_for(seen: Callable[[], bool]) -> bool:
    end = time.monotonic() + 30
    while time.monotonic() < end and not seen():
        time.sleep(0.05)
    return seen()


def test_the_others_are_served_and_its_own_callers_are_told_file_line_and_cure(door: Door) -> None:
    assert door.triage(account="petit", body=BODY)["account"] == "petit"
    refused = door.post("/v1/triage", {"account": "autre", "body": BODY})
    assert fields_of(refused, 503)[:2] == ["playbook", "queues/factures.yaml:1"]
    assert int(refused.headers["retry-after"]) == versions.REFUSED_S
    told = problem_of(refused, 503)
    assert "of the account autre" in told["detail"]
    assert "playbook import" in told["errors"][0]["message"]
    assert door.get("/v1/queues?account=petit").status_code == 200
    assert door.get("/v1/queues?account=autre").status_code == 503
    ready = door.get("/readyz")
    assert ready.status_code == 200
    (check,) = [one for one in ready.json()["checks"] if one["name"] == "autre: playbook's files"]
    assert "queues/factures.yaml:1" in check["detail"]
    assert "playbook import" in check["cure"]


def test_what_is_handed_in_for_it_waits_uncounted_and_is_triaged_once_it_is_mended(
    door: Door, run: Run, spoilt: Path, tmp_path: Path
) -> None:
    taken = {name: door.post("/v1/messages", {"account": name, "body": BODY}) for name in ("autre", "petit")}
    assert [one.status_code for one in taken.values()] == [202, 202]
    case = {name: f"/v1/messages/{one.json()['id']}" for name, one in taken.items()}
    assert wait_for(lambda: door.get(case["petit"]).json()["state"] == "triaged")
    found = door.get(case["autre"]).json()
    assert (found["state"], found["attempts"]) == ("received", 0)
    assert run("playbook", "import", tmp_path / "autre", data=spoilt).code == 0
    door.desk.worker.wake()
    assert wait_for(lambda: door.get(case["autre"]).json()["state"] == "triaged")


def test_another_version_in_force_ends_the_refusal_at_once_whoever_put_it_there(
    door: Door, run: Run, spoilt: Path, tmp_path: Path
) -> None:
    good = read_account(tmp_path / "autre")
    asyncio.run(door.desk.playbooks.keep(good.files, by="test"))
    assert door.post("/v1/triage", {"account": "autre", "body": BODY}).status_code == 503
    assert "autre: playbook's files" in readiness(door)
    assert run("playbook", "activate", good.playbook.version, "--account", "autre", data=spoilt).code == 0
    assert "autre: playbook's files" not in readiness(door)
    assert asyncio.run(door.desk.playbooks.resting()) == []


def readiness(door: Door) -> set[str]:
    return {check["name"] for check in door.get("/readyz").json()["checks"]}


async def test_its_messages_stay_in_line_while_the_refusal_stands_and_keep_no_other_waiting(
    spoilt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk(GivenSettings(data=spoilt), index=False, ready=False)
    earlier, later = [await desk.intake.receive(Message(account=name, body=BODY)) for name in ("autre", "petit")]
    with pytest.raises(UnreadableError):
        await desk.playbooks.active("autre")
    assert await desk.backlog.take("one", 8) == [later.id]
    moment = time.monotonic() + versions.REFUSED_S
    monkeypatch.setattr("time.monotonic", lambda: moment)
    assert await desk.backlog.take("one", 8) == [earlier.id]
    desk.close()


def test_the_desk_of_who_sees_both_is_there_and_pages_about_it_say_why_they_are_not(door: Door) -> None:
    admin = as_person(door, "admin", "Ada")
    door.triage(account="petit", body=BODY)
    assert admin.get("/").status_code == 200
    assert admin.get("/teams").status_code == 200
    assert admin.get("/playbooks/versions?account=autre").status_code == 200
    page = admin.get("/playbooks?account=autre")
    assert page.status_code == 503
    assert "aiguilleur doctor" in text_of(page)


def test_lines_of_other_accounts_are_triaged_in_bulk(run: Run, spoilt: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [{"external_id": name, "account": name, "body": BODY} for name in ("autre", "petit")]
    source.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    assert run("bulk", source, "--out", out, "--workers", "1", data=spoilt).code == 2
    first, second = (json.loads(line) for line in out.read_text("utf-8").splitlines())
    assert first["error"]["errors"][1]["field"] == "queues/factures.yaml:1"
    assert second["queue"]["id"] == "factures"
    alone = run("bulk", source, "--out", tmp_path / "other.jsonl", "--account", "autre", data=spoilt)
    assert alone.code == 1
    assert "of the account autre" in alone.err
    assert not (tmp_path / "other.jsonl").exists()


async def test_it_is_not_read_again_for_every_message(spoilt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = open_desk(GivenSettings(data=spoilt), index=False, ready=False)
    read, export = list[str](), desk.playbooks.export

    async def counted(account: str, version: str | None = None) -> dict[str, str]:
        read.append(account)
        return await export(account, version)

    monkeypatch.setattr(desk.playbooks, "export", counted)
    for _ in range(3):
        with pytest.raises(UnreadableError):
            await desk.conclude(Message(account="autre", body=BODY), "", utc_now())
    assert len(read) == 1
    desk.close()


def test_where_there_is_no_other_account_the_start_says_it(small_folder: Path) -> None:
    spoil(small_folder, "petit")
    with pytest.raises(UnreadableError, match="of the account petit") as raised:
        open_desk(GivenSettings(data=small_folder), index=False)
    held = [str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    assert raised.tb
    assert not [name for name in held if name.startswith(str(small_folder))]
