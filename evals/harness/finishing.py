"""What every measurement leaves in its folder, whichever way its predictions came about."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.harness.comparison import compare_runs
from evals.harness.folder import REPORT, SUMMARY, Run, write_text
from evals.harness.order import Say
from evals.harness.predictions import PREDICTIONS, Prediction
from evals.harness.promises import missed_of, promise_of
from evals.harness.report import render
from evals.harness.summary import rounded, summarise
from service.domain.playbook import Playbook
from service.settings import Settings


def finish(
    out: Path,
    predictions: Sequence[Prediction],
    run: Run,
    playbook: Playbook,
    settings: Settings,
    say: Say,
    *,
    more: Mapping[str, Any] | None = None,
    against: Path | None = None,
) -> dict[str, Any]:
    """Writes summary and report; the summary. `more`: what this kind of measurement adds to it.
    `against`: a run's folder; the report tells what changed since."""
    promise = promise_of(predictions, playbook.thresholds.accepted_error)
    summary = summarise(predictions, run.throughput) | {"split": run.subject.split, "promise": rounded(promise)}
    summary["must_not_miss"] = rounded(missed_of(predictions, playbook))
    summary |= more or {}
    write_text(out / SUMMARY, json.dumps(summary, ensure_ascii=False, indent=2) + "\n")
    changed = compare_runs(against, out, say) if against else None
    write_text(out / REPORT, render(summary, predictions, playbook, run, settings.prompts, changed))
    if summary["degraded"]:
        say(f"{summary['degraded']:,} messages were answered without the model or the index: see `notes` of each.")
    say(f"{out}: {PREDICTIONS}, {SUMMARY}, {REPORT}.")
    return summary
