"""A lead changes the playbook without any script: checked, previewed, proven, put in force, brought back."""

import asyncio
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from service.doors import create_doors
from service.storage.migrate import migrate
from service.wiring import build_desk
from tests.conftest import GivenSettings
from tests.door import Door
from tests.service.small_account import write_account
from tests.service.web.browser import Browser, as_person, text_of

ACCOUNT, FILE = "petit", "queues/factures.yaml"
HOME = f"/playbooks?account={ACCOUNT}"
HOSTILE = "<script>alert(1)</script> \u202e </textarea><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def petit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Two small accounts that nothing was learned for, and no background work: the tests do the trials."""
    folder = tmp_path_factory.mktemp("petit")
    desk = build_desk(GivenSettings(data=folder / "data", works=False), index=False)
    migrate(desk.database)
    for account in (ACCOUNT, "autre"):
        asyncio.run(desk.import_folder(write_account(folder / account, account), by="test"))
    with TestClient(create_doors(desk), raise_server_exceptions=False) as client:
        yield Door(client, desk)


@pytest.fixture(scope="module")
def lea(petit: Door) -> Browser:
    return as_person(petit, "lead", "Léa")


def begun(browser: Browser, title: str = "Factures") -> str:
    """The address of a new edition."""
    response = browser.post("/playbooks/editions", page=HOME, account=ACCOUNT, title=title)
    assert response.status_code == 200, response.text
    return response.url.path


def write(browser: Browser, edition: str, file: str = FILE, **fields: str) -> str:
    """What is read after a form of the file was sent with these fields changed."""
    page = f"{edition}/file?name={file}"
    shown = dict(re.findall(r'name="was\.([\w.]+)" value="([^"]*)"', browser.get(page).text))
    sent = {f"was.{name}": value.replace("&#34;", '"') for name, value in shown.items()}
    return text_of(browser.post(page, page=page, **sent, **{f"now.{name}": value for name, value in fields.items()}))


def done(petit: Door, browser: Browser, trial: str) -> str:
    """What the trial's page says when it is done; before, it follows the trial without a script."""
    assert '<noscript><meta http-equiv="refresh"' in browser.get(trial).text
    trials = petit.desk.editor.trials
    taken = asyncio.run(trials.take("test"))
    assert taken is not None
    assert "En cours 0 %" in text_of(browser.get(trial))
    assert asyncio.run(trials.run(taken, "test")) == "done"
    return text_of(browser.get(trial))


def test_a_lead_cures_a_mistake_proves_puts_in_force_and_brings_back(petit: Door, lea: Browser) -> None:
    before = asyncio.run(petit.desk.playbooks.active(ACCOUNT)).version
    edition = begun(lea)
    told = write(lea, edition, keywords="facture\nnote de frais 2")
    assert "Ligne 2" in told
    assert 'Écrivez "note de frais 2"' in told
    assert "À corriger avant de prouver (1)" in text_of(lea.get(edition))
    assert "Factures" in text_of(lea.post(f"{edition}/prove", page=edition))
    assert write(lea, edition, keywords='facture\n"note de frais" ^2').count("Ligne 2") == 0
    read = text_of(lea.get(edition))
    assert '"note de frais" ^2' in read
    assert asyncio.run(petit.desk.playbooks.active(ACCOUNT)).version == before
    trial = lea.post(f"{edition}/prove", page=edition).url.path
    proof = done(petit, lea, trial)
    assert "Preuve réussie" in proof
    assert "On ne peut pas conclure" in proof
    published = lea.post(f"{edition}/publish", page=trial, why="note de frais")
    assert "L'édition est en service" in text_of(published)
    after = asyncio.run(petit.desk.playbooks.active(ACCOUNT)).version
    assert after != before
    versions = text_of(lea.get(f"/playbooks/versions?account={ACCOUNT}"))
    assert "note de frais" in versions
    compared = text_of(lea.get(f"/playbooks/compare?account={ACCOUNT}&before={before}&after={after}"))
    assert '"note de frais" ^2' in compared
    lea.post(
        "/playbooks/restore",
        page=f"/playbooks/versions?account={ACCOUNT}",
        account=ACCOUNT,
        version=before,
        why="trop tôt",
    )
    assert asyncio.run(petit.desk.playbooks.active(ACCOUNT)).version == before


