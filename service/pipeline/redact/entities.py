"""Which finds are one entity, and which placeholder it gets."""

from dataclasses import dataclass, field

from service.pipeline.redact.sender import Sender
from service.pipeline.redact.spans import Span


@dataclass(slots=True)
class Person:
    placeholder: str
    names: set[str]
    initials: set[str]


@dataclass(slots=True)
class Register:
    """Hands out placeholders, numbered from 1 within each kind; the longest spelling is kept as the value."""

    values: dict[str, str] = field(default_factory=dict)
    _known: dict[tuple[str, str], str] = field(default_factory=dict)
    _persons: list[Person] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)
    _fixed: set[str] = field(default_factory=set)

    def enter(self, kind: str, key: str, value: str) -> str:
        """The placeholder of an entity known beforehand; its value stays as given here."""
        placeholder = self._person(key, value) if kind == "PERSONNE" else self._other(kind, key, value)
        self._fixed.add(placeholder)
        return placeholder

    def placeholder(self, span: Span, value: str, sender: Sender) -> str:
        if span.kind == "PERSONNE":
            return self._person(_corrected(span.key, sender), value)
        return self._other(span.kind, span.key, value)

    def _other(self, kind: str, key: str, value: str) -> str:
        placeholder = self._known.get((kind, key))
        if placeholder is None:
            placeholder = self._known[kind, key] = self._new(kind, value)
        return placeholder

    def _person(self, key: str, value: str) -> str:
        words = [word for word in key.split() if word]
        names = {word for word in words if len(word) > 1}
        initials = {word[0] for word in words if len(word) == 1}
        for person in self._persons:
            if _same(person, names, initials):
                person.names |= names
                self._keep_longer(person.placeholder, value)
                return person.placeholder
        placeholder = self._new("PERSONNE", value)
        self._persons.append(Person(placeholder, names, initials))
        return placeholder

    def _keep_longer(self, placeholder: str, value: str) -> None:
        if placeholder not in self._fixed and len(value) > len(self.values[placeholder]):
            self.values[placeholder] = value

    def _new(self, kind: str, value: str) -> str:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        placeholder = f"[[{kind}_{self._counts[kind]}]]"
        self.values[placeholder] = value
        return placeholder


def _same(person: Person, names: set[str], initials: set[str]) -> bool:
    """One name's words hold the other's, and initials fit the words that stand for them."""
    if not names or not (names <= person.names or person.names <= names):
        return False
    others = {word[0] for word in person.names - names} | person.initials
    return not initials or not others or initials <= others


def _corrected(key: str, sender: Sender) -> str:
    """Words that are a slip or a part of the sender's names, as the sender writes them."""
    if not sender.names:
        return key
    return " ".join(_closest(word, sender) for word in key.split())


def _closest(word: str, sender: Sender) -> str:
    if word in sender.names or len(word) < 5:
        return word
    slips = [name for name in sender.names if sender.slips(word, name)]
    return slips[0] if slips else word
