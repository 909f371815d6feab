"""Attachments over HTTP: read, named where they are not, and no danger to what else is asked."""

import base64
import time
from typing import Any

from tests.door import Door, fields_of
from tests.service.connectors.attachments import made

COVER = "Bonjour,\n\nVeuillez trouver ci-joint mon courrier.\n\nCordialement"
LETTER = "Madame, Monsieur,\n\nJe souhaite exercer mon droit d'accès à mes données personnelles, article 15 du RGPD."


def attached(*files: tuple[str, bytes]) -> list[dict[str, str]]:
    return [{"filename": name, "content_base64": base64.b64encode(content).decode()} for name, content in files]


def triaged(door: Door, location: str) -> dict[str, Any]:
    """The Triage of a message that was handed in, when the worker is done."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        case: dict[str, Any] = door.get(location).json()
        if case["state"] == "triaged":
            found: dict[str, Any] = case["triage"]
            return found
        time.sleep(0.05)
    raise AssertionError("it was not triaged in time")


def test_a_letter_in_a_file_is_routed_by_what_it_says(shared_door: Door) -> None:
    files = attached(("lettre.docx", made.word(*LETTER.split("\n\n"))))
    found = shared_door.triage(body=COVER, attachments=files)
    assert found["alternatives"][0]["queue"] == "rgpd"
    (told,) = found["attachments"]
    assert (told["filename"], told["read"], told["reason"]) == ("lettre.docx", True, "")
    assert all(one["start"] is None for one in found["evidence"] if "données" in one["text"])


def test_a_covering_letter_for_a_scan_that_cannot_be_read_goes_to_an_advisor(shared_door: Door) -> None:
    found = shared_door.triage(body=COVER, attachments=attached(("scan.png", made.picture_bomb())))
    assert (found["outcome"], found["outcome_reason"], found["draft"]) == ("abstained", "empty", None)


def test_hostile_files_are_named_and_the_message_is_triaged_all_the_same(shared_door: Door) -> None:
    files = attached(
        ("../../bombe.docx", made.billion_laughs()),
        ("image\u202e.png", made.picture_bomb()),
        ("secret.pdf", made.locked_pdf()),
        ("vide.txt", b""),
    )
    plain = shared_door.triage(body=LETTER)
    found = shared_door.triage(body=LETTER, attachments=files)
    assert found["queue"] == plain["queue"]
    told = [(one["filename"], one["read"], one["reason"]) for one in found["attachments"]]
    assert told == [
        ("bombe.docx", False, "unsafe"),
        ("image .png", False, "image"),
        ("secret.pdf", False, "encrypted"),
        ("vide.txt", False, "empty"),
    ]
    assert all(one["detail"] for one in found["attachments"])
    assert {"attachment_unread", "attachment_unsafe", "attachment_encrypted"} <= set(found["notes"])


def test_the_worker_reads_attachments_too(shared_door: Door) -> None:
    message = {"external_id": "with-file", "body": COVER, "attachments": attached(("l.txt", LETTER.encode()))}
    accepted = shared_door.post("/v1/messages", message)
    assert accepted.status_code == 202
    found = triaged(shared_door, accepted.headers["location"])
    assert found["attachments"][0]["read"]
    assert found["alternatives"][0]["queue"] == "rgpd"


def test_the_same_id_with_another_attachment_is_refused(shared_door: Door) -> None:
    message = {"external_id": "twice", "body": COVER, "attachments": attached(("l.txt", b"un"))}
    first = shared_door.triage(**message)
    assert shared_door.triage(**message)["id"] == first["id"]
    other = shared_door.post("/v1/triage", message | {"attachments": attached(("l.txt", b"deux"))})
    assert other.status_code == 409


def test_what_is_too_much_for_the_door_names_the_field(shared_door: Door) -> None:
    many = shared_door.post("/v1/triage", {"body": "x", "attachments": [{"filename": "a"}] * 21})
    assert fields_of(many) == ["attachments"]
    wrong = shared_door.post("/v1/triage", {"body": "x", "attachments": [{"name": "a"}]})
    assert fields_of(wrong) == ["attachments.0.name"]
    big = shared_door.post("/v1/triage", {"body": "x", "attachments": attached(("a", b"x" * 1_600_000))})
    assert fields_of(big, 413) == ["body"]
