"""Attach: what can be read of a message's files, beside what the message says itself."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from service.domain.attachment import AttachmentRead, File, FileText
from service.domain.cleaned import Cleaned
from service.domain.message import Message
from service.phrases import Phrases
from service.pipeline.clean.enclosed import enclosed
from service.pipeline.clean.files import files_of
from service.ports import FileReader

_TYPE_CHARS = 100
NOTE = "attachment_unread"
"""Some file was not read; a second note, `attachment_` and the reason, says why."""


async def attach(
    message: Message, cleaned: Cleaned, reader: FileReader, phrases: Phrases
) -> tuple[Cleaned, tuple[AttachmentRead, ...]]:
    """The message with what its files say, and what is to be told of each. For messages that carry files."""
    files = await asyncio.to_thread(files_of, message)
    if not files:
        return cleaned, ()
    found = await reader.read(files)
    with_files = enclosed(cleaned, (one.text for one in found if one.read))
    notes = dict.fromkeys((*(note for note in with_files.notes if note != NOTE), *_notes(found)))
    told = tuple(_told(file, one, phrases) for file, one in zip(files, found, strict=True))
    return replace(with_files, notes=tuple(notes)), told


def _notes(found: Sequence[FileText]) -> list[str]:
    unread = dict.fromkeys(f"attachment_{one.reason}" for one in found if not one.read)
    partly = dict.fromkeys(f"attachment_{one.reason}" for one in found if one.read and one.reason)
    return [*([NOTE] if unread else []), *unread, *partly]


def _told(file: File, found: FileText, phrases: Phrases) -> AttachmentRead:
    return AttachmentRead(
        filename=file.filename,
        content_type=file.content_type[:_TYPE_CHARS],
        read=found.read,
        pages=found.pages,
        characters=len(found.text),
        reason=found.reason,
        detail=phrases(f"attachments.{found.reason}") if found.reason else "",
    )
