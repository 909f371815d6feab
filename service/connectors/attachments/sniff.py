"""What a file is, by its first bytes; what it is called decides nothing but between kinds of text."""

from io import BytesIO
from typing import Literal
from zipfile import BadZipFile, ZipFile

Kind = Literal["pdf", "docx", "odt", "html", "mail", "text", "image", "archive", "encrypted", "corrupt", "unsupported"]

_HEAD = 1_024
_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00")
_IMAGE_BRANDS = (b"WEBP", b"heic", b"heix", b"mif1", b"avif")
_ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"MSCF")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body")
_UNICODE = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_MOST_CONTROLS = 0.02


def sniffed(content: bytes, content_type: str) -> Kind:
    """`content_type` as announced."""
    head = content[:_HEAD]
    if b"%PDF-" in head:
        return "pdf"
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(content)
    if content.startswith(_OLE):
        return "encrypted" if _ENCRYPTED_OFFICE in content else "unsupported"
    if content.startswith(_ARCHIVES):
        return "archive"
    if content.startswith(_IMAGES) or head[8:12] in _IMAGE_BRANDS:
        return "image"
    return _written(content, content_type.partition(";")[0].strip().lower())


def announced(kind: Kind, content_type: str) -> bool:
    """Whether a file that was read is what it was announced as; one that is announced as nothing much is."""
    said = content_type.partition(";")[0].strip().lower()
    if said in {"", "application/octet-stream", "application/x-download", "application/force-download"}:
        return True
    wanted = {"pdf": "pdf", "docx": "word", "odt": "opendocument", "html": "html", "mail": "rfc822", "text": "text"}
    return wanted[kind] in said or (kind == "text" and said.endswith(("json", "xml", "csv", "yaml", "rtf")))


def _packed(content: bytes) -> Kind:
    """Office documents are archives too; no other archive is opened."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = frozenset(archive.namelist())
            first = archive.infolist()[0] if names else None
            is_odt = first is not None and first.filename == "mimetype" and "content.xml" in names
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        return "corrupt"
    if "word/document.xml" in names:
        return "docx"
    if is_odt:
        return "odt"
    return "unsupported" if "[Content_Types].xml" in names else "archive"


def _written(content: bytes, said: str) -> Kind:
    if content.startswith(b"{\\rtf"):
        return "unsupported"
    if not _is_text(content[: 64 * _HEAD]):
        return "unsupported"
    if said == "message/rfc822":
        return "mail"
    lowered = content[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "html" if said in {"text/html", "application/xhtml+xml"} or lowered.startswith(_MARKUP) else "text"


def _is_text(head: bytes) -> bool:
    if head.startswith(_UNICODE):
        return True
    controls = sum(head.count(bytes([code])) for code in range(32) if code not in b"\t\n\r\x0c\x1b")
    if 0 in head:  # two bytes a letter, most of them with a nought
        halves = max(head[0::2].count(0), head[1::2].count(0))
        return halves * 4 > len(head) and controls - head.count(0) <= _MOST_CONTROLS * len(head)
    return controls <= _MOST_CONTROLS * len(head)
