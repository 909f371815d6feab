"""`playbook`, `answers`, `learn`, `key` and `doctor`, on a small account made for the test."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from retrieval.lock import FolderLock
from tests.service.cli.command import ran
from tests.service.cli.conftest import Run
from tests.service.small_account import write_account


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_account(tmp_path / "small", "petit")


@pytest.fixture
def imported(run: Run, folder: Path) -> Path:
    """Its folder, once it is imported into the test's store."""
    assert run("playbook", "import", folder).code == 0
    return folder


def version(run: Run) -> str:
    """Of the playbook in force."""
    (line,) = [line for line in run("playbook", "list").out.splitlines() if line.startswith("* ")]
    return line.removeprefix("* ").split("\t")[0]


def test_a_playbook_without_mistakes_passes(run: Run, folder: Path) -> None:
    done = run("playbook", "check", folder)
    assert (done.code, done.out) == (0, "")
    assert "0 error" in done.err


def test_the_reference_account_passes(run: Run) -> None:
    assert run("playbook", "check").code == 0


def test_each_mistake_is_told_with_file_line_problem_and_cure(run: Run, folder: Path) -> None:
    queue = folder / "queues" / "factures.yaml"
    queue.write_text(
        queue.read_text("utf-8").replace("  facture\n", '  "facture\n').replace("level: 1", "level: 9"), "utf-8"
    )
    (folder / "precedence.yaml").write_text("- rule: r\n  winner: factures\n  over: [nulle_part]\n", "utf-8")
    done = run("playbook", "check", folder)
    assert done.code == 2
    lines = done.out.splitlines()
    assert any(line.startswith("queues/factures.yaml:3: ") for line in lines)
    assert any(line.startswith("queues/factures.yaml:9: ") for line in lines)
    assert any(line.startswith("precedence.yaml:3: ") and "nulle_part" in line for line in lines)
    assert all(len(line.split(": ", 1)[1]) > 20 for line in lines)


def test_check_names_what_the_import_would_refuse_in_confirmed_messages_too(run: Run, folder: Path) -> None:
    history = folder / "confirmed" / "mars.jsonl"
    history.parent.mkdir(exist_ok=True)
    history.write_text('\ufeff{"id": "x", "text": "b", "queue": "nulle_part"}\n\n{bad\n', "utf-8")
    checked, imported = run("playbook", "check", folder), run("playbook", "import", folder)
    assert (checked.code, imported.code) == (2, 2)
    places = [line.split(": ")[0] for line in checked.out.splitlines()]
    assert places == ["confirmed/mars.jsonl:1", "confirmed/mars.jsonl:3"]
    assert all(line in imported.err for line in checked.out.splitlines())


def test_a_folder_with_mistakes_is_not_imported(run: Run, imported: Path) -> None:
    before = version(run)
    (imported / "queues" / "factures.yaml").write_text("id: factures\n", "utf-8")
    done = run("playbook", "import", imported)
    assert done.code == 2
    assert "queues/factures.yaml:" in done.err
    assert version(run) == before


def test_what_is_exported_is_what_was_imported(run: Run, imported: Path, tmp_path: Path) -> None:
    before = version(run)
    assert run("playbook", "export", tmp_path / "copy").code == 0
    assert run("playbook", "check", tmp_path / "copy").code == 0
    assert run("playbook", "import", tmp_path / "copy", "--no-learn").code == 0
    assert version(run) == before
    assert len(run("answers", "list").out.splitlines()) == 2


def test_a_change_makes_a_version_that_can_be_compared_and_taken_back(run: Run, imported: Path) -> None:
    before = version(run)
    queue = imported / "queues" / "factures.yaml"
    queue.write_text(queue.read_text("utf-8").replace("sla_hours: 24", "sla_hours: 12"), "utf-8")
    assert run("playbook", "import", imported).code == 0
    after = version(run)
    assert after != before
    changes = run("playbook", "diff", before, after)
    assert changes.code == 0
    assert "12" in changes.out
    assert "factures" in changes.out.lower()
    assert run("playbook", "diff", before, before).out == ""
    done = run("playbook", "activate", before)
    assert (done.code, version(run)) == (0, before)


