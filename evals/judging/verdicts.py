"""Verdicts on drafts: those of people, from a file, and those of a judge, kept in a run's folder."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import StringConstraints, ValidationError

from evals.harness.folder import write_text
from evals.harness.predictions import PREDICTIONS, Prediction, Shown
from service.domain.value import Value
from service.errors import FieldProblem, RefusedError

Verdict = Literal["as_is", "after_edits", "unusable"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
JUDGEMENTS = "judgements.jsonl"


class Draft(Value):
    """A run's draft as a judge may see it. `sender` is a pseudonym."""

    id: str
    message_hash: str
    sender: str
    shown: Shown


class Judgement(Value):
    """What a judge said of one draft. `rubric`: digest of what it was asked."""

    id: str
    message_hash: str
    judge: str
    rubric: str
    verdict: Verdict
    reason: Annotated[str, StringConstraints(max_length=1_000)] = ""


def drafts_of(run: Path) -> list[Draft]:
    """Raises RefusedError where the folder is no run, or none of its drafts can be shown."""
    path = run / PREDICTIONS
    if not path.is_file():
        raise RefusedError(f"{run}: there is no {PREDICTIONS} in it; give the folder of an `eval run`.")
    found = [
        Draft(id=str(one.external_id), message_hash=one.message_hash, sender=one.expected.sender, shown=shown)
        for one in _predictions(path)
        if (shown := one.expected.shown) is not None
    ]
    if not found:
        raise RefusedError(f"{run}: it holds no draft that can be shown to a judge; make the run anew.")
    return found


def human_verdicts(path: Path) -> dict[str, Verdict]:
    """By id; lines whose verdict is still blank are passed over. Raises RefusedError that names each wrong line."""
    found: dict[str, Verdict] = {}
    problems: list[FieldProblem] = []
    for number, line in enumerate(path.read_text("utf-8-sig", errors="replace").split("\n"), start=1):
        if not line.strip():
            continue
        given = _object(line)
        name, verdict = str(given.get("id") or ""), given.get("verdict")
        if verdict in VERDICTS and name and name not in found:
            found[name] = verdict
        elif verdict != "" or not name:
            cure = "this id has a verdict above" if name in found else f"give an id and one of: {', '.join(VERDICTS)}"
            problems.append(FieldProblem(f"line {number}", cure))
    if problems:
        raise RefusedError(f"{path}: {len(problems)} lines are no verdicts.", tuple(problems[:20]))
    return found


def write_sheet(path: Path, drafts: Iterable[Draft]) -> None:
    """What people fill in: a draft a line, with a blank verdict. Says nothing of what wrote it."""
    lines = ({"id": one.id, **one.shown.model_dump(exclude={"language"}), "verdict": ""} for one in drafts)
    write_text(path, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))


def kept_judgements(run: Path, judge: str, rubric: str, drafts: Sequence[Draft]) -> dict[str, Judgement]:
    """What this judge said before of these very drafts, by id."""
    path = run / JUDGEMENTS
    hashes = {one.id: one.message_hash for one in drafts}
    if not path.is_file():
        return {}
    found = (_judgement(line) for line in path.read_text("utf-8").split("\n") if line.strip())
    return {
        one.id: one
        for one in found
        if one is not None and (one.judge, one.rubric) == (judge, rubric) and hashes.get(one.id) == one.message_hash
    }


def _judgement(line: str) -> Judgement | None:
    """None for a line that was cut off."""
    try:
        return Judgement.model_validate_json(line)
    except ValidationError:
        return None


def _predictions(path: Path) -> Iterator[Prediction]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield Prediction.model_validate_json(line)
            except ValidationError as error:
                raise RefusedError(f"{path}:{number}: this is not a prediction of this program.") from error


def _object(line: str) -> Mapping[str, Any]:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}
