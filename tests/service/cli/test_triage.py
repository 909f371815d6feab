"""`aiguilleur triage`: one message, as a card or as JSON."""

import io
import json
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

from service.domain.triage import Triage
from tests.service.cli.conftest import Run

TEXT = "Bonjour, vous m'avez prélevée deux fois 42 € en novembre. Pouvez-vous me rembourser la deuxième fois ?"


def mail(cte: str = "quoted-printable", charset: str = "utf-8") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Claire Vasseur <claire.vasseur@example.org>"
    message["Subject"] = "Prélèvement en double"
    message.set_content(TEXT.replace("€", "euros"), cte=cte, charset=charset)
    return message


def with_html() -> EmailMessage:
    message = mail()
    message.add_alternative(f"<html><body><p>{TEXT}</p><script>x()</script></body></html>", subtype="html")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="facture.pdf")
    return message


FILES: dict[str, bytes] = {
    "quoted.eml": mail().as_bytes(),
    "latin.eml": mail("8bit", "latin-1").as_bytes(),
    "base64.eml": mail("base64").as_bytes(),
    "html.eml": with_html().as_bytes(),
    "plain.txt": TEXT.encode(),
    "windows.txt": TEXT.encode("cp1252"),
    "utf16.txt": TEXT.encode("utf-16"),
    "marked.txt": TEXT.encode("utf-8-sig"),
    "message.json": json.dumps({"subject": "Prélèvement en double", "body": TEXT}).encode(),
    "marked.json": json.dumps({"subject": "Prélèvement en double", "body": TEXT}).encode("utf-8-sig"),
    "corpus.json": json.dumps({"id": "c-1", "from": "A <a@b.fr>", "text": TEXT, "queue": "rgpd"}).encode(),
    "no_suffix": mail().as_bytes(),
}


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_is_read_as_what_it_is(run: Run, data_folder: Path, name: str) -> None:
    file = data_folder / name
    file.write_bytes(FILES[name])
    done = run("triage", file, "--json", data=data_folder)
    found = Triage.model_validate_json(done.out)
    assert (done.code, done.err) == (0, "")
    assert found.alternatives[0].queue == "remboursement"
    assert found.language == "fr"


@pytest.mark.parametrize("name", ["quoted.eml", "latin.eml", "plain.txt", "message.json"])
def test_a_pipe_is_read_as_what_stands_in_it(
    run: Run, data_folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FILES[name])))
    done = run("triage", "-", "--json", data=data_folder)
    assert json.loads(done.out)["alternatives"][0]["queue"] == "remboursement"


def test_the_card_holds_what_an_advisor_needs(run: Run, data_folder: Path) -> None:
    file = data_folder / "m.json"
    message = {"subject": "Prélèvement en double", "body": TEXT, "metadata": {"civilite": "Madame", "nom": "Vasseur"}}
    file.write_text(json.dumps(message), "utf-8")
    found = json.loads(run("triage", file, "--json", data=data_folder).out)
    card = run("triage", file, data=data_folder).out
    words = " ".join(card.replace("│", " ").split())
    assert "Remboursement" in words
    assert f"Confiance {min(99, round(100 * found['confidence']))} %" in words
    assert "mot-clé" in words
    assert "Madame Vasseur" in words
    assert found["draft"]["answers"][0] in words
    for name in found["draft"]["placeholders_left"]:
        assert f"{{{name}}}" in words
    assert found["playbook_version"] in words


def test_the_card_sends_no_command_to_the_terminal(run: Run, data_folder: Path) -> None:
    file = data_folder / "m.json"
    body = f"{TEXT} \x1b]0;pris\x07\x1b[2J\x9b31m prélevée\x1b[8m deux fois \u202e\u2066"
    file.write_text(json.dumps({"body": body, "subject": "\x1b[2J\u202eobjet", "sender": "\x1b[2JX <a@b.fr>"}), "utf-8")
    card = run("triage", file, data=data_folder).out
    assert not set(card) & {"\x1b", "\x07", "\x9b", "\u202e", "\u2066"}


def test_nothing_of_a_message_that_was_looked_at_is_stored(run: Run, data_folder: Path) -> None:
    (data_folder / "m.txt").write_text("Je m'appelle Zorglub.", "utf-8")
    run("triage", data_folder / "m.txt", data=data_folder)
    stored = b"".join(file.read_bytes() for file in data_folder.glob("aiguilleur.db*"))
    assert b"Zorglub" not in stored


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.eml", None),
        ("empty.txt", b" \n"),
        ("broken.json", b'{"body": '),
        ("wrong.json", b'{"body": 5}'),
        ("unknown.json", b'{"corps": "x"}'),
        ("list.json", b"[]"),
        ("large.eml", b"x" * 2_000_001),
    ],
)
def test_a_file_that_is_no_message_ends_with_2_and_a_sentence(
    run: Run, tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = run("triage", tmp_path / name)
    assert done.code == 2
    assert done.out == ""
    assert name in done.err
    assert "Traceback" not in done.err


def test_a_folder_is_no_message(run: Run, tmp_path: Path) -> None:
    assert run("triage", tmp_path).code == 2


def test_an_account_that_is_not_there_is_refused(run: Run, data_folder: Path) -> None:
    (data_folder / "m.txt").write_text("x", "utf-8")
    done = run("triage", data_folder / "m.txt", "--account", "nobody", data=data_folder)
    assert done.code == 2
    assert "club-horizon-auto" in done.err