def test_a_version_that_is_not_there_is_refused(run: Run, imported: Path) -> None:
    for arguments in (("activate", "0000"), ("diff", "0000", "1111"), ("export", "x", "--version", "0000")):
        done = run("playbook", *arguments)
        assert done.code == 2
        assert "0000" in done.err


def test_a_store_without_an_account_says_how_to_get_one(run: Run, tmp_path: Path) -> None:
    done = run("playbook", "export", tmp_path / "out")
    assert done.code == 2
    assert "aiguilleur serve" in done.err
    assert "playbook import" in done.err


def test_a_playbook_that_only_an_older_program_took_is_told_with_the_cure(
    run: Run, imported: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "data" / "aiguilleur.db")) as store, store:
        (stored,) = store.execute("SELECT files FROM playbooks WHERE active").fetchone()
        files = json.loads(stored)
        files["account.yaml"] += "\nonce_known: 1\n"
        store.execute("UPDATE playbooks SET files = ? WHERE active", (json.dumps(files),))
    done = run("doctor")
    assert done.code == 1
    (line,) = [line for line in done.out.splitlines() if "playbook's files" in line]
    assert line.startswith("FAIL")
    assert "once_known" in line
    for arguments, code in ((("playbook", "activate", version(run)), 2), (("serve", "--port", "0"), 1)):
        again = run(*arguments)
        assert again.code == code
        assert "of the account petit" in again.err
        assert "playbook export" in again.err
        assert "once_known" in again.err
    assert run("playbook", "export", tmp_path / "out").code == 0
    settings = tmp_path / "out" / "account.yaml"
    settings.write_text(settings.read_text("utf-8").replace("once_known: 1", ""), "utf-8")
    assert run("playbook", "import", tmp_path / "out").code == 0
    assert run("doctor").code == 0


def test_answers_come_back_as_they_were_given(run: Run, imported: Path, tmp_path: Path) -> None:
    listed = run("answers", "list").out
    assert [line.split("\t")[:2] for line in listed.splitlines()] == [
        ["depart_confirme", "departs"],
        ["facture_copie", "factures"],
    ]
    (tmp_path / "answers.yaml").write_text(run("answers", "export").out, "utf-8")
    done = run("answers", "import", tmp_path / "answers.yaml")
    assert "0 added, 0 changed, 0 retired" in done.err


def test_answers_with_mistakes_change_nothing(run: Run, imported: Path, tmp_path: Path) -> None:
    text = (imported / "answers.yaml").read_text("utf-8").replace("queue: factures", "queue: nulle_part")
    (tmp_path / "answers.yaml").write_text(text, "utf-8")
    done = run("answers", "import", tmp_path / "answers.yaml")
    assert done.code == 2
    assert "answers.yaml:3" in done.err
    assert "factures" in run("answers", "list").out


