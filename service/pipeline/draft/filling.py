"""Fills the `{placeholders}` of a canned answer from the metadata and from what the message says."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from service.domain.answers import PLACEHOLDER
from service.domain.cleaned import Part
from service.domain.message import Message
from service.domain.moment import day_of
from service.domain.playbook import Playbook
from service.domain.redacted import Redacted, Vault
from service.domain.situation import FACT, SLOTS
from service.pipeline.clean.pointing import pointing
from service.pipeline.draft.rules import Rules, rules
from service.pipeline.draft.slots import call_slots, dated, written
from service.pipeline.redact.words import fold, words

if TYPE_CHECKING:  # it reads with words of the check, which reads drafts
    from service.pipeline.told import Told

_TOKEN = re.compile(r"\[\[([A-Z_]+)_\d+\]\]")
_LONGEST_NAME, _LONGEST_VALUE = 80, 200
_TITLE = re.compile(r"([^\W\d_]{1,12})\.?[ \xa0]{1,2}$")


EARLIER, SINCE = "date_precedente", "depuis_quand"
"""Placeholders for the day on which a chaser's earlier message was sent, and for since when its sender waits."""
WAITS = (EARLIER, SINCE)


class Filled(NamedTuple):
    """A text with what could be filled in, and where that comes from: `message`, `account`."""

    text: str
    sources: tuple[str, ...]


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
    now: datetime | None = None
    earlier: Callable[[], "Told | None"] = lambda: None
    computed: dict[str, None] = field(default_factory=dict)
    """What was worked out and stands in no source, in the order in which it was used."""
    _values: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def fill(self, text: str, language: str) -> Filled:
        said = with_facts(text, self.playbook)
        sources = {"account"} if said != text else set()
        parts: list[str] = []
        at = 0
        for found in PLACEHOLDER.finditer(said):
            value = self._value(found[1], language, said[max(0, found.start() - 40) : found.start()])
            parts += [said[at : found.start()], found[0] if value is None else value]
            at = found.end()
            if value is not None:
                sources.add("account" if found[1] in SLOTS else "message")
        return Filled("".join([*parts, said[at:]]), tuple(sorted(sources)))

    def name_of(self, language: str) -> tuple[str | None, str | None]:
        """Civility and name of the sender, as far as they are known."""
        return self._value("civilite", language, ""), self._value("nom", language, "")

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
        if name in SLOTS or name in WAITS:
            return self._computed(self._slots(language) if name in SLOTS else self._earlier(name, language))
        if name == "civilite":
            return self._civility(language)
        if name == "nom":
            return self._name(with_title=self._value("civilite", language, "") is not None)
        return self._of_kind(name)

    def _civility(self, language: str) -> str | None:
        """As the sender's name is introduced by himself, or by whoever wrote to him before."""
        titles = rules().titles.get(language, {})
        shown = fold(self.message.sender.name).split()
        if len(shown) > 3 and shown[1] in rules().couples["words"] and _is_title(shown[0]) and _is_title(shown[2]):
            return str(rules().couples.get(language, "")) or None
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
        parts = [part for part in self.vault.values[self.redacted.sender].split() if not _is_title(part)]
        while parts and fold(parts[0]) in rules().couples["words"]:
            parts = parts[1:]
        if not with_title:
            return " ".join(_cased(parts))[:_LONGEST_NAME] if _is_persons(parts) else None
        loud = [part for part in parts if len(part) > 1 and part.isupper()]
        if loud and len(loud) < len(parts):
            return " ".join(loud)
        first = fold(parts[0]).partition("-")[0] if len(parts) > 1 else ""
        if first in lists.first_names or first in lists.ambiguous:
            parts = parts[1:]
        return " ".join(parts)[:_LONGEST_NAME] or None

    def _date(self, language: str, before: str) -> str | None:
        if self.repeated or not fold(before).rstrip().endswith(rules().own_dates):
            return None
        return dated(self._received, language)

    @property
    def _received(self) -> date:
        return day_of(self.message.received_at, ZoneInfo(self.playbook.timezone))

    def _earlier(self, name: str, language: str) -> str | None:
        """The year is said where it is another one."""
        told = self.earlier()
        if told is None or (name == EARLIER and not told.message):
            return None
        other = told.day is not None and told.day.year != self._received.year
        day = dated(told.day, language, with_year=other) if told.day else None
        return day if name == EARLIER else told.said(day, language)

    def _slots(self, language: str) -> str | None:
        if self.now is None or self.playbook.calls is None:
            return None
        return written(call_slots(self.playbook.calls, self.playbook.timezone, self.now), language)

    def _computed(self, value: str | None) -> str | None:
        if value:
            self.computed[value] = None
        return value

    def _of_kind(self, name: str) -> str | None:
        kinds = rules().kinds.get(name)
        if not kinds:
            return None
        for text in self._texts(name):
            found = {f[0] for f in _TOKEN.finditer(text) if f[1] in kinds}
            others = {token for token in found if self.vault.values[token] != self.message.sender.address}
            if len(others) > 1:
                return None
            if others:
                return _shown(self.vault.values[others.pop()], rules().endings.get(name))
        return self.message.sender.address or None if "EMAIL" in kinds else None

    def _texts(self, name: str) -> Iterator[str]:
        """Where to look, one after the other. A file's phone number may be anybody's; its contract is the one meant."""
        yield f"{self.redacted.subject}\n{self.redacted.own}"
        files = [segment for segment in self.redacted.segments if segment.part is Part.ATTACHED]
        yield self.redacted.text[: files[0].start] if files else self.redacted.text
        if files and name in pointing().fills:
            yield "\n".join(self.redacted.text[segment.start : segment.end] for segment in files)


def with_facts(text: str, playbook: Playbook) -> str:
    """The text with the account's facts in the place of `{facts.…}`."""
    return FACT.sub(lambda found: _fact(found, playbook), text)


def _fact(found: re.Match[str], playbook: Playbook) -> str:
    """The account's fact at that path, or the placeholder as it is."""
    fact: object = playbook.facts
    for name in found[1].split(".")[1:]:
        fact = fact.get(name) if isinstance(fact, dict) else None
    return str(fact) if isinstance(fact, str | int | float) else found[0]


def _is_persons(parts: Sequence[str]) -> bool:
    """Not a company's, and not what stands before the @ of an address."""
    if any(fold(part) in words().organisations for part in parts):
        return False
    return len(parts) > 1 or (len(parts) == 1 and parts[0].isalpha() and not parts[0].islower())


def _cased(parts: Sequence[str]) -> Iterator[str]:
    """Small letters throughout are only how it was typed."""
    typed = all(part.islower() for part in parts)
    for part in parts:
        small = not typed or part in words().particles
        yield part if small else "-".join(piece.capitalize() for piece in part.split("-"))


def _is_title(word: str) -> bool:
    return fold(word).rstrip(".") in words().titles


def _shown(value: str, ending: int | None) -> str:
    return "".join(value.split())[-ending:] if ending else " ".join(value.split())[:_LONGEST_VALUE]


def _given(metadata: Mapping[str, str], name: str, known: Rules) -> str | None:
    for key in (name, *known.metadata.get(name, ())):
        if value := metadata.get(key, "").strip():
            return value
    return None
