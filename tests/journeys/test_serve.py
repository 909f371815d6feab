"""What a person does on a first day, through the doors."""

import json
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from service.domain.triage import Triage
from tests.conftest import DATABASE
from tests.journeys.served import Served, served
from tests.loopback_model import LoopbackModel
from tests.service.cli.command import ran, started

REFUND = "Bonjour, vous m'avez prélevée deux fois 42 € en novembre. Pouvez-vous me rembourser la deuxième fois ?"


def test_a_first_start_prints_a_curl_line_that_works_and_a_second_one_is_quick(tmp_path: Path) -> None:
    with served(tmp_path) as first:
        assert first.address in first.told
        assert first.key in first.told
        (line,) = [line for line in first.told.splitlines() if line.strip().startswith("curl ")]
        pasted = f"{line.strip()} --noproxy '*' -w '\\n%{{http_code}}'"
        shell = subprocess.run(pasted, shell=True, capture_output=True, text=True, check=True, timeout=60)
        body, _, status = shell.stdout.rpartition("\n")
        assert status == "200"
        assert Triage.model_validate_json(body).alternatives[0].queue == "remboursement"
    assert (tmp_path / "first-key").stat().st_mode & 0o077 == 0
    with served(tmp_path) as second:
        assert second.key == first.key
        assert "importing" not in second.told
        assert second.cpu_s() < 5
        assert second.ready_s < 20  # five on a machine that does nothing else


def test_what_is_told_on_standard_output_is_nothing(small_folder: Path) -> None:
    with served(small_folder) as service:
        service.process.send_signal(signal.SIGINT)
        assert service.process.wait(30) == 0
        assert service.process.stdout
        assert service.process.stdout.read() == ""