def test_answers_that_are_not_utf8_are_refused(run: Run, imported: Path, tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_bytes("answers: [é]".encode("latin-1"))
    done = run("answers", "import", tmp_path / "answers.yaml")
    assert done.code == 2
    assert "UTF-8" in done.err


def test_the_index_is_made_anew_from_the_database(run: Run, imported: Path, tmp_path: Path) -> None:
    first = run("answers", "rebuild")
    assert first.code == 0, first.err
    assert first.out == "petit/answers\t2 passages\npetit/confirmed\t8 passages\n"
    for file in (tmp_path / "data" / "chroma").rglob("*.sqlite3"):
        file.write_bytes(b"no database at all")
    assert ran(tmp_path / "data", "answers", "rebuild").stdout == first.out


def test_an_index_that_a_server_holds_is_left_alone_and_that_is_said(run: Run, imported: Path, tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / "data" / "chroma")
    assert lock.acquire()
    done = run("answers", "rebuild")
    lock.release()
    assert done.code == 1
    assert "server" in done.err
    assert run("answers", "rebuild").code == 0


def test_learning_tells_what_is_in_force(run: Run, imported: Path) -> None:
    done = run("learn")
    assert done.code == 0
    assert "petit" in done.err
    assert done.out


def test_keys_are_made_shown_once_listed_and_revoked(run: Run, imported: Path) -> None:
    made = run("key", "create", "--name", "crm", "--scope", "triage", "--account", "petit")
    secret = made.out.strip()
    prefix = secret.split("_")[1]
    listed = run("key", "list").out
    assert listed.split("\t")[:4] == [prefix, "triage", "petit", "crm"]
    assert secret not in listed
    assert run("key", "revoke", prefix).code == 0
    assert "revoked" in run("key", "list").out
    assert run("key", "revoke", "nothing").code == 2
    assert run("key", "create", "--name", "x", "--scope", "triage", "--account", "nobody").code == 2


def test_keys_need_no_account(run: Run) -> None:
    assert run("key", "create", "--name", "me", "--scope", "admin").code == 0
    assert len(run("key", "list").out.splitlines()) == 1


def test_doctor_finds_a_healthy_store_healthy(run: Run, imported: Path) -> None:
    done = run("doctor", "--json")
    found = json.loads(done.out)
    assert (done.code, all(check["ok"] for check in found["checks"])) == (0, True)
    assert "petit: playbook" in {check["name"] for check in found["checks"]}


def test_doctor_tells_each_settings_value_and_origin_and_masks_secrets(
    run: Run, imported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("AIGUILLEUR_MODEL_API_KEY=sk-very-secret\nAIGUILLEUR_MODEL_TIMEOUT_S=7\n", "utf-8")
    monkeypatch.setenv("AIGUILLEUR_MODEL_CONCURRENCY", "3")
    done = run("doctor", "--json")
    shown = {one["name"]: (one["value"], one["origin"]) for one in json.loads(done.out)["settings"]}
    assert shown["AIGUILLEUR_MODEL_CONCURRENCY"] == ("3", "environment")
    assert shown["AIGUILLEUR_MODEL_TIMEOUT_S"] == ("7.0", ".env")
    assert shown["AIGUILLEUR_EMBEDDER"] == ("builtin", "default")
    assert shown["AIGUILLEUR_MODEL_API_KEY"][1] == ".env"
    assert "sk-very-secret" not in done.out + run("doctor").out


def test_doctor_names_what_would_be_a_setting_and_is_none(
    run: Run, imported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("AIGUILLEUR_EMBEDER=builtin\nAIGUILLEUR_PORT=8001\n", "utf-8")
    monkeypatch.setenv("AIGUILLEUR_ZZZ", "3")
    done = run("doctor")
    assert done.code == 1
    assert "warn  settings: there is no setting AIGUILLEUR_EMBEDER: it is ignored" in done.out
    assert "do     did you mean AIGUILLEUR_EMBEDDER?" in done.out
    assert "warn  settings: there is no setting AIGUILLEUR_ZZZ" in done.out
    assert done.out.count("there is no setting") == 2


def test_doctor_masks_the_password_of_a_database(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGUILLEUR_DATABASE_URL", "postgresql://me:hunter2@127.0.0.1:1/nothing")
    done = run("doctor")
    assert done.code == 1
    assert "hunter2" not in done.out + done.err
    assert "FAIL" in done.out
    assert "postgresql://me:" in done.out
    assert not (tmp_path / "data").exists()


def test_doctor_says_no_where_nothing_is_there_and_makes_nothing(run: Run, tmp_path: Path) -> None:
    done = run("doctor")
    assert done.code == 1
    assert "FAIL  database: there is no store yet" in done.out
    assert "do     `aiguilleur serve` makes one" in done.out
    assert "AIGUILLEUR_DATA" in done.out
    assert list(tmp_path.iterdir()) == []


def test_doctor_says_no_where_the_chroma_server_does_not_answer(
    run: Run, imported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIGUILLEUR_CHROMA_URL", "http://127.0.0.1:1")
    done = run("doctor")
    assert done.code == 1
    assert "FAIL  chroma" in done.out
