"""`aiguilleur eval requests` and `eval score`: what a batch holds, and what its answers are worth."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.evals.harness.conftest import USUAL, write_lines
from tests.evals.harness.test_eval_run import ask, predictions
from tests.loopback_model import LoopbackModel, weighed
from tests.service.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("account")

ANSWER = {
    "queue": "departs",
    "alternatives": [],
    "secondary": [],
    "flags": [],
    "confidence": 95,
    "quotes": [],
    "reason": "Le client part.",
}


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def answered(request: dict[str, Any], content: str | None, status: int = 200, **message: object) -> dict[str, Any]:
    """A line of a batch's output, as OpenAI writes it."""
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content} | message}
    if content and request["body"].get("logprobs"):
        choice |= {"logprobs": {"content": weighed(content)}}
    body = {
        "id": "c", "object": "chat.completion", "created": 1, "model": "gpt-4o-mini",
        "choices": [choice],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
    }  # fmt: skip
    return {
        "id": "b",
        "custom_id": request["custom_id"],
        "response": {"status_code": status, "body": body},
        "error": None,
    }


def good(request: dict[str, Any], server: LoopbackModel) -> str:
    """What the loopback model would say to that request."""
    from tests.loopback_answer import words_of

    return str(words_of("ok", "", request["body"]))


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Any:
    with LoopbackModel() as server:
        ask(server, monkeypatch)
        yield server


@pytest.mark.parametrize("engine", ["model", "cascade"])
def test_a_batch_holds_byte_for_byte_what_the_live_path_sends(
    run: Run, dataset: list[Path], model: LoopbackModel, engine: str
) -> None:
    assert run("eval", "run", "--dataset", *dataset, "--engine", engine, "--out", "live").code == 0
    live = [one.raw for one in model.asked]
    done = run("eval", "requests", "--dataset", *dataset, "--engine", engine, "--out", "requests.jsonl")
    assert (done.code, done.out) == (0, "requests.run\n"), done.err
    assert len(model.asked) == len(live), "nobody is asked"
    written = Path("requests.jsonl").read_bytes().splitlines()
    assert sorted(line.partition(b'"body": ')[2][:-1] for line in written) == sorted(live)
    for line in lines(Path("requests.jsonl")):
        assert (line["method"], line["url"]) == ("POST", "/v1/chat/completions")
        assert line["custom_id"].startswith(("usual-1-", "unusual-1-"))


