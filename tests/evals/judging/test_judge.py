"""`aiguilleur eval judge`: how far a model agrees with people comes first, and decides whether it is heard."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from evals.harness.folder import Run as RunFile
from evals.harness.folder import Subject, write_run
from evals.harness.predictions import Shown
from evals.judging.agreement import SHIPPED, agreement, kappa_of, read_floor, withheld
from evals.judging.order import chosen
from evals.judging.verdicts import VERDICTS, Verdict, drafts_of, human_verdicts
from service.domain.triage import Versions
from service.errors import RefusedError
from tests.evals.harness.conftest import account
from tests.evals.harness.made import draft, made
from tests.loopback_model import LoopbackModel
from tests.service.cli.conftest import Run, run

__all__ = ["account", "run"]

COUNT = 36


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackModel]:
    """A judge, one draft at a time."""
    with LoopbackModel() as server:
        monkeypatch.setenv("AIGUILLEUR_MODEL", "openai/loopback")
        monkeypatch.setenv("AIGUILLEUR_MODEL_API_BASE", server.base)
        monkeypatch.setenv("AIGUILLEUR_MODEL_API_KEY", "none")
        monkeypatch.setenv("AIGUILLEUR_MODEL_CONCURRENCY", "1")
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run with COUNT drafts, each of a sender of his own, and one message without a draft."""
    folder = tmp_path / "run"
    folder.mkdir()
    shown = {
        n: Shown(subject="", message=f"Question {n} ?", draft=f"Réponse {n}.", language="fr") for n in range(COUNT)
    }
    drafted = [
        made("a", "a", external_id=f"m{n}", draft=draft(), expected={"sender": f"s{n}", "shown": shown[n]})
        for n in range(COUNT)
    ]
    lines = [*drafted, made("a", "a", external_id="none")]
    (folder / "predictions.jsonl").write_text("".join(f"{one.model_dump_json()}\n" for one in lines), "utf-8")
    subject = Subject(account="petit", engine="local", dataset="d", history="h", versions=Versions(playbook="p"))
    write_run(folder, RunFile(subject=subject))
    return folder


def of_people(n: int) -> Verdict:
    return VERDICTS[n % 3]