def test_a_change_is_previewed_on_a_text_and_on_a_message(petit: Door, lea: Browser) -> None:
    edition = begun(lea)
    write(lea, edition, keywords='facture\n"ma quittance" ^5')
    page = f"{edition}/preview"
    seen = text_of(lea.post(page, page=page, text="Bonjour, ma quittance est illisible."))
    assert '"ma quittance" Factures +5 de ce côté seulement' in seen
    message = petit.triage(body="Où est ma quittance ?", external_id="q-1", account=ACCOUNT)["id"]
    for name in (message, "q-1"):
        assert '"ma quittance"' in text_of(lea.post(page, page=page, message=name))
    missing = lea.post(page, page=page, message="nowhere")
    assert missing.status_code == 404
    assert "pas de message de ce numéro" in text_of(missing)
    write(lea, edition, keywords="un deux")
    assert "corrigez-les d'abord" in text_of(lea.post(page, page=page, text="Bonjour"))


def test_two_leads_who_disagree_are_asked(petit: Door, lea: Browser) -> None:
    noe = as_person(petit, "lead", "Noé")
    edition = begun(lea)
    page = f"{edition}/file?name={FILE}"
    write(lea, edition, label="Factures et reçus")
    old = {"was.label": "Factures", "now.label": "Quittances", "was.level": "1", "now.level": "2"}
    response = noe.post(page, page=page, **old)
    assert response.status_code == 409
    assert "Quelqu'un d'autre a changé la même chose" in text_of(response)
    assert 'value="Quittances"' in response.text
    form = re.findall(r'name="was\.(?:label|level)" value="([^"]*)"', response.text)
    assert form == ["Factures et reçus", "2"]
    other = begun(noe, "Autre")
    write(noe, other, label="Toutes les factures")
    merge = noe.get(f"{edition}/merge?other={other.rpartition('/')[2]}")
    assert "Désaccords : 1" in text_of(merge)
    again = noe.post(f"{edition}/merge", page=edition, other=other.rpartition("/")[2])
    assert again.status_code == 409
    key = re.findall(r'name="(choice\.[^"]+)"', merge.text)[0]
    chosen = {key: "theirs", "other": other.rpartition("/")[2]}
    assert "Tout est réuni" in text_of(noe.post(f"{edition}/merge", page=edition, **chosen))
    assert "Toutes les factures" in text_of(noe.get(page))


def test_what_is_typed_by_script_is_kept_with_its_mistakes_by_field(lea: Browser) -> None:
    edition = begun(lea)
    page = f"{edition}/file?name={FILE}"
    proof = re.findall(r'name="proof" value="(\w+)"', lea.get(page).text)[0]
    fields = {"proof": proof, "was.keywords": "facture", "now.keywords": "facture\n(", "was.level": "1"}
    headers = {"x-fragment": "1", "origin": "http://testserver", "sec-fetch-site": "same-origin"}
    said = lea.client.post(page, data=fields, headers=headers).json()
    assert [(one["field"], one["severity"]) for one in said["mistakes"]] == [("keywords", "error")]
    assert said["form"]["keywords"] == "facture\n("
    assert said["conflicts"] == []


def test_hostile_text_is_shown_as_text(lea: Browser) -> None:
    edition = begun(lea, HOSTILE)
    write(lea, edition, definition=HOSTILE, keywords=HOSTILE)
    for page in (edition, f"{edition}/file?name={FILE}", HOME, f"{edition}/merge"):
        shown = lea.get(page).text
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown


def test_advisors_and_quality_read_and_change_nothing(petit: Door, lea: Browser) -> None:
    edition = begun(lea)
    for role in ("advisor", "quality"):
        reader = as_person(petit, role)
        assert "Factures" in text_of(reader.get(HOME))
        assert "Tout sur les factures." in text_of(reader.get(f"/playbooks/read?account={ACCOUNT}&name={FILE}"))
        assert "Prouver" not in re.sub(r"\s", "", reader.get(edition).text.split("<aside")[1])
        assert reader.get(f"{edition}/file?name={FILE}").status_code == 403
    stranger = as_person(petit, "lead", only=["autre"])
    assert stranger.get(edition).status_code == 404


def test_pages_are_small_and_quick(lea: Browser) -> None:
    edition = begun(lea)
    for page in (HOME, edition, f"{edition}/file?name={FILE}", f"{edition}/file?name=account.yaml"):
        assert len(lea.get(page).content) < 200_000


def test_every_file_of_the_edition_can_be_opened(petit: Door, lea: Browser) -> None:
    edition = begun(lea)
    files = asyncio.run(petit.desk.playbooks.export(ACCOUNT))
    for name in files:
        assert lea.get(f"{edition}/file?name={name}").status_code == 200
    assert lea.get(f"{edition}/file?name=nothing.yaml").status_code == 404
