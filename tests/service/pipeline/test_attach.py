"""What a Triage says of attachments, and what a draft takes from them."""

from collections.abc import Sequence

from service.domain.attachment import File, FileText
from service.domain.message import Attachment, Message
from service.phrases import load_phrases
from service.pipeline.attach import attach
from service.pipeline.clean import clean
from service.pipeline.draft.filling import Filler
from service.pipeline.redact import redact
from service.settings import PROMPTS
from tests.service.samples import a_playbook

PHRASES = load_phrases(PROMPTS, "fr")
ASK = "Bonjour, pouvez-vous m'envoyer une attestation pour mon contrat ? Elle manque à mon dossier de voyage."


class Scripted:
    """A `service.ports.FileReader` that says what it is told to."""

    def __init__(self, *found: FileText) -> None:
        self._found = found

    async def read(self, files: Sequence[File]) -> Sequence[FileText]:
        return self._found[: len(files)]


def with_files(*names: str, body: str = ASK) -> Message:
    return Message(body=body, attachments=tuple(Attachment(filename=name, content_type="x/y") for name in names))


async def test_each_file_is_told_with_its_reason_as_a_sentence_and_as_a_code() -> None:
    message = with_files("a.pdf", "b.pdf", "c.pdf")
    reader = Scripted(FileText("Bonjour", 2), FileText(reason="encrypted"), FileText("mots", 40, "truncated"))
    cleaned, told = await attach(message, clean(message), reader, PHRASES)
    assert [(one.filename, one.read, one.pages, one.characters) for one in told] == [
        ("a.pdf", True, 2, 7),
        ("b.pdf", False, None, 0),
        ("c.pdf", True, 40, 4),
    ]
    assert told[0].detail == ""
    assert "mot de passe" in told[1].detail
    assert cleaned.notes == ("attachment_unread", "attachment_encrypted", "attachment_truncated")


async def test_what_a_file_says_is_redacted_like_all_else_and_its_number_fills_an_answer() -> None:
    message = with_files("contrat.pdf")
    paper = "CONTRAT\nContrat n° CT-448120\nTéléphone du garage : 04 65 71 10 10\nMadame Odile Perrachon"
    cleaned, _ = await attach(message, clean(message), Scripted(FileText(paper)), PHRASES)
    redacted, vault = redact(cleaned, message, a_playbook())
    assert not any(personal in redacted.text for personal in ("448120", "65 71", "Perrachon"))
    filled = Filler(message, redacted, vault, a_playbook()).fill("{numero_contrat} / {telephone}", "fr")
    assert filled.text == "CT-448120 / {telephone}"


async def test_a_number_in_the_message_goes_before_one_in_a_file() -> None:
    message = with_files("contrat.pdf", body=f"{ASK} Mon contrat n° CT-111222.")
    cleaned, _ = await attach(message, clean(message), Scripted(FileText("Contrat n° CT-448120")), PHRASES)
    redacted, vault = redact(cleaned, message, a_playbook())
    assert Filler(message, redacted, vault, a_playbook()).fill("{numero_contrat}", "fr").text == "CT-111222"


def test_a_message_with_another_attachment_is_another_message() -> None:
    one, other = with_files("a.pdf"), with_files("b.pdf")
    assert one.fingerprint != other.fingerprint
    assert one.fingerprint == with_files("a.pdf").fingerprint