def verdicts(path: Path, count: int = COUNT) -> Path:
    lines = [json.dumps({"id": f"m{n}", "verdict": of_people(n)}) for n in range(count)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def answer(verdict: str) -> str:
    return "text:" + json.dumps({"reason": "parce que", "verdict": verdict})


def agreeing(folder: Path, people: Mapping[str, Verdict], wrong: int = 0) -> list[str]:
    """What a judge says in the order in which it is asked, who differs from people in so many drafts."""
    order = chosen(drafts_of(folder), people, 0)
    shift = {one.id: int(at < wrong) for at, one in enumerate(order)}
    return [answer(of_people(int(one.id[1:]) + shift[one.id])) for one in order]


@pytest.mark.usefixtures("account")
def test_a_judge_that_always_says_yes_agrees_by_chance_and_is_not_heard(
    run: Run, folder: Path, loopback: LoopbackModel, tmp_path: Path
) -> None:
    loopback.script(answer("as_is"))
    people = verdicts(tmp_path / "people.jsonl")
    done = run("eval", "judge", folder, "--verdicts", people, "--json")
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert found == json.loads((folder / "judge.json").read_text("utf-8"))
    assert found["agreement"]["kappa"] == 0.0
    assert (found["scores"], found["judged"]) == (None, COUNT)
    assert "as low as 0.00" in found["withheld"]
    told = run("eval", "judge", folder, "--verdicts", people).out
    assert "No scores" in told
    assert "scores of" not in told


@pytest.mark.usefixtures("account")
def test_a_judge_that_agrees_is_heard_and_agreement_is_told_first(
    run: Run, folder: Path, loopback: LoopbackModel, tmp_path: Path
) -> None:
    path = verdicts(tmp_path / "people.jsonl")
    loopback.script(*agreeing(folder, human_verdicts(path), wrong=2))
    out = run("eval", "judge", folder, "--verdicts", path).out
    assert out.index("kappa") < out.index("scores of 36 drafts")
    found = json.loads((folder / "judge.json").read_text("utf-8"))
    assert found["agreement"]["same"] == pytest.approx(34 / 36, abs=1e-4)
    assert sum(one["mean"] for one in found["scores"].values()) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.usefixtures("account")
def test_a_judge_is_told_nothing_of_what_wrote_the_drafts_and_is_asked_once(
    run: Run, folder: Path, loopback: LoopbackModel, tmp_path: Path
) -> None:
    loopback.script(answer("as_is"))
    path = verdicts(tmp_path / "people.jsonl", 5)
    first = run("eval", "judge", folder, "--verdicts", path, "--sample", 8)
    assert len(loopback.asked) == 8
    prompts = json.dumps([one.body["messages"] for one in loopback.asked], ensure_ascii=False)
    assert "Question 3 ?" in prompts
    assert not any(word in prompts for word in ("local", "cascade", "loopback", "petit", "classifier"))
    assert "people have judged 5 of these drafts, and it takes 30" in first.out
    run("eval", "judge", folder, "--verdicts", path, "--sample", 8)
    assert len(loopback.asked) == 8


@pytest.mark.usefixtures("account")
def test_a_judge_without_use_or_without_people_gives_no_scores(run: Run, folder: Path, loopback: LoopbackModel) -> None:
    loopback.script("nonsense")
    done = run("eval", "judge", folder, "--sample", 3)
    assert "3 drafts have no verdict" in done.err
    assert "No scores: the judge gave no usable answer." in done.out
    loopback.script(answer("unusable"))
    assert "people have judged 0" in run("eval", "judge", folder, "--sample", 3).out


def test_a_sheet_for_people_names_no_system_and_is_read_when_filled_in(run: Run, folder: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.jsonl"
    assert run("eval", "judge", folder, "--sheet", sheet, "--sample", 4).code == 0
    lines = [json.loads(line) for line in sheet.read_text("utf-8").splitlines()]
    assert [set(line) for line in lines] == [{"id", "subject", "message", "draft", "verdict"}] * 4
    assert human_verdicts(sheet) == {}
    lines[0]["verdict"] = "after_edits"
    sheet.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert human_verdicts(sheet) == {lines[0]["id"]: "after_edits"}


def test_wrong_input_is_named_with_its_cure(run: Run, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    path.write_text(
        '{"id": "a", "verdict": "good"}\nnot json\n{"id": "b", "verdict": "as_is"}\n{"id": "b", "verdict": "as_is"}\n'
    )
    with pytest.raises(RefusedError) as refused:
        human_verdicts(path)
    assert [one.field for one in refused.value.problems] == ["line 1", "line 2", "line 4"]
    assert "AIGUILLEUR_MODEL" in run("eval", "judge", folder).err
    assert run("eval", "judge", tmp_path).code == 2


def test_kappa_is_what_agreement_is_beyond_chance() -> None:
    import numpy as np

    assert kappa_of(np.array([[20.0, 5.0], [10.0, 15.0]])) == pytest.approx(0.4)
    assert kappa_of(np.array([[9.0, 0.0], [0.0, 0.0]])) is None
    assert kappa_of(np.zeros((3, 3))) is None


def test_the_interval_is_of_senders_and_one_verdict_for_all_is_no_agreement() -> None:
    people: dict[str, Verdict] = {f"m{n}": of_people(n) for n in range(60)}
    alone = agreement(people, people, {name: name for name in people})
    assert (alone.kappa, alone.same) == (1.0, 1.0)
    assert withheld(alone, read_floor(SHIPPED)) is None
    judge = people | {f"m{n}": of_people(n + 1) for n in range(20)}
    many = agreement(people, judge, {name: name for name in people})
    few = agreement(people, judge, {name: str(int(name[1:]) // 20) for name in people})
    assert many.kappa_ci95 is not None
    assert few.kappa_ci95 is not None
    assert few.kappa_ci95[0] < many.kappa_ci95[0] < 0.5 < many.kappa_ci95[1] < few.kappa_ci95[1]
    same: dict[str, Verdict] = dict.fromkeys(people, "as_is")
    assert "one verdict" in str(withheld(agreement(same, same, {name: name for name in people}), read_floor(SHIPPED)))
