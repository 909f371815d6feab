"""`aiguilleur privacy`, through the real store and the real index: after an erasure no byte of it is left."""

import asyncio
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from service.domain.collections import answers_of, confirmed_of
from service.domain.message import Message, Sender
from service.storage.privacy_cipher import new_key
from service.wiring import Desk, open_desk
from tests.conftest import GivenSettings
from tests.service.cli.conftest import Run
from tests.service.small_account import write_account

WHO = "zoe.quillfeather@example.org"
SECRETS = (b"quillfeather", b"zorglub", b"crm-77001")
LINES = """\
{"id": "crm-77001", "from": "Zoe Quillfeather <Zoe.Quillfeather@example.org>", "text": "Ma facture zorglubienne svp", \
"queue": "factures"}
{"id": "crm-2", "from": "autre@example.net", "text": "Une autre facture svp", "queue": "factures"}
"""


def settings(data: Path, **given: str) -> GivenSettings:
    return GivenSettings(data=data, **given)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small account that learned from Zoe, and whose vectors are in Chroma's files; then she wrote again."""
    folder, data = write_account(tmp_path_factory.mktemp("account") / "a"), tmp_path_factory.mktemp("store")
    (folder / "confirmed" / "second.jsonl").write_text(LINES, "utf-8")
    desk = open_desk(settings(data), ready=False)
    (data / "out.jsonl").write_text(asyncio.run(filled(desk, folder)) + "\n", "utf-8")
    for collection in (answers_of("autre"), confirmed_of("autre")):
        desk.library.prepare(collection)
    assert desk.library.settled()
    desk.close()
    return data


async def filled(desk: Desk, folder: Path) -> str:
    """What a bulk run would have written of her second message."""
    await desk.import_folder(folder, "test")
    await desk.learning.learn("autre", "test")
    sender = Sender(name="Zoe Quillfeather", address=WHO)
    triage = await desk.triages.triage(Message(external_id="crm-77002", sender=sender, body="Et zorglub ?"))
    return triage.model_dump_json()


@pytest.fixture
def data(store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(store, tmp_path / "data"))


def files_with(data: Path, *words: bytes) -> list[str]:
    return sorted(
        str(path.relative_to(data))
        for path in data.rglob("*")
        if path.is_file() and any(word in path.read_bytes().lower() for word in words)
    )


def test_no_byte_of_an_erased_person_is_left_in_the_data_folder(data: Path, run: Run) -> None:
    before = files_with(data, *SECRETS)
    assert {"aiguilleur.db", "out.jsonl"} <= set(before)
    assert any(name.startswith("chroma/") for name in before)
    planned = run("privacy", "erase", "--sender", WHO.upper(), data=data)
    assert "messages\t1" in planned.out
    assert files_with(data, *SECRETS) == before
    erased = run("privacy", "erase", "--sender", WHO, "--yes", "--by", "dpo", data=data)
    assert erased.code == 0
    assert erased.err.startswith("Not reached: backups")
    assert len(erased.err.splitlines()) == 1
    assert files_with(data, *SECRETS, b"crm-77002") == []
    listed = run("privacy", "list", data=data)
    assert "dpo" in listed.out
    assert "whole" in listed.out
    assert json.loads(run("privacy", "counts", data=data).out)["messages"] == 1


def test_an_export_is_one_file_that_a_person_can_read(data: Path, run: Run, tmp_path: Path) -> None:
    assert run("privacy", "export", "--sender", WHO, "--out", tmp_path / "zoe.zip", data=data).code == 0
    with zipfile.ZipFile(tmp_path / "zoe.zip") as archive:
        document, page = json.loads(archive.read("export.json")), archive.read("summary.html").decode()
    parts = {part["name"]: part["rows"] for part in document["parts"]}
    assert parts["messages"][0]["content"]["body"] == "Et zorglub ?"
    assert parts["confirmed"][0]["content"]["message"]["body"] == "Ma facture zorglubienne svp"
    assert "Vos messages" in page
    assert "Your messages" in page


@pytest.mark.parametrize("name", ["zoe.json", "zoe.html", "zoe.zip"])
def test_an_export_is_its_owners_alone_whatever_was_there(data: Path, run: Run, tmp_path: Path, name: str) -> None:
    out, linked, elsewhere = tmp_path / name, tmp_path / f"link-{name}", tmp_path / "elsewhere"
    out.write_text("old", "utf-8")
    out.chmod(0o644)
    assert run("privacy", "export", "--sender", WHO, "--out", out, data=data).code == 0
    assert out.stat().st_mode & 0o777 == 0o600
    assert out.stat().st_size > 1000
    linked.symlink_to(elsewhere)
    done = run("privacy", "export", "--sender", WHO, "--out", linked, data=data)
    assert (done.code, linked.name in done.err, elsewhere.exists()) == (2, True, False)


def test_an_export_of_nobody_says_so(data: Path, run: Run) -> None:
    told = run("privacy", "export", "--sender", "personne@example.org", data=data)
    assert (told.code, json.loads(told.out)["parts"]) == (0, [])
    assert "Nothing is held about personne@example.org" in told.err


def test_a_store_is_sealed_and_its_key_changed_without_losing_a_word(
    data: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = new_key(), new_key()
    assert files_with(data, b"facture zorglubienne")
    monkeypatch.setenv("AIGUILLEUR_VAULT_KEY", old)
    assert run("privacy", "encrypt", data=data).code == 0
    asked_for_by_people = ["out.jsonl"]
    assert files_with(data, b"facture zorglubienne", b"et zorglub", WHO.encode()) == asked_for_by_people
    monkeypatch.delenv("AIGUILLEUR_VAULT_KEY")
    refused = run("privacy", "list", data=data)
    assert (refused.code, "AIGUILLEUR_VAULT_KEY" in refused.err) == (2, True)
    monkeypatch.setenv("AIGUILLEUR_VAULT_KEY", f"{new},{old}")
    assert run("privacy", "encrypt", data=data).code == 0
    monkeypatch.setenv("AIGUILLEUR_VAULT_KEY", new)
    exported = json.loads(run("privacy", "export", "--sender", WHO, data=data).out)
    assert len(exported["parts"]) > 3
    assert "sealed with the key" in run("doctor", data=data).out


def test_a_key_is_made_and_read_from_a_file(tmp_path: Path, run: Run) -> None:
    made = run("privacy", "new-key")
    (tmp_path / "key").write_text(made.out, "utf-8")
    desk = open_desk(settings(tmp_path / "data", vault_key_file=str(tmp_path / "key")), index=False, ready=False)
    assert desk.database.keyring is not None
    desk.close()


def test_a_purge_says_what_it_would_do(data: Path, run: Run) -> None:
    assert run("privacy", "purge", "--dry-run", data=data).out == ""
    assert run("privacy", "purge", data=data).code == 0
