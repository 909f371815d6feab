"""A process of its own that triages one message with a model that costs money: `pay_once URL MODEL_URL DIE`.

With DIE it is killed once the answer is on disk, before anything uses it."""

import asyncio
import sys

import httpx

from service.desk.intake.paid import Paid
from service.desk.intake.triage import TriageDesk
from service.domain.message import Message
from service.domain.redacted import ours
from service.domain.triage import Triage, Usage
from service.pipeline.knowledge import Asking
from service.ports import Completion, Prompt, Turn
from service.storage.database import Database
from tests.fakes import ScriptedModel
from tests.faults.steps import Doom, Plan
from tests.service.samples import a_message, a_triage

PROMPT = Prompt((Turn("user", ours("Où en est ma facture ?")),), {"type": "object"}, 100)
ANSWER = '{"queue": "facture"}'


class Costly(ScriptedModel):
    """Asks over HTTP, each time for money."""

    def __init__(self, url: str) -> None:
        super().__init__(())
        self._url = url

    async def complete(self, prompt: Prompt, deadline: float) -> Completion:
        body = {"model": "m", "messages": [{"role": "user", "content": str(turn.content)} for turn in prompt.turns]}
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            said = (await client.post(f"{self._url}/chat/completions", json=body)).json()
        usage = Usage(model="m", calls=1, prompt_tokens=7, completion_tokens=3, cost_usd=0.01)
        return Completion(said["choices"][0]["message"]["content"], usage, tokens=(("a", -0.5),))


async def main(url: str, model_url: str, message_id: str) -> None:
    database = Database(url)
    paid = Paid(database)

    async def pipeline(message: Message, triage_id: str) -> Triage:
        asking = Asking(Costly(model_url), None, 30)  # type: ignore[arg-type]
        completion = await paid.about(asking, message, triage_id).model.complete(PROMPT, 30)
        return a_triage(message, triage_id, reason=completion.text, usage=completion.usage)

    desk = TriageDesk(database, pipeline)
    done = await desk.finish(message_id) if message_id else await desk.triage(a_message())
    assert done is not None
    sys.stdout.write(f"{done.reason} {done.usage.cost_usd}")
    database.close()


class Now:
    """A pipe that holds the plan from the start."""

    def __init__(self) -> None:
        self._plans = [Plan("answer", after=True)]

    def recv(self) -> Plan:
        if self._plans:
            return self._plans.pop()
        raise EOFError


if __name__ == "__main__":
    if sys.argv[4] == "die":
        Doom(Now())  # type: ignore[arg-type]
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3]))