def test_scored_answers_are_worth_what_they_were_live_and_nobody_is_called(
    run: Run, dataset: list[Path], model: LoopbackModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = json.loads(run("eval", "run", "--dataset", *dataset, "--engine", "model", "--out", "live", "--json").out)
    run("eval", "requests", "--dataset", *dataset, "--engine", "model", "--out", "requests.jsonl")
    output = [answered(one, good(one, model)) for one in lines(Path("requests.jsonl"))]
    Path("responses.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in reversed(output)), "utf-8")
    called: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda *given: called.append(given))
    done = run("eval", "score", "--responses", "responses.jsonl", "requests.run", "--json")
    assert (done.code, called) == (0, []), done.err
    scored = json.loads(done.out)
    assert scored["batch"] == {
        "requests": 5, "answered": 5, "missing": 0, "failed": 0, "repairs_not_asked": 0, "prompts_changed": 0,
        "price_share": 1.0,
    }  # fmt: skip
    for name in ("accuracy", "top3_accuracy", "coverage", "per_queue", "drafts", "retrieval", "degraded", "engine"):
        assert scored[name] == live[name], name
    for before, now in zip(predictions(Path("live")), predictions(Path("requests.run")), strict=True):
        for name in ("votes", "alternatives", "draft", "confidence", "reason", "evidence"):
            assert now[name] == before[name], name
    assert Path("requests.run/report.html").exists()
    assert run("eval", "compare", "live", "requests.run").code == 0


def test_answers_that_are_missing_failed_or_refused_are_outages(
    run: Run, dataset: list[Path], model: LoopbackModel
) -> None:
    run("eval", "requests", "--dataset", *dataset, "--engine", "model", "--out", "q.jsonl")
    asked = lines(Path("q.jsonl"))
    output = [
        answered(asked[0], good(asked[0], model)),
        answered(asked[1], None, refusal="I cannot help with that."),
        answered(asked[2], "not JSON at all"),
        {"custom_id": asked[3]["custom_id"], "response": {"status_code": 500, "body": {}}, "error": {"code": "x"}},
        {"custom_id": "a stranger", "response": None, "error": None},
    ]
    Path("answers.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in output), "utf-8")
    done = run("eval", "score", "--responses", "answers.jsonl", "q.run", "--json")
    summary = json.loads(done.out)
    assert {name: summary["batch"][name] for name in ("answered", "missing", "failed", "repairs_not_asked")} == {
        "answered": 2, "missing": 1, "failed": 2, "repairs_not_asked": 1,
    }  # fmt: skip
    assert summary["degraded"] == 4
    assert "1 responses are left out" in done.err
    assert "the live path would have asked once more" in done.err
    notes = [line["notes"] for line in predictions(Path("q.run"))]
    assert [bool({"model_unavailable", "model_unusable"} & set(one)) for one in notes] == [False, *4 * [True]]  # type: ignore[call-overload]


def test_usage_is_counted_and_half_the_price_where_that_is_what_a_batch_costs(
    run: Run, dataset: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIGUILLEUR_MODEL", "gpt-4o-mini")
    assert run("eval", "requests", "--dataset", dataset[0], "--engine", "model", "--out", "q.jsonl").code == 0
    asked = lines(Path("q.jsonl"))
    assert {one["body"]["model"] for one in asked} == {"gpt-4o-mini"}
    output = "".join(f"{json.dumps(answered(one, json.dumps(ANSWER)))}\n" for one in asked)
    Path("answers.jsonl").write_text(output, "utf-8")
    whole = json.loads(run("eval", "score", "--responses", "answers.jsonl", "q.run", "--json").out)
    half = json.loads(run("eval", "score", "--responses", "answers.jsonl", "q.run", "--half-price", "--json").out)
    assert whole["cost_usd"] > 0
    assert half["cost_usd"] == pytest.approx(whole["cost_usd"] / 2)
    assert predictions(Path("q.run"))[0]["usage"]["prompt_tokens"] == 1000  # type: ignore[index]


def test_a_provider_that_takes_a_schema_as_a_tool_only_is_read_as_live(
    run: Run, dataset: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIGUILLEUR_MODEL", "groq/llama-3.3-70b-versatile")
    assert run("eval", "requests", "--dataset", dataset[0], "--engine", "model", "--out", "q.jsonl").code == 0
    asked = lines(Path("q.jsonl"))
    called = {"name": asked[0]["body"]["tools"][0]["function"]["name"], "arguments": json.dumps(ANSWER)}
    tools = [{"id": "c", "type": "function", "function": called}]
    output = "".join(f"{json.dumps(answered(one, None, tool_calls=tools))}\n" for one in asked)
    Path("answers.jsonl").write_text(output, "utf-8")
    done = run("eval", "score", "--responses", "answers.jsonl", "q.run", "--json")
    assert json.loads(done.out)["degraded"] == 0, done.out


def test_a_provider_that_names_its_model_elsewhere_is_refused(
    run: Run, dataset: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIGUILLEUR_MODEL", "azure/deployment")
    done = run("eval", "requests", "--dataset", dataset[0], "--engine", "model", "--out", "q.jsonl")
    assert (done.code, "No batch can be written for azure/deployment" in done.err) == (2, True)
    assert not Path("q.jsonl").exists()


def test_an_id_that_a_provider_would_refuse_is_replaced(run: Run, tmp_path: Path, model: LoopbackModel) -> None:
    odd = write_lines(tmp_path / "odd.jsonl", [USUAL[0] | {"id": "réf. n° 12/2026"}])
    run("eval", "requests", "--dataset", odd, "--engine", "model", "--out", "q.jsonl")
    (asked,) = lines(Path("q.jsonl"))
    assert asked["custom_id"].isalnum()
    Path("answers.jsonl").write_text(json.dumps(answered(asked, good(asked, model))) + "\n", "utf-8")
    assert json.loads(run("eval", "score", "--responses", "answers.jsonl", "q.run", "--json").out)["degraded"] == 0


def test_what_cannot_be_written_or_scored_ends_with_2(
    run: Run, dataset: list[Path], model: LoopbackModel, tmp_path: Path
) -> None:
    local = run("eval", "requests", "--dataset", dataset[0], "--engine", "local", "--out", "q.jsonl")
    assert (local.code, "asks no model" in local.err) == (2, True)
    assert not Path("q.run").exists()
    run("eval", "requests", "--dataset", dataset[0], "--engine", "model", "--out", "q.jsonl")
    twice = run("eval", "requests", "--dataset", dataset[0], "--engine", "model", "--out", "q.jsonl")
    assert (twice.code, "earlier batch" in twice.err) == (2, True)
    for text, said in (("{}\n", "responses.jsonl:1"), ('{"custom_id": "other"}\n', "None of the 1 responses")):
        Path("responses.jsonl").write_text(text)
        done = run("eval", "score", "--responses", "responses.jsonl", "q.run")
        assert (done.code, said in done.err) == (2, True), done.err
    assert run("eval", "score", "--responses", "responses.jsonl", tmp_path).code == 2
