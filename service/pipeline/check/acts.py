"""What the company would do to the customer's advantage, whoever the sentence makes the doer: each such act of a draft
needs a source clause near by that speaks of one of its family."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from service.pipeline.check.clauses import Clause, Near
from service.pipeline.check.meaning import meaning
from service.pipeline.check.polarity import denied_at
from service.settings import PROMPTS
from service.yaml_file import read_yaml

_RELATED = 0.25
"""Share of what a clause says from which on a source clause may speak of its act."""
_BESIDE = 0.5
"""Share of the nearness of the nearest one below which a source clause is about something else."""


@dataclass(frozen=True, slots=True, eq=False)
class Acts:
    """prompts/check/acts.yaml, compiled: of each family its verbs, and its other words."""

    verbs: Mapping[str, re.Pattern[str]]
    words: Mapping[str, re.Pattern[str]]
    done: re.Pattern[str]
    yours: re.Pattern[str]
    open: re.Pattern[str]


@cache
def acts() -> Acts:
    """As shipped. Raises FileNotFoundError, KeyError or re.error where something is missing or wrong."""
    given = read_yaml(PROMPTS / "check" / "acts.yaml")
    families = given["families"]
    return Acts(
        {name: _any(ways["verbs"]) for name, ways in families.items() if "verbs" in ways},
        {name: _any((*ways.get("nouns", ()), *ways.get("words", ()))) for name, ways in families.items()},
        *(re.compile(rf"(?<!\w)(?:{given[name]}) ?\Z") for name in ("done", "yours", "open")),
    )


def _any(ways: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)") if ways else re.compile(r"(?!)")


def granted(clause: Clause, of_source: bool = False) -> Iterator[tuple[str, re.Match[str]]]:
    """Each family with its first act in the clause that is neither denied nor only supposed; nor, unless it is of a
    source, the customer's own or one that only may be."""
    known, text = acts(), clause.text
    for name, words in known.words.items():
        verbs = known.verbs[name].finditer(text) if name in known.verbs else ()
        theirs = (one for one in verbs if not (one[0].endswith("ez") or known.done.search(text, 0, one.start())))
        for one in (*theirs, *words.finditer(text)):
            yours = not of_source and known.yours.search(text, 0, one.start())
            if not yours and not _is_open(text, one.start()):
                yield name, one
                break


def _is_open(text: str, place: int) -> bool:
    """Whether what stands there is still to be had: denied, supposed, or what something else is for."""
    supposed = any(found.start() <= place < found.end() for found in meaning().supposed.finditer(text))
    return supposed or bool(acts().open.search(text, 0, place)) or denied_at(text, place)


def ungranted(clause: Clause, near: Sequence[Near], around: Sequence[Clause]) -> re.Match[str] | None:
    """The first act of the clause that neither the source clauses near it nor those beside the nearest of them
    (`around`) speak of."""
    if clause.text.endswith("?"):
        return None
    least = max(_RELATED, _BESIDE * near[0].share) if near else 1.0
    held = (*(one.clause for one in near if one.share >= least), *around)
    said = {name for source in held for one in _of_list(source) for name, _ in granted(one, of_source=True)}
    return next((found for name, found in granted(clause) if name not in said), None)


def _of_list(source: Clause) -> Iterator[Clause]:
    """The clause, and the lines above it that say what the list that it is in is of."""
    above = source.above or (source.lead.above if source.lead else None)
    yield from (one for one in (source, source.lead, above) if one is not None)
