"""Files for tests, made here: good ones and hostile ones."""

import io
import zipfile
import zlib
from collections.abc import Mapping

import docx

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ODF = "urn:oasis:names:tc:opendocument:xmlns"


def pdf(text: str, pages: int = 1, stream: bytes | None = None, trailer: str = "") -> bytes:
    """`pages` pages that show the same text; or whose content is a packed `stream`."""
    shown = " ".join(f"({line}) Tj T*" for line in text.split("\n"))
    content = f"BT /F1 12 Tf 72 720 Td 14 TL {shown} ET".encode("cp1252")
    packed = b"" if stream is None else b"/Filter /FlateDecode "
    content = content if stream is None else stream
    kids = " ".join(f"{number} 0 R" for number in range(5, 5 + pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} /MediaBox [0 0 612 792] "
        "/Resources << /Font << /F1 3 0 R >> >> >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< %s/Length %d >>\nstream\n%s\nendstream" % (packed, len(content), content),
    ]
    objects += [b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>"] * pages
    return _written(objects, trailer)


def _written(objects: list[bytes], trailer: str) -> bytes:
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF".encode())
    return out.getvalue()


def locked_pdf() -> bytes:
    """One that asks for a password."""
    keys = "/Filter /Standard /V 2 /R 3 /Length 128 /P -44"
    return pdf(
        "secret", trailer=f"/Encrypt << {keys} /O <{'41' * 32}> /U <{'42' * 32}> >> /ID [<{'43' * 16}> <{'43' * 16}>]"
    )


def word(*paragraphs: str, row: tuple[str, ...] = ()) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if row:
        cells = document.add_table(1, len(row)).rows[0].cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word_xml(body: str, declared: str = "") -> bytes:
    """A Word file whose document has this body, and this before it."""
    return packed({"word/document.xml": f'{declared}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'})


def open_document(*paragraphs: str) -> bytes:
    lines = "".join(f"<t:p>{paragraph}</t:p>" for paragraph in paragraphs)
    content = f'<o:document xmlns:o="{ODF}:office:1.0" xmlns:t="{ODF}:text:1.0"><o:body>{lines}</o:body></o:document>'
    return packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def billion_laughs() -> bytes:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return word_xml("<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", f"<!DOCTYPE w [{entities}]>")


def foreign_entity() -> bytes:
    return word_xml("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>')


def swelling_word(megabytes: int) -> bytes:
    """Some kilobytes that unpack to so many megabytes."""
    return word_xml("<w:p/>" + " " * (megabytes * 1024 * 1024))


def swelling_pdf(megabytes: int) -> bytes:
    """A page whose packed content unpacks to so many megabytes of drawing."""
    return pdf("", stream=zlib.compress(b"0 0 m 9 9 l S " * (megabytes * 1024 * 1024 // 14), 9))


def nested_word(depth: int) -> bytes:
    return word_xml("<w:sdt>" * depth + "<w:p><w:r><w:t>au fond</w:t></w:r></w:p>" + "</w:sdt>" * depth)


def nested_archive() -> bytes:
    return packed({"inside.zip": packed({"inside.zip": packed({"word.txt": "mot"})})})


def picture_bomb() -> bytes:
    """A PNG that says it is 60,000 pixels high and wide."""
    head = (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + len(head).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
