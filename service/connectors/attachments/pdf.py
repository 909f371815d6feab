"""The text of a PDF, page by page, by pdfium."""

import pypdfium2 as pdfium
from pypdfium2 import raw

from service.connectors.attachments.limits import Limits
from service.domain.attachment import FileText


def read_pdf(content: bytes, limits: Limits) -> FileText:
    """`no_text` where its pages are pictures. A password that is not the empty one makes it `encrypted`."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        return FileText(reason="encrypted" if error.err_code == raw.FPDF_ERR_PASSWORD else "corrupt")
    with document:
        pages = len(document)
        texts: list[str] = []
        left = limits.chars
        for number in range(min(pages, limits.pages)):
            if left <= 0:
                break
            text = _page(document, number)
            texts.append(text)
            left -= len(text)
    text = "\n\n".join(texts)
    if not any(map(str.isalnum, text)):
        return FileText(pages=pages, reason="no_text" if pages else "corrupt")
    return FileText(text, pages, "truncated" if pages > limits.pages or left <= 0 else "")


def _page(document: pdfium.PdfDocument, number: int) -> str:
    """A broken page is as good as empty: the others may be whole."""
    try:
        page = document[number]
        found = page.get_textpage().get_text_bounded()
    except pdfium.PdfiumError:
        return ""
    return str(found).replace("\r\n", "\n")
