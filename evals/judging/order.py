"""`eval judge`: a model's verdicts on a run's drafts, and first of all how far it agrees with people."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evals.harness.folder import read_run, write_text
from evals.harness.order import Say
from evals.harness.progress import Progress
from evals.harness.summary import rounded
from evals.harness.workbench import desk_in, material_of
from evals.judging.agreement import Floor, agreement, as_document, scores, withheld
from evals.judging.asking import Judge
from evals.judging.verdicts import (
    JUDGEMENTS,
    VERDICTS,
    Draft,
    Judgement,
    Verdict,
    drafts_of,
    human_verdicts,
    kept_judgements,
)
from service.domain.playbook import Playbook
from service.errors import FieldProblem, RefusedError
from service.pipeline.prompting.texts import load_texts
from service.settings import Settings
from service.wiring import Desk

JUDGE = "judge.json"


@dataclass(frozen=True, slots=True)
class JudgeOrder:
    """`sample`: so many drafts at most, those that people judged among them; 0: all."""

    run: Path
    verdicts: Path | None
    sample: int
    floor: Floor


def judge_run(order: JudgeOrder, settings: Settings, say: Say) -> dict[str, Any]:
    """Agreement, and scores where it allows them; written into the run's folder too. Raises RefusedError."""
    if not settings.model:
        problem = FieldProblem("AIGUILLEUR_MODEL", "set it, or give --model, to a litellm model name")
        raise RefusedError("A judge is a model, and none is set.", (problem,))
    people = human_verdicts(order.verdicts) if order.verdicts else {}
    drafts = chosen(drafts_of(order.run), people, order.sample)
    strangers = len(people.keys() - {one.id for one in drafts})
    if strangers:
        say(f"{strangers:,} verdicts are left out: the run holds no draft of these messages.")
    playbook = material_of(settings, read_run(order.run).subject.account).playbook
    judged, judge = _judged(order.run, drafts, playbook, settings, say)
    found = told(order, people, {one.id: one.verdict for one in judged.values()}, drafts)
    document = {"judge": judge.name, "rubric": judge.rubric, "failed": judge.failed, **found}
    write_text(order.run / JUDGE, json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    return document


def chosen(drafts: Sequence[Draft], people: Mapping[str, Verdict], sample: int) -> list[Draft]:
    """In an order that says nothing of the run's; what people judged comes first."""
    shuffled = sorted(drafts, key=lambda one: (one.id not in people, sha256(one.id.encode()).digest()))
    most = max(sample, sum(one.id in people for one in drafts))
    return shuffled[:most] if sample else shuffled


def told(
    order: JudgeOrder, people: Mapping[str, Verdict], judged: Mapping[str, Verdict], drafts: Sequence[Draft]
) -> dict[str, Any]:
    agreed = agreement(people, judged, {one.id: one.sender for one in drafts})
    why_not = withheld(agreed, order.floor) if judged else "the judge gave no usable answer"
    return {
        "agreement": rounded(as_document(agreed)) | {"floor": order.floor.model_dump()},
        "judged": len(judged),
        "withheld": why_not,
        "scores": None if why_not else rounded(scores(judged, drafts)),
    }


def _judged(
    run: Path, drafts: Sequence[Draft], playbook: Playbook, settings: Settings, say: Say
) -> tuple[dict[str, Judgement], Judge]:
    with (
        TemporaryDirectory(prefix="aiguilleur-judge-") as folder,
        desk_in(Path(folder), settings.model_copy(update={"engine": "model"})) as desk,
    ):
        assert desk.asking is not None  # noqa: S101 - a model is set
        judge = Judge(desk.asking, load_texts(settings.prompts), playbook)
        known = kept_judgements(run, judge.name, judge.rubric, drafts)
        left = [one for one in drafts if one.id not in known]
        say(f"{judge.name} judges {len(left):,} drafts ({len(known):,} are judged already).")
        new = asyncio.run(_ask(run / JUDGEMENTS, judge, left, desk))
    if judge.failed:
        say(f"{judge.failed:,} drafts have no verdict: the judge did not answer, or with nothing of use.")
    return known | new, judge


async def _ask(path: Path, judge: Judge, left: Sequence[Draft], desk: Desk) -> dict[str, Judgement]:
    """Each verdict is in the file before the next one is waited for."""
    new: dict[str, Judgement] = {}
    try:
        with path.open("a", encoding="utf-8") as file, Progress(len(left)) as progress:
            async with aclosing(judge.judgements(left, desk.settings.model_concurrency)) as judgements:
                async for one in judgements:
                    file.write(f"{one.model_dump_json()}\n")
                    file.flush()
                    new[one.id] = one
                    progress.advance()
    finally:
        await desk.disconnect()
    return new


def in_words(document: Mapping[str, Any]) -> str:
    """Agreement first; scores only where it allows them."""
    agreed = document["agreement"]
    lines = [f"agreement of {document['judge']} with {agreed['n']:,} verdicts of people"]
    if agreed["kappa"] is not None:
        low, high = agreed["kappa_ci95"]
        lines.append(
            f"kappa\t{agreed['kappa']:.3f}\t95 % [{low:.3f}, {high:.3f}]\tthe same verdict {agreed['same']:.3f}"
        )
    if agreed["n"]:
        lines.append("people \\ judge\t" + "\t".join(VERDICTS))
        rows = zip(VERDICTS, agreed["confusion"], strict=True)
        lines += [f"{verdict}\t" + "\t".join(map(str, row)) for verdict, row in rows]
    if document["withheld"]:
        return "\n".join([*lines, f"No scores: {document['withheld']}."])
    lines.append(f"scores of {document['judged']:,} drafts")
    for verdict, one in document["scores"].items():
        low, high = one["ci95"]
        lines.append(f"{verdict}\t{one['mean']:.3f}\t95 % [{low:.3f}, {high:.3f}]")
    return "\n".join(lines)