def test_an_address_in_use_is_told_at_once(small_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = ran(small_folder, "serve", "--port", str(port))
    assert done.returncode == 2
    assert str(port) in done.stderr
    assert "Traceback" not in done.stderr


def test_a_revoked_first_key_is_not_printed_again(small_folder: Path) -> None:
    with served(small_folder) as service:
        assert ran(small_folder, "key", "revoke", service.key.split("_")[1]).returncode == 0
        with service.client as client:
            assert client.get("/v1/queues").status_code == 401


def test_settings_may_leave_the_work_to_workers(small_folder: Path) -> None:
    with served(small_folder, works="false") as service, service.client as client:
        place = client.post("/v1/messages", json={"body": REFUND}).headers["location"]
        time.sleep(4)  # twice as long as whoever works rests between two looks
        assert client.get(place).json()["state"] == "received"
        with started(small_folder, "worker", works="false") as worker:
            try:
                settled(client)
            finally:
                worker.kill()
        assert client.get(place).json()["state"] == "triaged"


def test_commands_work_beside_a_running_server(data_folder: Path) -> None:
    (data_folder / "in.jsonl").write_text(json.dumps({"external_id": "b-1", "body": REFUND}) + "\n", "utf-8")
    with served(data_folder) as service, service.client as client:
        assert client.post("/v1/triage", json={"body": REFUND}).status_code == 200
        done = ran(data_folder, "bulk", "in.jsonl", "--out", "out.jsonl", "--store")
        assert done.returncode == 0, done.stderr
        (item,) = [item for item in client.get("/v1/messages").json()["items"] if item["external_id"] == "b-1"]
        assert item["state"] == "triaged"
        assert ran(data_folder, "doctor").returncode == 0


def test_a_model_is_asked_end_to_end(data_folder: Path) -> None:
    with (
        LoopbackModel() as model,
        served(data_folder, **asking(model, timeout_s=30)) as service,
        service.client as client,
    ):
        found = Triage.model_validate_json(client.post("/v1/triage", json={"body": REFUND, "subject": "x"}).content)
        asked = [one for one in model.asked if "prélevée deux fois" in json.dumps(one.body, ensure_ascii=False)]
    assert (found.engine, found.degraded) == ("model", False)
    assert found.usage.calls == 1
    assert found.usage.prompt_tokens > 0
    assert {vote.voter for vote in found.votes} >= {"keywords", "classifier", "neighbours", "model"}
    assert asked


def test_a_model_that_is_away_leaves_the_local_result_and_says_so(data_folder: Path) -> None:
    with served(data_folder) as service, service.client as client:
        local = client.post("/v1/triage", json={"body": REFUND}).json()
    with LoopbackModel() as model, served(data_folder, **asking(model)) as service, service.client as client:
        model.script("500")
        degraded = client.post("/v1/triage", json={"body": REFUND}).json()
        assert client.get("/readyz").status_code == 200
    assert degraded["degraded"] is True
    assert degraded["notes"]
    for name in ("outcome", "queue", "confidence", "alternatives", "flags"):
        assert degraded[name] == local[name]


def asking(model: LoopbackModel, timeout_s: int = 3) -> dict[str, str]:
    return {
        "model": "openai/loopback",
        "model_api_base": model.base,
        "model_api_key": "x",
        "model_deadline_s": str(2 * timeout_s),
        "model_timeout_s": str(timeout_s),
    }


def test_killed_in_a_stream_of_messages_it_triages_each_accepted_one_once(data_folder: Path) -> None:
    accepted: list[str] = []

    def hand_in(service: Served, number: int) -> None:
        message = {"external_id": f"s-{number}", "body": f"{REFUND} Dossier numéro {number}."}
        try:
            with service.client as client:
                response = client.post("/v1/messages", json=message)
        except httpx2.HTTPError:
            return
        if response.status_code == 202:
            accepted.append(f"s-{number}")

    with served(data_folder) as service, ThreadPoolExecutor(8) as callers:
        stream = [callers.submit(hand_in, service, number) for number in range(120)]
        while len(accepted) < 40:
            time.sleep(0.01)
        service.process.kill()
        for one in stream:
            one.result()
    assert 40 <= len(accepted) < 120
    end_leases(data_folder)
    with served(data_folder) as service, service.client as client:
        items = settled(client)
        for item in items[:3]:
            Triage.model_validate(client.get(f"/v1/messages/{item['id']}").json()["triage"], strict=False)
    counted = Counter(item["external_id"] for item in items)
    assert set(accepted) <= set(counted)
    assert set(counted.values()) == {1}
    assert {item["state"] for item in items} == {"triaged"}


def end_leases(data: Path) -> None:
    """As if the minute and a half had passed that a worker's silence is taken for its death after."""
    with closing(sqlite3.connect(data / DATABASE)) as connection, connection:
        connection.execute("UPDATE messages SET leased_until = '2020-01-01 00:00:00' WHERE leased_until IS NOT NULL")


def settled(client: httpx2.Client) -> list[dict[str, str]]:
    """All messages, once none waits."""
    end = time.monotonic() + 150
    while time.monotonic() < end:
        items: list[dict[str, str]] = client.get("/v1/messages?limit=200").json()["items"]
        if all(item["state"] != "received" for item in items):
            return items
        time.sleep(0.5)
    raise AssertionError("Some messages still wait.")


def test_a_plain_client_that_sends_far_too_much_is_told_so(small_folder: Path) -> None:
    """Which sends all before it reads: a connection that is closed meanwhile would be all that it saw."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with served(small_folder) as service:
        headers = {"Authorization": f"Bearer {service.key}", "Content-Type": "application/json"}
        body = json.dumps({"body": "x" * 30_000_000}).encode()
        for _ in range(3):
            with pytest.raises(urllib.error.HTTPError) as refused:
                opener.open(urllib.request.Request(f"{service.address}/v1/triage", body, headers), timeout=60)
            with refused.value as told:
                assert (told.code, json.load(told)["errors"][0]["field"]) == (413, "body")


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_a_file_of_two_megabytes_is_refused_through_a_real_socket(small_folder: Path) -> None:
    (small_folder / "large.json").write_text(json.dumps({"body": "x" * 2_100_000}), "utf-8")
    with served(small_folder) as service:
        address = f"{service.address}/v1/triage"
        for extra in ([], ["-H", "Transfer-Encoding: chunked"]):
            command = [
                "curl",
                "-s",
                "--noproxy",
                "*",
                "-w",
                "\n%{http_code}",
                "-H",
                f"Authorization: Bearer {service.key}",
            ]
            command += [*extra, "--data-binary", f"@{small_folder / 'large.json'}", address]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
            assert done.stdout.endswith("\n413"), done
