"""The prompts that the pipeline would send, without sending them."""

from collections.abc import Sequence
from dataclasses import replace

from service.desk.clock import utc_now
from service.domain.message import Message
from service.errors import UnavailableError
from service.pipeline.knowledge import Asking, Knowledge
from service.pipeline.run import triage
from service.ports import Completion, Prompt
from service.storage.ids import new_id


class Recorder:
    """A `service.ports.Model` that keeps what it is asked, and never answers."""

    name = "recorder"

    def __init__(self, context_tokens: int) -> None:
        self.context_tokens = context_tokens
        self.asked: list[Prompt] = []

    async def complete(self, prompt: Prompt, deadline: float) -> Completion:  # noqa: ARG002
        self.asked.append(prompt)
        raise UnavailableError("only recording")

    def judged(self, model: str | None, useful: bool) -> None: ...

    def warm(self) -> None: ...

    async def close(self) -> None: ...


async def record(knowledge: Knowledge, asking: Asking, known: Sequence[Message]) -> list[Prompt]:
    """The first prompt of each message that has one."""
    recorder = Recorder(asking.model.context_tokens)
    recording = replace(knowledge, asking=replace(asking, model=recorder))
    for message in known:
        await triage(message, recording, new_id(), utc_now())
    return recorder.asked
