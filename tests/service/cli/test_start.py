"""The command line as such: quick help, and words instead of tracebacks."""

import json
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from service.cli import COMMANDS, main
from service.settings import SHIPPED
from tests.service.cli.command import COMMAND, environment, ran
from tests.service.cli.conftest import Run
from tests.service.small_account import write_account

HEAVY = ("litellm", "chromadb", "sklearn", "scipy", "pydantic", "langchain_core", "tiktoken", "numpy", "sqlalchemy")


def test_help_answers_at_once(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = ran(tmp_path, "--help")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0
    assert (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime) < 0.5


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom service.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_looking_at_a_message_loads_neither_a_model_nor_the_index(data_folder: Path) -> None:
    (data_folder / "m.txt").write_text("Je souhaite résilier.", "utf-8")
    script = (
        "import sys\nfrom service.cli import main\n"
        "try:\n    main(['triage', 'm.txt', '--json'])\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('litellm', 'chromadb', 'sklearn') if name in sys.modules], file=sys.stderr)"
    )
    environment = {"AIGUILLEUR_DATA": str(data_folder), "PATH": "", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, cwd=data_folder, capture_output=True, text=True, check=True)
    assert done.stderr.strip().endswith("[]")


def test_what_a_command_makes_is_its_owners_alone(tmp_path: Path) -> None:
    """Whatever the shell's umask: results, runs and the data folder may hold customers' words."""
    made = write_account(tmp_path / "autre")
    known = environment(tmp_path / "data")
    for command in (["playbook", "import", made], ["playbook", "export", tmp_path / "out"]):
        subprocess.run(
            [*COMMAND, *map(str, command)], env=known, cwd=tmp_path, umask=0o022, capture_output=True, check=True
        )
    there = [path for folder in ("data", "out") for path in (tmp_path / folder, *(tmp_path / folder).rglob("*"))]
    assert len(there) > 4
    assert [path for path in there if path.stat().st_mode & 0o077] == []


def test_help_names_every_command(run: Run) -> None:
    shown = run("--help").out
    assert all(name in shown for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(run: Run, name: str) -> None:
    done = run(name, "--help")
    assert done.code == 0
    assert "Usage" in done.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("sortir",),
        ("triage",),
        ("bulk",),
        ("serve", "--port", "99999"),
        ("key", "create"),
        ("triage", "x", "--engine", "y"),
    ],
)
def test_wrong_options_end_with_2_and_a_sentence_on_standard_error(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert done.out == ""
    assert "Usage" in done.err


def test_an_engine_without_a_model_names_the_setting(run: Run, tmp_path: Path) -> None:
    (tmp_path / "m.txt").write_text("x", "utf-8")
    done = run("triage", "m.txt", "--engine", "model")
    assert done.code == 2
    assert "AIGUILLEUR_MODEL" in done.err


def test_a_setting_that_is_wrong_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGUILLEUR_MODEL_TIMEOUT_S", "soon")
    done = run("doctor")
    assert done.code == 2
    assert "AIGUILLEUR_MODEL_TIMEOUT_S" in done.err


@pytest.mark.parametrize(("name", "value"), [("DATA", ""), ("PUBLIC_URL", "club.example"), ("CHROMA_URL", "ftp://x")])
def test_a_value_that_would_lead_elsewhere_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    """An empty data folder would be the working folder; links would lead nowhere."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"AIGUILLEUR_{name}", value)
    with pytest.raises(SystemExit) as ended:
        main(["key", "list"])
    assert ended.value.code == 2
    assert f"AIGUILLEUR_{name}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_doctor_names_an_engine_without_its_model_and_a_folder_that_cannot_hold_anything(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIGUILLEUR_ENGINE", "cascade")
    told = run("doctor").out
    assert "warn  engine: AIGUILLEUR_ENGINE is cascade, but AIGUILLEUR_MODEL is empty" in told
    assert f"ok    data folder: {tmp_path}" in told
    assert "FAIL  data folder: /proc" in run("doctor", data=Path("/proc/aiguilleur")).out


def test_a_disk_that_is_full_is_told_in_a_sentence(small_folder: Path) -> None:
    (small_folder / "in.jsonl").write_text('{"body": "Ma facture ?"}\n', "utf-8")
    done = ran(small_folder, "bulk", "in.jsonl", "--out", "/dev/full", "--workers", "1")
    assert done.returncode == 1
    assert "/dev/full cannot be written (No space left on device)" in done.stderr
    assert "mistake of ours" not in done.stderr
    shown = ran(small_folder, "bulk", "in.jsonl", "--out", "/dev/stdout", "--workers", "1")
    assert json.loads(shown.stdout)["queue"]["id"] == "factures"


@pytest.mark.parametrize("name", ["EMBEDDER", "DATABASE_URL"])
def test_a_setting_that_cannot_be_used_is_named(run: Run, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"AIGUILLEUR_{name}", "nonsense:x")
    done = run("key", "list")
    assert done.code == 2
    assert f"AIGUILLEUR_{name}" in done.err


def test_a_data_folder_that_cannot_be_made_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("key", "list", data=tmp_path / "file" / "data")
    assert done.code == 2
    assert "AIGUILLEUR_DATA" in done.err


def test_a_folder_of_prompts_that_holds_none_is_told_before_anything_starts(tmp_path: Path) -> None:
    done = ran(tmp_path, "doctor", prompts=str(tmp_path / "nowhere"))
    assert (done.returncode, "AIGUILLEUR_PROMPTS" in done.stderr) == (2, True)


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    left_out = shutil.ignore_patterns("accounts", "examples", "samples")
    return shutil.copytree(SHIPPED, tmp_path / "moved", ignore=left_out)


def test_every_list_is_read_from_the_folder_of_prompts_that_was_named(small_folder: Path, moved: Path) -> None:
    """Also those of which only a step of the pipeline knows."""
    lists = moved / "redact" / "words.yaml"
    lists.write_text(re.sub(r"(?m)^birth: \[", "birth: [baptisé, ", lists.read_text("utf-8")), "utf-8")
    (small_folder / "in.jsonl").write_text('{"body": "Je suis baptisé le 3/9/1957. Ma facture ?"}\n', "utf-8")
    script = "from service.pipeline.redact.words import words\nprint('baptise' in words().birth)"
    known = environment(small_folder, prompts=str(moved))
    asked = [sys.executable, "-c", script]
    done = subprocess.run(asked, env=known, cwd=small_folder, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
    (small_folder / ".env").write_text(f"AIGUILLEUR_PROMPTS={moved}\n")
    known.pop("AIGUILLEUR_PROMPTS")
    done = subprocess.run(asked, env=known, cwd=small_folder, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
    told = ran(small_folder, "triage", "in.jsonl", "--json")
    assert json.loads(told.stdout)["account"] == "petit"


def test_a_list_that_a_folder_of_prompts_lacks_is_named(tmp_path: Path, moved: Path) -> None:
    (moved / "check" / "edits.yaml").unlink()
    done = ran(tmp_path, "doctor", prompts=str(moved))
    assert (done.returncode, f"lacks {Path('check') / 'edits.yaml'}" in done.stderr) == (2, True)
