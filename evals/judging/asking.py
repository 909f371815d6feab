"""Asks a model for its verdict on drafts. It is told nothing of what wrote them."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from hashlib import sha256
from typing import Annotated, Any

from pydantic import BaseModel, StringConstraints, ValidationError

from evals.harness.predictions import Shown
from evals.judging.verdicts import VERDICTS, Draft, Judgement, Verdict
from service.domain.playbook import Playbook
from service.domain.redacted import RedactedText, ours
from service.errors import UnavailableError
from service.pipeline.knowledge import Asking
from service.pipeline.prompting.fence import nonce, plain
from service.pipeline.prompting.texts import Texts, Value
from service.ports import Prompt, Turn

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"reason": {"type": "string"}, "verdict": {"type": "string", "enum": list(VERDICTS)}},
    "required": ["reason", "verdict"],
    "additionalProperties": False,
}
ANSWER_TOKENS = 400
REASON_CHARS = 400


class _Answer(BaseModel):
    reason: Annotated[str, StringConstraints(strip_whitespace=True)]
    verdict: Verdict


class Judge:
    """One model with one rubric; `rubric` is the digest of all that it is told beside a message and a draft."""

    def __init__(self, asking: Asking, texts: Texts, playbook: Playbook) -> None:
        self._asking = asking
        self._texts = texts.overridden(playbook.texts)
        self._playbook = playbook
        self.name = asking.model.name
        self.failed = 0
        nothing = Shown(subject="", message="", draft="", language=playbook.language)
        said = "\n".join(turn.content for turn in self.prompt(nothing).turns)
        self.rubric = sha256(said.encode()).hexdigest()[:16]

    def prompt(self, shown: Shown) -> Prompt:
        subject, own, written = (
            plain(RedactedText(text)) for text in (" ".join(shown.subject.split()), shown.message, shown.draft)
        )
        values: dict[str, Value] = {
            "nonce": nonce(subject, own, written),
            "subject": subject,
            "own": own,
            "draft": written,
        }
        system = self._texts.render("judge.system", {"account": ours(self._playbook.label)})
        words = self._texts.render("shared.schema", {"schema": ours(json.dumps(SCHEMA))})
        turns = (Turn("system", system), Turn("user", self._texts.render("judge.message", values)))
        return Prompt(turns, SCHEMA, ANSWER_TOKENS, words)

    async def judgements(self, drafts: Sequence[Draft], at_once: int) -> AsyncGenerator[Judgement, None]:
        """As they come. Drafts without a usable answer are counted in `failed` and left out."""
        gate = asyncio.Semaphore(at_once)
        tasks = [asyncio.ensure_future(self._one(draft, gate)) for draft in drafts]
        try:
            for done in asyncio.as_completed(tasks):
                if (judgement := await done) is not None:
                    yield judgement
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _one(self, draft: Draft, gate: asyncio.Semaphore) -> Judgement | None:
        async with gate:
            deadline = asyncio.get_running_loop().time() + self._asking.deadline_s
            try:
                completion = await self._asking.model.complete(self.prompt(draft.shown), deadline)
                answer = _Answer.model_validate_json(completion.text)
            except (UnavailableError, ValidationError):
                self.failed += 1
                return None
        return Judgement(
            id=draft.id,
            message_hash=draft.message_hash,
            judge=self.name,
            rubric=self.rubric,
            verdict=answer.verdict,
            reason=answer.reason[:REASON_CHARS],
        )
