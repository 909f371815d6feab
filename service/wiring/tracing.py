"""What a worker and a model do, told as spans of the trace that the message came in with."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from service.connectors.tracing import About, Tracing
from service.domain.triage import Triage
from service.log import code, id_of
from service.pipeline.knowledge import Asking
from service.ports import Completion, Forwarding, Model, Prompt

Finish = Callable[[str, str], Awaitable[object]]

WORK, TRIAGE, CHAT = code("work"), code("triage"), code("chat")


def traced(finish: Finish, tracing: Tracing, came_with: Callable[[str], Awaitable[str]]) -> Finish:
    """The same for a worker, under the trace of the call that handed the message in."""

    async def finished(message_id: str, worker: str) -> object:
        if not tracing.on:
            return await finish(message_id, worker)
        about: About = {"aiguilleur.message": id_of(message_id)}
        with tracing.span("consumer", WORK, parent=await came_with(message_id), about=about):
            return await finish(message_id, worker)

    return finished


def about(triage: Triage) -> About:
    """What a trace says of a Triage: what the log's line says, and how long each step took."""
    queue = triage.queue.id if triage.queue else "none"
    return {
        "aiguilleur.message": id_of(triage.id),
        "aiguilleur.account": code(triage.account),
        "aiguilleur.outcome": code(triage.outcome_reason),
        "aiguilleur.queue": code(queue),
        "aiguilleur.degraded": triage.degraded,
        **{f"aiguilleur.{step}_ms": round(passed, 3) for step, passed in triage.steps_ms.items()},
    }


def asked_in_sight(asking: Asking, tracing: Tracing) -> Asking:
    """The same, whose calls are told where there is a collector."""
    return replace(asking, model=TracedModel(asking.model, tracing)) if tracing.on else asking


class TracedModel(Forwarding):
    """A `service.ports.Model`, told by OpenTelemetry's conventions for generative models: names and numbers."""

    def __init__(self, model: Model, tracing: Tracing) -> None:
        super().__init__(model)
        self._tracing = tracing

    async def complete(self, prompt: Prompt, deadline: float) -> Completion:
        wanted: About = {"gen_ai.operation.name": CHAT, "gen_ai.request.model": code(self.name)}
        with self._tracing.span("client", CHAT, code(self.name), about=wanted) as span:
            completion = await self._model.complete(prompt, deadline)
            usage = completion.usage
            span.tell(
                {
                    "gen_ai.response.model": code(usage.model or ""),
                    "gen_ai.usage.input_tokens": usage.prompt_tokens,
                    "gen_ai.usage.output_tokens": usage.completion_tokens,
                    "aiguilleur.calls": usage.calls,
                }
            )
            return completion
