"""Fills the `{placeholders}` of a canned answer from the metadata and from what the message says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from zoneinfo import ZoneInfo

from service.domain.message import Message
from service.domain.playbook import Playbook
from service.domain.redacted import Redacted, Vault
from service.pipeline.draft.rules import Rules, rules
from service.pipeline.redact.words import fold, words

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]{0,40})\}")
_TOKEN = re.compile(r"\[\[([A-Z_]+)_\d+\]\]")
_LONGEST_NAME, _LONGEST_VALUE = 80, 200
_TITLE = re.compile(r"([^\W\d_]{1,12})\.?[ \xa0]{1,2}$")


class Filled(NamedTuple):
    """A text with what could be filled in, and whether anything was."""

    text: str
    changed: bool


@dataclass(slots=True)
class Filler:
    """What is known for the placeholders of one message's draft; nothing is invented.

    A value found in the message is used only where the message holds exactly one of its kind.
    """

    message: Message
    redacted: Redacted
    vault: Vault
    playbook: Playbook
    repeated: bool = False
    """The message follows up an earlier one: "your message of" may mean the earlier one."""
    _values: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def fill(self, text: str, language: str) -> Filled:
        parts: list[str] = []
        at = 0
        for found in PLACEHOLDER.finditer(text):
            value = self._value(found[1], language, text[max(0, found.start() - 40) : found.start()])
            parts += [text[at : found.start()], found[0] if value is None else value]
            at = found.end()
        filled = "".join([*parts, text[at:]])
        return Filled(filled, filled != text)

    def _value(self, name: str, language: str, before: str) -> str | None:
        if name == "date":
            return self._date(language, before)
        key = (name, language)
        if key not in self._values:
            self._values[key] = self._found(name, language)
        return self._values[key]

    def _found(self, name: str, language: str) -> str | None:
        given = _given(self.message.metadata, name, rules())
        if given:
            return given
        if name == "civilite":
            return self._civility(language)
        if name == "nom":
            return self._name(with_title=self._value("civilite", language, "") is not None)
        return self._of_kind(name)

    def _civility(self, language: str) -> str | None:
        """As the sender's name is introduced by himself, or by whoever wrote to him before."""
        titles = rules().titles.get(language, {})
        shown = fold(self.message.sender.name).split()
        if shown and shown[0].rstrip(".") in titles and len(shown) > 1:
            return titles[shown[0].rstrip(".")]
        if not self.redacted.sender.startswith("[[PERSONNE"):
            return None
        for found in re.finditer(re.escape(self.redacted.sender), self.redacted.text):
            written = _TITLE.search(self.redacted.text[max(0, found.start() - 16) : found.start()])
            title = titles.get(fold(written[1])) if written else None
            if title and written and (len(written[1]) > 2 or written[1] != written[1].lower()):
                return title
        return None

    def _name(self, with_title: bool) -> str | None:
        """The sender's name as he gives it; after a title his surname, where it can be told from his first name."""
        if not self.redacted.sender.startswith("[[PERSONNE"):
            return None
        lists = words()
        parts = [
            part
            for part in self.vault.values[self.redacted.sender].split()
            if fold(part).rstrip(".") not in lists.titles
        ]
        if not with_title:
            return " ".join(parts)[:_LONGEST_NAME] or None
        loud = [part for part in parts if len(part) > 1 and part.isupper()]
        if loud and len(loud) < len(parts):
            return " ".join(loud)
        if len(parts) > 1 and fold(parts[0]).partition("-")[0] in lists.first_names | lists.ambiguous:
            parts = parts[1:]
        return " ".join(parts)[:_LONGEST_NAME] or None

    def _date(self, language: str, before: str) -> str | None:
        months = rules().months.get(language)
        if months is None or self.repeated or not fold(before).rstrip().endswith(rules().own_dates):
            return None
        day = self.message.received_at.astimezone(ZoneInfo(self.playbook.timezone))
        first = "er" if day.day == 1 and language == "fr" else ""
        return f"{day.day}{first} {months[day.month - 1]} {day.year}"

    def _of_kind(self, name: str) -> str | None:
        kinds = rules().kinds.get(name)
        if not kinds:
            return None
        for text in (f"{self.redacted.subject}\n{self.redacted.own}", self.redacted.text):
            found = {f[0] for f in _TOKEN.finditer(text) if f[1] in kinds}
            others = {token for token in found if self.vault.values[token] != self.message.sender.address}
            if len(others) > 1:
                return None
            if others:
                return _shown(self.vault.values[others.pop()], rules().endings.get(name))
        return self.message.sender.address or None if "EMAIL" in kinds else None


def _shown(value: str, ending: int | None) -> str:
    return "".join(value.split())[-ending:] if ending else " ".join(value.split())[:_LONGEST_VALUE]


def _given(metadata: Mapping[str, str], name: str, known: Rules) -> str | None:
    for key in (name, *known.metadata.get(name, ())):
        if value := metadata.get(key, "").strip():
            return value
    return None
