"""`eval score`: the same pipeline once more, with a batch's answers where the model was."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evals.harness.batch import (
    DATASET,
    STORE,
    Batch,
    Response,
    custom_id,
    kept_dataset,
    prompt_digest,
    read_batch,
    read_responses,
)
from evals.harness.dataset import Labelled
from evals.harness.finishing import finish
from evals.harness.folder import Run, read_run, write_run, write_text
from evals.harness.order import Say
from evals.harness.predicting import predict
from evals.harness.predictions import PREDICTIONS, Prediction
from evals.harness.progress import Progress
from evals.harness.workbench import desk_in, learning_of
from service.connectors.faults import ModelFault
from service.connectors.gateway import recorded_completion
from service.errors import FieldProblem, RefusedError, UnavailableError
from service.ports import Completion, Prompt
from service.settings import Settings
from service.wiring import Desk

AT_ONCE = 1

COUNTS = ("answered", "missing", "failed", "repairs_not_asked", "prompts_changed")
"""What becomes of a batch's requests: an answer was there; no line; an error, a refusal or nothing to read; the answer
was no use, and the live path would have asked again; another prompt would be built today."""


@dataclass(slots=True)
class RecordedModel:
    """A `service.ports.Model` that gives the answer which one message got, once; without one it is away, as live."""

    name: str
    context_tokens: int
    response: Response | None
    digest: str | None
    price_share: float
    counts: Counter[str]
    calls: int = field(default=0)

    async def complete(self, prompt: Prompt, deadline: float) -> Completion:  # noqa: ARG002 - it answers at once
        self.calls += 1
        if self.calls > 1:
            self.counts["repairs_not_asked"] += 1
            raise UnavailableError("A batch cannot be asked again.")
        self.counts["prompts_changed"] += prompt_digest(prompt) != self.digest
        if self.response is None:
            self.counts["missing"] += 1
            raise UnavailableError("The batch holds no answer to it.")
        try:
            if self.response.status != 200 or self.response.body is None:
                raise ModelFault("failed")
            completion = recorded_completion(self.response.body, self.name, self.price_share)
        except ModelFault as fault:
            self.counts["failed"] += 1
            raise UnavailableError(f"The batch holds no usable answer: {fault.code}.") from fault
        self.counts["answered"] += 1
        return completion

    def judged(self, model: str | None, useful: bool) -> None:
        """What was recorded is read, whatever it is worth."""

    def warm(self) -> None:
        """Nothing to load."""

    async def close(self) -> None:
        """Nothing to close."""


def score_batch(
    folder: Path, paths: Sequence[Path], price_share: float, settings: Settings, say: Say, against: Path | None = None
) -> dict[str, Any]:
    """The summary, written into the folder with predictions and report. `price_share`: of a live call's price.

    Raises RefusedError where folder or responses are none, or belong to another batch.
    """
    batch, responses = read_batch(folder), read_responses(paths)
    known = responses.keys() & batch.asked.keys()
    if batch.asked and not known:
        problem = FieldProblem("--responses", f"give the output of the batch that {folder} was made for")
        raise RefusedError(f"None of the {len(responses):,} responses answers a request of {folder}.", (problem,))
    if len(responses) > len(known):
        say(f"{len(responses) - len(known):,} responses are left out: they answer no request of {folder}.")
    scoring = Scoring(batch, responses, price_share)
    with desk_in(folder / STORE, batch.settings(settings)) as desk:
        run, predictions = asyncio.run(scoring.scored(folder, desk, say))
        playbook = asyncio.run(desk.playbooks.active(run.subject.account))
    more = {"batch": scoring.told()}
    scoring.warn(say)
    return finish(folder, predictions, run, playbook, settings, say, more=more, against=against)


class Scoring:
    """One pass over the messages of a batch."""

    def __init__(self, batch: Batch, responses: Mapping[str, Response], price_share: float) -> None:
        self._batch = batch
        self._responses = responses
        self._price_share = price_share
        self._counts: Counter[str] = Counter()

    async def scored(self, folder: Path, desk: Desk, say: Say) -> tuple[Run, list[Prediction]]:
        """Replaces what an earlier scoring left."""
        run = read_run(folder)
        account = run.subject.account
        if not await desk.shelf.learned_fits(account):
            say("Learning anew: what was learned is of another version of the program.")
            await learning_of(desk).learn(account, by="eval")
        knowledge = await desk.shelf.of(account)
        dataset = kept_dataset(folder / DATASET)
        found: list[Prediction] = []
        lines: list[str] = []
        with Progress(len(dataset)) as progress:
            async with aclosing(predict(dataset, knowledge, AT_ONCE, self._model_of)) as predictions:
                async for one in predictions:
                    lines.append(f"{one.model_dump_json()}\n")
                    found.append(one.lean())
                    progress.advance()
        write_text(folder / PREDICTIONS, "".join(lines))
        run = Run(subject=run.subject.model_copy(update={"versions": knowledge.versions}))
        return write_run(folder, run), found

    def _model_of(self, labelled: Labelled) -> RecordedModel:
        name = custom_id(labelled.id)
        return RecordedModel(
            name=self._batch.model,
            context_tokens=self._batch.context_tokens,
            response=self._responses.get(name),
            digest=self._batch.asked.get(name),
            price_share=self._price_share,
            counts=self._counts,
        )

    def told(self) -> dict[str, Any]:
        counts = {name: self._counts[name] for name in COUNTS}
        return {"requests": len(self._batch.asked), **counts, "price_share": self._price_share}

    def warn(self, say: Say) -> None:
        counts = self._counts
        if counts["missing"] or counts["failed"]:
            say(
                f"{counts['missing']:,} requests have no answer and {counts['failed']:,} failed: decided without model."
            )
        if counts["repairs_not_asked"]:
            say(
                f"{counts['repairs_not_asked']:,} answers were no use; the live path would have asked once more, "
                "which a batch cannot: live accuracy may be a little higher."
            )
        if counts["prompts_changed"]:
            say(
                f"{counts['prompts_changed']:,} messages would be asked about in other words today: program or texts "
                "changed since the requests were written. Write them again to measure the present ones."
            )
