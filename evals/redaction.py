"""How much of the labelled personal data is found, and how much of what is found is personal data.

`python -m evals.personal` prints it for the reference account and for hard messages. By strings: a labelled string is
found where all its telling words lie inside placeholders at each place where the string stands; a placeholder is
right where what it replaced overlaps a labelled string.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from service.domain.confirmed import Confirmed
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.domain.redacted import Redacted, Vault
from service.pipeline.clean import clean
from service.pipeline.redact import redact
from service.pipeline.redact.words import fold, words

_PLACEHOLDER = re.compile(r"\[\[([A-Z_]+)_\d+\]\]")
_WORD = re.compile(r"[^\W_]+")
_SHAPES = (
    ("email", re.compile(r".*@.*")),
    ("iban", re.compile(r"[A-Z]{2}\d{2}[\dA-Z ]{8,}", re.I)),
    ("plate", re.compile(r"[A-Z]{2}[ .-]?\d{3}[ .-]?[A-Z]{2}|\d{1,4} ?[A-Z]{2,3} ?\d{2}", re.I)),
    ("date", re.compile(r"\d{1,2}[./ -]\d{1,2}[./ -]\d{2,4}|\d{1,2} [^\W\d]+ (?:19|20)\d{2}")),
    ("phone", re.compile(r"\+[\d .()/-]{8,}|0[\d .()/-]{9,16}")),
    ("address", re.compile(r".*\b\d{5}\b.*[^\W\d]{3}.*|\d.*[^\W\d]{4}.*", re.S)),
    ("name", re.compile(r"\D*")),
    ("number", re.compile(r".*", re.S)),
)


@dataclass
class Share:
    """`right` of `n`."""

    right: int = 0
    n: int = 0

    @property
    def value(self) -> float | None:
        return round(self.right / self.n, 4) if self.n else None

    def count(self, right: bool) -> None:
        self.n += 1
        self.right += right


@dataclass
class RedactionScore:
    """Recall by the kind of the labelled string; precision by the kind of the placeholder."""

    messages: int = 0
    recall: Share = field(default_factory=Share)
    precision: Share = field(default_factory=Share)
    recall_by_kind: dict[str, Share] = field(default_factory=dict)
    precision_by_kind: dict[str, Share] = field(default_factory=dict)
    missed: list[tuple[str, str]] = field(default_factory=list)
    wrong: list[tuple[str, str]] = field(default_factory=list)


def score(confirmed: Iterable[Confirmed], playbook: Playbook) -> RedactionScore:
    """Cleans and redacts each message and compares with its `pii`."""
    total = RedactionScore()
    for one in confirmed:
        redacted, vault = redact(clean(one.message), one.message, playbook)
        count(total, one, redacted, vault)
    return total


def count(
    total: RedactionScore, one: Confirmed, redacted: Redacted, vault: Vault, kinds: Mapping[str, str] | None = None
) -> None:
    """Adds one message's labelled strings and placeholders to the total. `kinds`: of the strings, where known."""
    total.messages += 1
    message_id = str(one.message.external_id)
    replaced = list(_replaced(one.message, redacted, vault))
    covered = _covered(one.message, redacted)
    readable = " ".join(f"{redacted.subject}\n{redacted.text}".split())
    for label in dict.fromkeys(one.pii):
        found = _is_found(label, one.message.body, covered, readable)
        total.recall.count(found)
        kind = kinds[label] if kinds else kind_of(label)
        total.recall_by_kind.setdefault(kind, Share()).count(found)
        if not found:
            total.missed.append((message_id, label))
    labels = [_squeezed(label) for label in one.pii]
    for kind, value in dict.fromkeys(replaced):
        right = any(_squeezed(value) in label or label in _squeezed(value) for label in labels)
        total.precision.count(right)
        total.precision_by_kind.setdefault(kind, Share()).count(right)
        if not right:
            total.wrong.append((message_id, f"{kind}: {value}"))


def kind_of(label: str) -> str:
    """The kind of a labelled string, by its shape."""
    return next(kind for kind, shape in _SHAPES if shape.fullmatch(label.strip()))


def _replaced(message: Message, redacted: Redacted, vault: Vault) -> Iterator[tuple[str, str]]:
    """Kind and replaced words of each placeholder in the text (as received) and in the subject."""
    for found in _PLACEHOLDER.finditer(redacted.text):
        source = redacted.alignment.to_source(*found.span())
        yield found[1], message.body[slice(*source)] if source else vault.values[found[0]]
    for found in _PLACEHOLDER.finditer(redacted.subject):
        yield found[1], vault.values[found[0]]


def _covered(message: Message, redacted: Redacted) -> bytearray:
    """One byte a character of the body: 1 inside of a placeholder."""
    covered = bytearray(len(message.body))
    for found in _PLACEHOLDER.finditer(redacted.text):
        source = redacted.alignment.to_source(*found.span())
        if source:
            covered[source[0] : source[1]] = b"\x01" * (source[1] - source[0])
    return covered


def _is_found(label: str, body: str, covered: bytearray, readable: str) -> bool:
    places = [found.start() for found in re.finditer(rf"(?<!\w){re.escape(label)}(?!\w)", body)]
    if not places or " ".join(label.split()) not in readable:
        return " ".join(_WORD.findall(label)) not in " ".join(_WORD.findall(readable)) and _covers(
            label, places, covered
        )
    return False


def _covers(label: str, places: Sequence[int], covered: bytearray) -> bool:
    lists = words()
    for found in _WORD.finditer(label):
        word = fold(found[0])
        small = word in lists.titles or word in lists.particles or word in lists.conjunctions
        if not small and not all(any(covered[at + found.start() : at + found.end()]) for at in places):
            return False
    return True


def _squeezed(text: str) -> str:
    return "".join(_WORD.findall(fold(text)))


def summary(total: RedactionScore) -> dict[str, object]:
    """What a run's summary says: recall and precision, in all and by kind."""
    return {
        "messages": total.messages,
        "recall": total.recall.value,
        "precision": total.precision.value,
        "recall_by_kind": {
            kind: asdict(share) | {"value": share.value} for kind, share in sorted(total.recall_by_kind.items())
        },
        "precision_by_kind": {
            kind: asdict(share) | {"value": share.value} for kind, share in sorted(total.precision_by_kind.items())
        },
    }
