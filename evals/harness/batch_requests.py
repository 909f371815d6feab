"""`eval requests`: what the live path would send for each message, written down instead of sent."""

import asyncio
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from evals.harness.batch import BATCH, DATASET, STORE, Batch, custom_id, keep_dataset, prompt_digest
from evals.harness.catcher import Catcher
from evals.harness.dataset import Labelled
from evals.harness.folder import Run, Subject, write_run, write_text
from evals.harness.order import Measured, Order, Say, measured_by
from evals.harness.predicting import asking, predict_one
from evals.harness.progress import Progress
from evals.harness.running import subject_of
from evals.harness.workbench import desk_in, learn
from service.connectors.gateway import Gateway
from service.errors import FieldProblem, RefusedError, UnavailableError
from service.ports import Completion, Model, Prompt
from service.settings import Settings
from service.wiring import Desk

CHAT = "/chat/completions"
URL = f"/v1{CHAT}"


@dataclass(slots=True)
class CatchingModel:
    """A `service.ports.Model` that sends its one question to the catcher, and is then away.

    `live` is the model as it is set: how long a prompt may be depends on it. Raises RefusedError for a provider
    that is not asked in OpenAI's format.
    """

    live: Model
    gateway: Gateway
    catcher: Catcher
    asked: Prompt | None = None
    body: bytes = b""

    @property
    def name(self) -> str:
        return self.live.name

    @property
    def context_tokens(self) -> int:
        return self.live.context_tokens

    async def complete(self, prompt: Prompt, deadline: float) -> Completion:
        self.catcher.path = ""
        failed: UnavailableError | None = None
        try:
            await self.gateway.complete(prompt, deadline)
        except UnavailableError as error:
            failed = error
        if why := self._unfit(failed):
            problem = FieldProblem("AIGUILLEUR_MODEL", "batches are written for models asked in OpenAI's chat format")
            raise RefusedError(f"No batch can be written for {self.name}: {why}.", (problem,))
        self.asked, self.body = prompt, self.catcher.body
        raise UnavailableError("The question waits in a batch.")

    def _unfit(self, failed: UnavailableError | None) -> str:
        """Why what was caught, if anything was, is no line of a batch; empty where it is one."""
        if not self.catcher.path:
            return f"nothing was sent: {failed}"
        if not self.catcher.path.endswith(CHAT):
            return f"it is asked at {self.catcher.path}"
        return "" if "model" in json.loads(self.catcher.body) else "its requests do not name the model"

    def judged(self, model: str | None, useful: bool) -> None:
        """Nothing has answered yet."""

    def warm(self) -> None:
        self.gateway.warm()

    async def close(self) -> None:
        await self.gateway.close()


@dataclass(slots=True)
class Written:
    """The lines so far, and the digest of each prompt."""

    lines: list[bytes] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)

    def add(self, one: Labelled, caught: CatchingModel) -> None:
        if caught.asked is None:
            return
        name = custom_id(one.id)
        body = caught.body if b"\n" not in caught.body else json.dumps(json.loads(caught.body)).encode()
        head = json.dumps({"custom_id": name, "method": "POST", "url": URL}).encode()
        self.lines.append(head[:-1] + b', "body": ' + body + b"}\n")
        self.asked[name] = prompt_digest(caught.asked)


def write_requests(order: Order, out: Path, settings: Settings, say: Say) -> Path:
    """The run folder, which holds what scoring needs; both it and `out` are there whole or not at all.

    Raises RefusedError for wrong input, or where a batch is there already.
    """
    if settings.engine_in_force == "local":
        problem = FieldProblem("AIGUILLEUR_MODEL", "set it, and leave --engine out or give model or cascade")
        raise RefusedError("The local engine asks no model.", (problem,))
    if order.out.exists():
        problem = FieldProblem("--out", f"give another file, or delete {order.out}")
        raise RefusedError(f"{order.out}: the folder of an earlier batch is there.", (problem,))
    measured = measured_by(order, settings, say)
    part = order.out.with_name(f".{order.out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        lines = _filled(part, measured, order, settings)
        out.write_bytes(b"".join(lines))
        part.rename(order.out)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    say(f"{out}: {len(lines):,} requests for {len(measured.dataset):,} messages.")
    say(f"{order.out}: to score the answers, `aiguilleur eval score --responses FILE {order.out}`.")
    return order.out


def _filled(part: Path, measured: Measured, order: Order, settings: Settings) -> list[bytes]:
    part.mkdir(parents=True, mode=0o700)
    with desk_in(part / STORE, settings) as desk:
        asyncio.run(learn(desk, measured.material, measured.history))
        return asyncio.run(_asked(part, measured, order, desk))


async def _asked(part: Path, measured: Measured, order: Order, desk: Desk) -> list[bytes]:
    """One message after the other: what is caught is known to be its own."""
    knowledge = await desk.shelf.of(measured.material.playbook.account)
    assert knowledge.asking is not None  # noqa: S101 - the engine is not the local one
    live, written = knowledge.asking.model, Written()
    with Catcher() as catcher, Progress(len(measured.dataset)) as progress:
        gateway = Gateway(_caught(desk.settings, catcher))
        try:
            for one in measured.dataset:
                caught = CatchingModel(live, gateway, catcher)
                await predict_one(one, asking(knowledge, caught))
                written.add(one, caught)
                progress.advance()
        finally:
            await gateway.close()
    subject = subject_of(knowledge, measured, order.split)
    batch = Batch(
        model=live.name,
        engine="cascade" if knowledge.engine == "cascade" else "model",
        embedder=desk.settings.embedder,
        context_tokens=live.context_tokens,
        answer_tokens=desk.settings.model_answer_tokens,
        asked=written.asked,
    )
    _keep(part, subject, measured, batch)
    return written.lines


def _keep(part: Path, subject: Subject, measured: Measured, batch: Batch) -> None:
    write_run(part, Run(subject=subject))
    keep_dataset(part / DATASET, measured.dataset)
    write_text(part / BATCH, batch.model_dump_json(indent=2))


def _caught(settings: Settings, catcher: Catcher) -> Settings:
    """The same model, at the catcher's address, without the key that only its own server may see."""
    update = {
        "model_api_base": catcher.base,
        "model_api_key": SecretStr("unused"),
        "model_fallbacks": "",
        "model_daily_budget_usd": 0.0,
    }
    return settings.model_copy(update=update)
