"""Quality's pages without scripts: runs asked for and opened, samples labelled blind, settled and learned from."""

import asyncio
import re
from collections.abc import Iterator

import pytest

from service.domain.measured import EvalRun
from service.storage import eval_runs
from service.storage.database import Transaction
from service.storage.ids import new_id
from service.web.quality import REPORT_POLICY
from tests.door import Door
from tests.service.samples import NOW
from tests.service.web.browser import Browser, as_person, text_of

ACCOUNT = "club-horizon-auto"
SUMMARY = {
    "n": 40, "accuracy": 0.9, "accuracy_ci95": [0.8, 0.96], "coverage": 0.7, "routed_accuracy": 0.97,
    "macro_f1": 0.88, "ece": 0.05, "versions": {"playbook": "v1"},
}  # fmt: skip


@pytest.fixture(scope="module")
def iris(shared_door: Door) -> Browser:
    return as_person(shared_door, "quality", "Iris")


@pytest.fixture
def done_run(shared_door: Door) -> Iterator[str]:
    """A run that is done, with its report in its folder."""
    desk, run_id = shared_door.desk, new_id()
    run = EvalRun(id=run_id, account=ACCOUNT, split="locked", engine="local", by="Iris", created_at=NOW)

    def kept(transaction: Transaction) -> None:
        eval_runs.add(transaction, run.model_copy(update={"state": "done", "summary": SUMMARY}))

    asyncio.run(desk.database.write(kept))
    folder = desk.workbench.quality.runs.folder_of(run_id)
    folder.mkdir(parents=True)
    (folder / "report.html").write_text("<style>p{color:red}</style><p>Rapport</p><script>alert(1)</script>", "utf-8")
    yield run_id
    asyncio.run(desk.workbench.quality.runs.remove(ACCOUNT, run_id, "test"))


def drawn(door: Door, iris: Browser, **other: str) -> str:
    """The id of a sample of two messages, for Ada and Bob to label."""
    for body in ("=SOMME(1) Je souhaite résilier mon adhésion.", "Où est ma facture de mars ?"):
        door.triage(body=body)
    fields = {"account": ACCOUNT, "name": "Essai", "wanted": "2", "method": "simple", "first": "Ada", "second": "Bob"}
    page = iris.post("/quality/audits", page="/quality/audits", **{**fields, **other})
    found = re.search(r"/quality/audits/([0-9a-f-]{36})/remove", page.text)
    assert found, text_of(page)
    return found[1]


@pytest.fixture(scope="module")
def readers(shared_door: Door) -> dict[str, Browser]:
    return {"Ada": as_person(shared_door, "advisor", "Ada"), "Bob": as_person(shared_door, "quality", "Bob")}


def labelled(reader: Browser, audit: str, queue: str) -> None:
    path = f"/quality/audits/{audit}/label"
    page = reader.get(path)
    while message := re.search(r'name="message" value="([^"]+)"><?\s*\n?<button name="queue"', page.text):
        page = reader.post(path, message=message[1], queue=queue)


def test_a_run_is_asked_for_cancelled_and_removed(shared_door: Door, iris: Browser) -> None:
    runs = shared_door.desk.workbench.quality.runs
    page = iris.get("/quality")
    assert "Lancer une mesure" in text_of(page)
    refused = iris.post("/quality/runs", account=ACCOUNT, split="locked", engine="model")
    assert refused.status_code == 422
    assert "demande un modèle" in text_of(refused)
    run = asyncio.run(runs.want(ACCOUNT, "locked", "local", 5, "Iris"))
    iris.post(f"/quality/runs/{run.id}/cancel", page="/quality", account=ACCOUNT)
    assert asyncio.run(runs.get(ACCOUNT, run.id)).state == "cancelled"
    assert "supprimés" in text_of(iris.post(f"/quality/runs/{run.id}/remove", page="/quality", account=ACCOUNT))
    assert run.id not in iris.get("/quality").text


def test_a_report_is_shown_in_a_box_of_its_own(iris: Browser, done_run: str) -> None:
    shown = text_of(iris.get("/quality"))
    assert "90,0 %" in shown
    page = iris.get(f"/quality/runs/{done_run}/report")
    assert page.headers["content-security-policy"] == REPORT_POLICY
    assert REPORT_POLICY.startswith("sandbox; default-src 'none'")
    assert page.headers["cache-control"] == "no-store"
    assert iris.get("/quality/runs/nothing/report").status_code == 404


def test_two_people_label_blind_and_the_sample_tells_what_they_found(
    shared_door: Door, iris: Browser, readers: dict[str, Browser]
) -> None:
    audit = drawn(shared_door, iris)
    queues = asyncio.run(shared_door.desk.playbooks.active(ACCOUNT)).queues
    assert "Essai" in text_of(readers["Ada"].get("/quality/labels"))
    page = readers["Ada"].get(f"/quality/audits/{audit}/label")
    assert "Pourquoi" not in text_of(page)
    assert "<meter" not in page.text
    labelled(readers["Ada"], audit, queues[0].id)
    assert readers["Ada"].get(f"/quality/audits/{audit}/label").text.count("étiqueté, merci") == 1
    assert "quand les deux relecteurs ont fini" in text_of(readers["Bob"].get(f"/quality/audits/{audit}"))
    labelled(readers["Bob"], audit, "-")
    page = iris.get(f"/quality/audits/{audit}/disputes")
    assert "2 à trancher" in text_of(page)
    for item in asyncio.run(shared_door.desk.workbench.quality.audits.open(ACCOUNT, audit)).items:
        iris.post(f"/quality/audits/{audit}/settle", page=f"/quality/audits/{audit}/disputes",
                  message=item.message_id, queue=item.queue or "-")  # fmt: skip
    shown = text_of(iris.get(f"/quality/audits/{audit}"))
    assert "100,0 %" in shown
    assert "Accord" in shown
    told = shared_door.get(f"/v1/audits/{audit}").json()
    assert told["result"]["accuracy"]["share"] == 1.0
    assert told["result"]["provisional"] is False
    assert audit in shared_door.get("/v1/audits").text
    lines = iris.get(f"/quality/audits/{audit}/export.csv").text.splitlines()
    assert len(lines) == 3
    assert all(line.endswith(",1") for line in lines[1:])
    assert "SOMME" not in "".join(lines)
    lead = as_person(shared_door, "lead")
    taught = lead.post(f"/quality/audits/{audit}/teach", page=f"/quality/audits/{audit}")
    assert "apprendra" in text_of(taught)
    assert "n'apprend plus" in text_of(lead.post(f"/quality/audits/{audit}/unteach"))
    assert iris.post(f"/quality/audits/{audit}/teach", page="/me").status_code == 403


def test_a_sample_that_cannot_be_drawn_says_why(iris: Browser) -> None:
    page = iris.post("/quality/audits", page="/quality/audits", account=ACCOUNT, name=" ", method="simple", wanted="1")
    assert page.status_code == 422
    for sentence in ("Donnez un nom", "de 2 à 2 000", "deux personnes différentes"):
        assert sentence in text_of(page)


def test_only_a_reader_labels(shared_door: Door, iris: Browser, readers: dict[str, Browser]) -> None:
    assert readers
    audit = drawn(shared_door, iris, name="<b>Autre</b>")
    eve = as_person(shared_door, "advisor")
    assert eve.get(f"/quality/audits/{audit}/label").status_code == 403
    page = iris.get("/quality/audits")
    assert "&lt;b&gt;Autre" in page.text
    assert "supprimé" in text_of(iris.post(f"/quality/audits/{audit}/remove", page=f"/quality/audits/{audit}"))
