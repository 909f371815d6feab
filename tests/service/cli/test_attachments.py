"""Attachments on the command line: a raw mail with files, a file of messages, and the card."""

import base64
import json
from email.message import EmailMessage
from pathlib import Path
from typing import get_args

import pytest

from service.domain.attachment import Reason
from service.domain.triage import Triage
from service.phrases import load_phrases
from service.settings import PROMPTS
from tests.service.cli.conftest import Run
from tests.service.connectors.attachments import made

LETTER = "Madame, Monsieur,\n\nJe souhaite exercer mon droit d'accès à mes données personnelles, article 15 du RGPD."


def mail() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Claire Vasseur <claire.vasseur@example.org>"
    message.set_content("Bonjour,\n\nVeuillez trouver ci-joint mon courrier.\n\nCordialement")
    message.add_attachment(made.pdf(LETTER), maintype="application", subtype="pdf", filename="lettre.pdf")
    message.add_attachment(made.picture_bomb(), maintype="image", subtype="png", filename="photo.png")
    return message


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_reason_is_a_sentence(language: str) -> None:
    phrases = load_phrases(PROMPTS, language)
    assert [reason for reason in get_args(Reason) if reason and f"attachments.{reason}" not in phrases] == []


def test_files_of_a_raw_mail_are_read_or_named(run: Run, data_folder: Path) -> None:
    file = data_folder / "mail.eml"
    file.write_bytes(mail().as_bytes())
    found = Triage.model_validate_json(run("triage", file, "--json", data=data_folder).out)
    assert found.alternatives[0].queue == "rgpd"
    assert [(one.filename, one.read, one.pages) for one in found.attachments] == [
        ("lettre.pdf", True, 1),
        ("photo.png", False, None),
    ]
    card = run("triage", file, data=data_folder).out
    assert "lettre.pdf : lue (1 page(s)" in card
    assert "photo.png : non lue. Image" in " ".join(card.split())


def test_files_of_a_file_of_messages_are_read(run: Run, data_folder: Path) -> None:
    files = [{"filename": "l.docx", "content_base64": base64.b64encode(made.word(LETTER)).decode()}]
    source, out = data_folder / "in.jsonl", data_folder / "out.jsonl"
    source.write_text(json.dumps({"id": "1", "body": "cf. pièce jointe", "attachments": files}) + "\n")
    assert run("bulk", source, "--out", out, data=data_folder).code == 0
    found = json.loads(out.read_text())
    assert found["attachments"][0]["read"]
    assert found["alternatives"][0]["queue"] == "rgpd"
