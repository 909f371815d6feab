"""Hand-written stand-ins for what lies outside."""

from collections.abc import Iterable

from service.domain.triage import Usage
from service.ports import Completion, Prompt


class ScriptedModel:
    """A `service.ports.Model` that gives the scripted answers in order; an exception among them is raised."""

    def __init__(self, answers: Iterable[str | Completion | Exception], context_tokens: int = 16_000) -> None:
        self.name = "scripted"
        self.context_tokens = context_tokens
        self.prompts: list[Prompt] = []
        self.judgements: list[tuple[str | None, bool]] = []
        self._answers = list(answers)

    async def complete(self, prompt: Prompt, deadline: float) -> Completion:
        self.prompts.append(prompt)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Completion):
            return answer
        return Completion(answer, Usage(model=self.name, calls=1, prompt_tokens=100, completion_tokens=10))

    def judged(self, model: str | None, useful: bool) -> None:
        self.judgements.append((model, useful))

    def warm(self) -> None:
        """Nothing to load."""

    async def close(self) -> None:
        """Nothing to close."""
