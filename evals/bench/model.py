"""The model path against a model of 300 ms, beside bare litellm: a process of a server, a bulk run, several processes.

A server's process triages on one core, as bare litellm's does; a bulk run has one process a core.
"""

import asyncio
import time
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count

from evals.bench.corpus import ACCOUNT, anew, messages
from evals.bench.flight import fly
from evals.bench.loopback import LATENCY_MS, MODEL, BareLitellm, loopback_model, rate, written
from evals.bench.machine import cores
from evals.bench.model_bulk import LINES, bulk_rows
from evals.bench.model_serve import serve_rows
from evals.bench.programs import FailedError
from evals.bench.recorder import record
from evals.bench.rows import Row, at_least, p50
from evals.bench.workplace import Workplace, settings
from service.pipeline.knowledge import Asking
from service.ports import Prompt
from service.wiring import Desk, open_desk

CALLS = {1: (5, 3), 50: (150, 50), 200: (300, 60)}
"""Calls of one round by messages in flight: in full, and in the quick form."""
SHARE = 0.8
DEADLINE_S = 60.0
PROMPTS = 100
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Round:
    """Calls a second, one way after the other. `alike`: bare litellm with the request that the gateway makes, which
    also wants to know how likely each token was."""

    bare: float
    alike: float
    gateway: float
    pipeline: float


def measure_model(place: Workplace) -> list[Row]:
    """The ways take turns, so that what else the machine does meets all of them."""
    with loopback_model() as base:
        model = settings(
            place.store("model"),
            engine="model",
            model=MODEL,
            model_api_base=base,
            model_concurrency=max(CALLS),
            model_deadline_s=DEADLINE_S,
            model_timeout_s=DEADLINE_S / 2,
        )
        desk = open_desk(model)
        return asyncio.run(_measured(desk, place, base))


async def _measured(desk: Desk, place: Workplace, base: str) -> list[Row]:
    async with desk.running():
        knowledge = await desk.shelf.of(ACCOUNT)
        if knowledge.asking is None:
            raise FailedError("the desk has no model")
        prompts = await record(knowledge, knowledge.asking, messages(place.amount(PROMPTS, 10)))
        file = written(place.folder, prompts)
        with ExitStack() as stack:
            bare = [stack.enter_context(BareLitellm(file, base)) for _ in range(max(2, cores()))]
            ways = _Ways(desk, knowledge.asking, prompts, bare[0])
            await asyncio.to_thread(rate, bare, 20, 40)
            await ways.round(20, 40)
            found: list[Row] = []
            for in_flight, amounts in CALLS.items():
                found += rows(in_flight, await ways.rounds(place, in_flight, place.amount(*amounts)))
            for in_flight in LINES:
                found += await asyncio.to_thread(bulk_rows, place, base, bare, in_flight, SHARE)
            return found + await asyncio.to_thread(serve_rows, place, base, bare, SHARE)


class _Ways:
    def __init__(self, desk: Desk, asking: Asking, prompts: list[Prompt], bare: BareLitellm) -> None:
        self._desk = desk
        self._asking = asking
        self._prompts = prompts
        self._bare = bare
        self._messages = anew(messages())
        self._numbers = count()

    async def rounds(self, place: Workplace, in_flight: int, calls: int) -> list[Round]:
        return [await self.round(in_flight, calls) for _ in range(place.amount(ROUNDS, 1))]

    async def round(self, in_flight: int, calls: int) -> Round:
        bare_s = await asyncio.to_thread(self._bare.seconds, in_flight, calls)
        alike_s = await asyncio.to_thread(self._bare.seconds_alike, in_flight, calls)
        begun = time.perf_counter()
        await fly(self._complete, in_flight, calls)
        answered = time.perf_counter()
        await fly(self._triage, in_flight, calls)
        done = time.perf_counter()
        return Round(calls / bare_s, calls / alike_s, calls / (answered - begun), calls / (done - answered))

    async def _complete(self) -> None:
        prompt = self._prompts[next(self._numbers) % len(self._prompts)]
        await self._asking.model.complete(prompt, asyncio.get_running_loop().time() + DEADLINE_S)

    async def _triage(self) -> None:
        """As a request does it, storing included."""
        triage = await self._desk.triages.triage(next(self._messages))
        if triage.degraded:
            raise FailedError(f"a message was triaged without the model: {', '.join(triage.notes)}")


def rows(in_flight: int, rounds: list[Round]) -> list[Row]:
    """The ratio is the median of the ratios of each round."""
    bare, n = p50([one.bare for one in rounds]), len(rounds)
    alike, gateway, pipeline = (p50([getattr(one, way) for one in rounds]) for way in ("alike", "gateway", "pipeline"))
    beside, ratio = (p50([getattr(one, way) / one.bare for one in rounds]) for way in ("gateway", "pipeline"))
    to_alike = p50([one.pipeline / one.alike for one in rounds])
    note = f"model of {LATENCY_MS} ms"
    return [
        Row("model", f"{in_flight} in flight: bare litellm", bare, "/s", n, note=note),
        Row("model", f"{in_flight} in flight: bare, same request", alike, "/s", n, note="with likelihoods"),
        Row("model", f"{in_flight} in flight: gateway", gateway, "/s", n),
        Row("model", f"{in_flight} in flight: gateway / bare", beside, "×", n),
        Row("model", f"{in_flight} in flight: pipeline", pipeline, "/s", n),
        Row("model", f"{in_flight} in flight: pipeline / bare", ratio, "×", n, at_least(SHARE)),
        Row("model", f"{in_flight} in flight: pipeline / bare, same request", to_alike, "×", n),
    ]
