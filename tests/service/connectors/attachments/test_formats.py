"""What is read of honest files, and what is said of those that are not read."""

import pytest

from service.connectors.attachments import Limits, Readers
from service.domain.attachment import File, FileText
from tests.service.connectors.attachments import made

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"


async def read(readers: Readers, content: bytes, content_type: str = "application/octet-stream") -> FileText:
    (found,) = await readers.read([File("file", content_type, content)])
    return found


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (made.pdf("Contrat résilié"), "application/pdf"),
        (made.word("Contrat", "résilié"), DOCX),
        (made.open_document("Contrat résilié"), ODT),
        ("Contrat résilié".encode(), "text/plain"),
        ("Contrat résilié".encode("cp1252"), "text/plain"),
        ("Contrat résilié".encode("utf-16"), "text/plain"),
        ("Contrat résilié".encode("utf-16-le"), "text/plain"),
        (
            "Contrat r\N{LATIN SMALL LETTER E WITH ACUTE}sili\N{LATIN SMALL LETTER E WITH ACUTE}".encode("mac-roman"),
            "text/plain; charset=macroman",
        ),
        ("<html><style>p{}</style><p>Contrat <b>résilié</b></p><script>x</script></html>".encode(), "text/html"),
        (
            b"Subject: x\r\n\r\nContrat r=E9sili=E9".replace(
                b"\r\n\r\n",
                b"\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Type: text/plain; charset=latin-1\r\n\r\n",
            ),
            "message/rfc822",
        ),
    ],
)
async def test_the_words_of_a_file_are_read_whatever_its_format(
    readers: Readers, content: bytes, content_type: str
) -> None:
    found = await read(readers, content, content_type)
    assert found.text.split() == ["Contrat", "résilié"]
    assert found.reason == ""


async def test_pages_are_counted_and_a_table_is_read_row_by_row(readers: Readers) -> None:
    assert (await read(readers, made.pdf("x", pages=3))).pages == 3
    table = await read(readers, made.word("Bonjour", row=("Contrat", "CT-12")))
    assert "Contrat \tCT-12" in table.text


async def test_deleted_and_hidden_words_of_a_document_are_not_read(readers: Readers) -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>caché</w:t></w:r>"
    shown = '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>montré</w:t></w:r>'
    deleted = "<w:del><w:r><w:delText>biffé</w:delText></w:r></w:del>"
    found = await read(readers, made.word_xml(f"<w:p>{hidden}{shown}{deleted}</w:p>"), DOCX)
    assert found.text.strip() == "montré"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (made.picture_bomb(), "image"),
        (made.nested_archive(), "archive"),
        (made.packed({"[Content_Types].xml": "", "xl/workbook.xml": ""}), "unsupported"),
        (b"{\\rtf1 Bonjour}", "unsupported"),
        (bytes(range(256)) * 9, "unsupported"),
        (made.locked_pdf(), "encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (made.pdf(""), "no_text"),
        (made.word(""), "no_text"),
        (b" \n ", "empty"),
        (b"", "empty"),
        (made.pdf("Bonjour")[:200], "corrupt"),
        (made.word("Bonjour")[:2_000], "corrupt"),
        (made.word_xml("<w:p>"), "corrupt"),
    ],
)
async def test_what_is_not_read_says_why(readers: Readers, content: bytes, reason: str) -> None:
    found = await read(readers, content)
    assert (found.reason, found.read, found.text) == (reason, False, "")


async def test_a_file_is_what_its_bytes_say_and_a_wrong_label_is_told(readers: Readers) -> None:
    found = await read(readers, made.pdf("Bonjour"), "text/plain")
    assert (found.text, found.read, found.reason) == ("Bonjour", True, "mislabelled")


async def test_limits_cut_and_refuse() -> None:
    readers = Readers(Limits(size=100_000, files=3, pages=2, chars=5, seconds=20.0), processes=1)
    try:
        big, long, many = File("", "", b"x" * 100_001), File("", "", b"Bonjour"), File("", "", made.pdf("ab", pages=3))
        found = await readers.read([big, long, many, long])
    finally:
        readers.close()
    assert [one.reason for one in found] == ["too_large", "truncated", "truncated", "too_many"]
    assert found[1].text == "Bonjo"
    assert found[2].pages == 3


async def test_text_that_the_caller_read_needs_no_process() -> None:
    readers = Readers(Limits(), processes=1)
    (found,) = await readers.read([File("a.pdf", "application/pdf", text="Bonjour")])
    assert found.text == "Bonjour"
    assert readers.pids == ()
    readers.close()
