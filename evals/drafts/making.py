"""Faithful drafts of canned answers, and drafts with one planted fault each. Deterministic."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from service.domain.answers import PLACEHOLDER, CannedAnswer
from service.yaml_file import read_yaml

RULES = Path(__file__).parent / "rules.yaml"
_STYLES = ("formats", "words", "synonyms")
AT_MOST = 3
"""Faults of one kind that are planted in one answer, each in a draft of its own."""
_SENTENCE = re.compile(r"[^\n]+?(?:(?<!\bL)[.!?](?=\s|$)|(?=\n|$))")
_DIGIT = re.compile(r"(?<![\w.-])\d(?:[\d ]*\d)?(?:,\d+)?")


@dataclass(frozen=True, slots=True)
class Made:
    """`kind` names how it was made. `at`: the characters of the fault, in `text`; None where it is faithful."""

    answer: CannedAnswer
    family: str
    kind: str
    text: str
    at: tuple[int, int] | None = None
    was: str = ""
    group: str = ""
    """What it was made of, where that is not the answer: drafts of one group are no independent trials."""
    twin: "Made | None" = None
    """The faithful draft of which it is the false form, where both were written by hand."""
    style: str = ""
    """`light_edit` where it is a draft touched up, `free_retelling` where it is said anew; empty where nobody told."""


@lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(RULES)
    return loaded


def half(answer: CannedAnswer) -> str:
    """`developed`: the check's authors may look at what it misses there; `kept`: the half that is reported."""
    return half_of(answer.id)


def half_of(words: str) -> str:
    return ("developed", "kept")[number_of(words) % 2]


def sentences(text: str) -> list[tuple[int, int]]:
    """Where sentences and list items stand."""
    return [found.span() for found in _SENTENCE.finditer(text) if found[0].strip()]


def faithful(answer: CannedAnswer) -> Iterator[Made]:
    """Filled in; written in other formats, words and synonyms; shortened; reordered; and all of it."""
    text = filled(answer.body)
    styles = {style: _styled(text, style) for style in _STYLES}
    made = {"filled": text, **styles, "shortened": _shortened(text), "reordered": _reordered(text)}
    made |= {
        "merged": _merged(text),
        "clipped": _clipped(text),
        "reworded": _styled(_styled(text, "synonyms"), "wordings"),
    }
    everything = text
    for style in reversed(_STYLES):
        everything = _styled(everything, style)
    made["everything"] = _reordered(_shortened(everything))
    for kind, draft in made.items():
        yield Made(answer, "faithful", kind, draft)


def faulty(answer: CannedAnswer) -> Iterator[Made]:
    """At most `AT_MOST` drafts for each kind of fault; every second one is reworded as well."""
    texts = (filled(answer.body), _styled(filled(answer.body), "synonyms"))
    for family, kinds in {**rules()["faults"], "fact": {"changed_digit": [], **rules()["faults"]["fact"]}}.items():
        for kind, patterns in kinds.items():
            found = [[*_faults(text, kind, patterns, answer)] for text in texts]
            for place in range(AT_MOST):
                planted = found[place % 2]
                if place < len(planted):
                    text, at, was = planted[place]
                    yield Made(answer, family, kind, text, at, was)


def _faults(text: str, kind: str, patterns: list[Any], answer: CannedAnswer) -> list["Planted"]:
    if kind == "changed_digit":
        return with_changed_digits(text, answer)
    if kind == "promise_added" and half(answer) == "kept":
        patterns = [(pattern, rules()["kept_promises"]) for pattern, _ in patterns]
    return _planted(text, patterns, answer)


def filled(body: str) -> str:
    return PLACEHOLDER.sub(lambda name: str(rules()["values"].get(name[1], name[0])), body)


def _styled(text: str, style: str) -> str:
    for pattern, replacement in rules()["styles"][style]:
        if replacement == "number":
            numbers = {str(number): word for number, word in rules()["numbers"].items()}
            with_number = pattern.replace("{number}", f"(?:{'|'.join(sorted(numbers, key=len, reverse=True))})")
            text = re.sub(with_number, lambda found, names=numbers: names[found[0]], text)  # type: ignore[misc]
        else:
            text = re.sub(pattern, replacement, text)
    return text


def _shortened(text: str) -> str:
    """Without every third sentence."""
    kept = [text[start:end].strip() for n, (start, end) in enumerate(sentences(text)) if n % 3 != 2]
    return "\n\n".join(kept)


def _reordered(text: str) -> str:
    return "\n\n".join(reversed(text.split("\n\n")))


def _merged(text: str) -> str:
    """Two short sentences of a paragraph become one, and a semicolon between clauses a full stop."""
    merged = re.sub(r"(?<=[a-zé])\. (?=(?:Vous|Nous|Votre|Notre|La|Le|Elle|Il|You|We|It)\b)(\w)", _joined, text)
    return re.sub(r" ; (\w)", lambda found: f". {found[1].upper()}", merged)


def _joined(found: re.Match[str]) -> str:
    return f" ; {found[1].lower()}"


def _clipped(text: str) -> str:
    """Without what comes after ", et" or ": " at the end of a sentence, and without words in brackets."""
    return re.sub(r"(?:, et| ;) [^.\n;:,]+(?=[.;]\s|\.$)|(?<=\w) \([^)\n]*\)", "", text)


Planted = tuple[str, tuple[int, int], str]


def _planted(text: str, patterns: list[Any], answer: CannedAnswer) -> list[Planted]:
    """Every place of every pattern once, in an order that hangs on the answer and the place."""
    planted = []
    for pattern, replacements in patterns:
        for found in re.finditer(pattern, text):
            seed = number_of(f"{answer.id} {found.start()} {pattern}")
            new = found.expand(replacements[seed % len(replacements)])
            if not new.strip() or new not in text:
                planted.append((seed, _put(text, found, new)))
    return [made for _, made in sorted(planted, key=lambda one: one[0])]


def with_changed_digits(text: str, answer: CannedAnswer) -> list[Planted]:
    """A digit of a number is another one: never a leading zero."""
    planted = []
    for found in _DIGIT.finditer(text):
        seed = number_of(f"{answer.id} {found.start()} digit")
        places = [place for place, digit in enumerate(found[0]) if digit.isdigit()]
        place = places[seed % len(places)]
        digit = str((int(found[0][place]) + 1 + seed // 7 % 8) % 10)
        digit = "7" if digit == "0" and place == 0 else digit
        new = f"{found[0][:place]}{digit}{found[0][place + 1 :]}"
        if new != found[0]:
            planted.append((seed, _put(text, found, new)))
    return [made for _, made in sorted(planted, key=lambda one: one[0])]


def _put(text: str, found: re.Match[str], new: str) -> Planted:
    changed = f"{text[: found.start()]}{new}{text[found.end() :]}"
    return changed, (found.start(), found.start() + len(new)), found[0]


def number_of(text: str) -> int:
    return int(sha256(text.encode()).hexdigest()[:12], 16)
