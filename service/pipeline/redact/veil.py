"""A Triage without the personal data of its message, for run folders and reports: offsets stay true."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from service.domain.message import Message
from service.domain.redacted import Vault
from service.domain.triage import Triage
from service.pipeline.redact.words import fold, words

VEIL = "•"
_KEPT = frozenset(
    {"id", "account", "engine", "outcome", "outcome_reason", "queue", "kind", "voter", "language", "versions", "usage"}
    | {"external_id", "created_at", "joins_until", "severity", "ref", "source", "sources", "answers", "answered_by"}
    | {"flags", "secondary", "notes", "situation", "situations", "placeholders_left", "answers_ranked", "traces"}
    | {"message_hash", "playbook_version", "alternatives", "content_type", "scores", "code"}
)
"""Ids, codes and numbers. Whatever else a Triage holds may be a customer's words."""

_CHUNK = re.compile(r"[^\W_]+")
_LEAST = 3


def veiled(triage: Triage, message: Message, vault: Vault) -> Triage:
    """Each piece of personal data that the vault or the message's own fields name is as many dots, however it is
    spaced, and also where only a part of a name stands."""
    hidden = _hidden(message, vault)
    if hidden is None:
        return triage
    return Triage.model_validate(_veil(triage.model_dump(), hidden))


def _veil(value: Any, hidden: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return hidden.sub(lambda found: VEIL * len(found[0]), value)
    if isinstance(value, Mapping):
        return {name: one if name in _KEPT else _veil(one, hidden) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_veil(one, hidden) for one in value)
    return value


def _hidden(message: Message, vault: Vault) -> re.Pattern[str] | None:
    found = {*_of_vault(vault), *(_loosely(value) for value in _told(message))} - {""}
    every = sorted(found, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(every)})(?!\w)", re.I) if every else None


def _told(message: Message) -> Iterator[str]:
    yield from (message.sender.name, message.sender.address)
    yield from (file.filename for file in message.attachments)
    yield from message.metadata.values()


def _of_vault(vault: Vault) -> Iterator[str]:
    small = words()
    for placeholder, value in vault.values.items():
        yield _loosely(value)
        if placeholder.startswith("[[PERSONNE_"):
            names = [one for one in re.findall(r"[^\W\d_]+", value) if len(one) >= _LEAST]
            yield from (re.escape(one) for one in names if fold(one) not in small.titles | small.particles)


def _loosely(value: str) -> str:
    """A pattern for a value with other blanks and marks between its pieces; nothing for one too short to tell."""
    chunks = _CHUNK.findall(value)
    if sum(len(chunk) for chunk in chunks) < _LEAST:
        return ""
    pieces = chunks if len(chunks) > 1 or not value.isdigit() else list(value)
    return r"[\W_]{0,3}".join(map(re.escape, pieces))
