"""`aiguilleur backup` and `restore`: a store moves to another folder, and answers there."""

import json
import shutil
from pathlib import Path

from tests.conftest import DATABASE
from tests.service.cli.conftest import Run


def test_a_store_that_was_backed_up_answers_elsewhere(small_store: Path, tmp_path: Path, run: Run) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    shutil.copyfile(small_store / DATABASE, here / DATABASE)
    secret = run("key", "create", "--name", "crm", "--scope", "triage", data=here).out
    made = run("backup", tmp_path, data=here)
    file = Path(made.out.strip())
    assert (made.code, made.err, file.parent) == (0, "", tmp_path)
    restored = run("restore", file, data=there)
    assert restored.code == 0, restored.err
    assert "learned\t1" in restored.out
    (tmp_path / "one.txt").write_text("Où est ma facture ?", "utf-8")
    assert json.loads(run("triage", "--json", tmp_path / "one.txt", data=there).out)["account"] == "petit"
    assert "crm" in run("key", "list", data=there).out
    assert secret.strip() not in run("key", "list", data=there).out
    again = run("restore", file, data=there)
    assert (again.code, "--replace" in again.err) == (2, True)
