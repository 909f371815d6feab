"""What the check says of made drafts: the share of planted faults that it finds, and of faithful sentences it flags."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from evals.drafts.making import Made, faithful, faulty, half, rules, sentences
from evals.drafts.written import written
from service.domain.answers import CannedAnswer
from service.domain.draft import Draft, Finding, Paragraph
from service.domain.message import Message, Sender
from service.domain.playbook import Playbook
from service.learning.paired import mean_interval
from service.phrases import Phrases
from service.pipeline.check import check
from service.pipeline.clean import clean

_GRADES = ("info", "warning", "error")
AIMS = {"fact": 0.99, "commitment": 0.9, "condition": 0.9, "faithful": 0.02, "moved": 0.0, "told apart": 0.0}


@dataclass(slots=True)
class Tally:
    """`values`: 1 where found (or flagged), by planted fault (or faithful sentence); `clusters`: their answers."""

    family: str
    kind: str
    values: list[float] = field(default_factory=list)
    clusters: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    def line(self) -> str:
        within = mean_interval(self.values, self.clusters)
        share = sum(self.values) / len(self.values)
        aim = AIMS[self.family]
        met = share <= aim if self.family == "faithful" else share >= aim
        bound = f"{'≤' if self.family == 'faithful' else '≥'} {aim:.2f} {'met' if met else 'MISSED'}"
        between = f"[{within.low:.3f}, {within.high:.3f}]"
        return f"  {self.family:11s}{self.kind:20s}{len(self.values):6d}  {share:.3f}  {between}  {bound}"


def measure(
    answers: Sequence[CannedAnswer], playbook: Playbook, phrases: Phrases, part: str, least: str = "warning"
) -> list[Tally]:
    """Each kind, each style, then each family as a whole; `part` and `least` as of the command."""
    tallies: dict[tuple[str, str], Tally] = {}
    for made in (*_by_rules(answers, part), *written(answers, part)):
        found = findings(made, answers, playbook, phrases, least)
        kinds = (made.kind, *filter(None, [made.style]), "all")
        for kind in kinds:
            tally = tallies.setdefault((made.family, kind), Tally(made.family, kind))
            _count(tally, made, found)
        if made.twin:
            beside = findings(made.twin, answers, playbook, phrases, least)
            for kind in kinds:
                _compare(tallies.setdefault(("told apart", kind), Tally("told apart", kind)), made, found, beside)
    return sorted(tallies.values(), key=lambda tally: (tally.family, tally.kind))


def _by_rules(answers: Sequence[CannedAnswer], part: str) -> Iterator[Made]:
    for answer in answers:
        if part in ("all", half(answer)):
            yield from (*faithful(answer), *faulty(answer))


def findings(
    made: Made, answers: Sequence[CannedAnswer], playbook: Playbook, phrases: Phrases, least: str = "warning"
) -> list[Finding]:
    """What the check finds of at least that severity where the answers of the same queue were offered and this one is
    cited."""
    body = " ".join(("Bonjour,", made.answer.situation, rules()["says"].get(made.kind, "")))
    message = Message(
        body=body,
        subject="Question",
        sender=Sender(name="Claire Delorme", address=rules()["values"]["email"]),
        received_at=datetime(2026, 3, 3, 9, tzinfo=UTC),
        metadata={name: str(value) for name, value in rules()["values"].items()},
    )
    parts = tuple(Paragraph(text=block, sources=(made.answer.id,)) for block in made.text.split("\n\n"))
    draft = Draft(language=made.answer.language, subject="Re: Question", body=made.text, paragraphs=parts)
    offered = [answer for answer in answers if answer.queue == made.answer.queue] or [made.answer]
    checked = check(draft, offered, clean(message), message, playbook, phrases)
    return [finding for finding in checked.findings if _GRADES.index(finding.severity) >= _GRADES.index(least)]


def _count(tally: Tally, made: Made, found: Sequence[Finding]) -> None:
    for start, end, hit in _units(made, found):
        tally.values.append(float(hit))
        tally.clusters.append(made.group or made.answer.id)
        if hit == (made.at is None):
            said = ", ".join(finding.kind for finding in _inside(found, start, end)) or f"was: {made.was!r}"
            tally.shown.append(f"{made.answer.id} [{made.kind}] {made.text[start:end].strip()} ({said})")


def _compare(tally: Tally, made: Made, found: Sequence[Finding], beside: Sequence[Finding]) -> None:
    """1 where the false form is found and the same sentence of its faithful form is not flagged: a check that flags
    everything tells nothing apart."""
    twin = made.twin
    if twin is None or made.at is None:
        return
    unchanged = Made(twin.answer, twin.family, twin.kind, twin.text, (made.at[0], made.at[0] + len(made.was)))
    tally.values += [
        float(hit and not flagged)
        for (*_, hit), (*_, flagged) in zip(_units(made, found), _units(unchanged, beside), strict=True)
    ]
    tally.clusters.append(made.group)


def _units(made: Made, found: Sequence[Finding]) -> Iterator[tuple[int, int, bool]]:
    """Sentences of a faithful draft, or the sentence of the fault, with whether the check has a finding in them."""
    places = sentences(made.text)
    if made.at is not None:
        first, last = made.at
        touched = [(start, end) for start, end in places if start <= last and end >= first]
        places = [(touched[0][0], touched[-1][1])] if touched else [made.at]
    for start, end in places:
        yield start, end, bool(_inside(found, start, end))


def _inside(found: Iterable[Finding], start: int, end: int) -> list[Finding]:
    return [finding for finding in found if finding.start < end and finding.end > start]
