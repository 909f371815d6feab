"""The model's vote and its draft, in one call."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from service.domain.candidates import Candidates
from service.domain.model_answer import ModelAnswer
from service.domain.playbook import Playbook
from service.domain.redacted import Redacted
from service.domain.triage import Usage
from service.domain.votes import Evidence, Vote
from service.errors import BudgetSpentError, UnavailableError
from service.pipeline.prompting.prompter import Asked, Prompter, PromptTooLargeError
from service.pipeline.prompting.reading import UnusableError, read, rescue
from service.pipeline.prompting.redrafting import Revision
from service.pipeline.votes.likelihood import likelihood_of
from service.pipeline.votes.quotes import find_quote
from service.playbooks.matcher import Hit
from service.ports import Completion, Model

Failure = Literal["model_unavailable", "model_budget_spent", "model_unusable", "model_context_too_small"]


@dataclass(frozen=True, slots=True)
class ModelOpinion:
    """`vote` is None where none was asked for, or none was to be had; `answer` is None only with a `failure`."""

    vote: Vote | None
    answer: ModelAnswer | None
    usage: Usage
    failure: Failure | None = None


async def ask(
    model: Model,
    playbook: Playbook,
    redacted: Redacted,
    candidates: Candidates,
    local_votes: Sequence[Vote],
    hits: Sequence[Hit],
    deadline_s: float,
    queue: str | None = None,
    *,
    prompter: Prompter,
    revision: Revision | None = None,
) -> ModelOpinion:
    """Asks for a queue and a draft; with a `queue`, which is then decided already, only for a draft, which is a
    `revision` of an earlier one.

    `deadline_s` counts from the question on: what is loaded and written for it comes before. An answer that is no use
    gets one second try, which shows the model its error. An outage is a `failure`, never an exception.
    """
    try:
        limit = model.context_tokens
        asked = prompter.build(playbook, redacted, candidates, local_votes, hits, limit, queue, revision)
    except PromptTooLargeError:
        return ModelOpinion(None, None, Usage(), "model_context_too_small")
    talk = _Talk(model, prompter, playbook, asked, asyncio.get_running_loop().time() + deadline_s)
    answer, failure = await talk.answer()
    if answer is None or answer.queue is None:
        return ModelOpinion(None, answer, talk.usage, failure)
    likelihood = likelihood_of(talk.tokens, answer.queue)
    return ModelOpinion(vote_of(answer, answer.queue, redacted, likelihood), answer, talk.usage, failure)


class _Talk:
    """One question and at most one repair of its answer."""

    def __init__(self, model: Model, prompter: Prompter, playbook: Playbook, asked: Asked, deadline: float) -> None:
        self._model = model
        self._prompter = prompter
        self._playbook = playbook
        self._asked = asked
        self._deadline = deadline
        self.usage = Usage()
        self.tokens: Sequence[tuple[str, float]] = ()

    async def answer(self) -> tuple[ModelAnswer | None, Failure | None]:
        prompt = self._asked.prompt
        failure: Failure | None = None
        rescued: ModelAnswer | None = None
        for _ in range(2):
            try:
                completion = await self._model.complete(prompt, self._deadline)
            except BudgetSpentError:
                failure = failure or "model_budget_spent"
                break
            except UnavailableError:
                failure = failure or "model_unavailable"
                break
            self.usage = self.usage.plus(completion.usage)
            try:
                answer = read(completion.text, self._asked.offered)
                self.tokens = completion.tokens
                self._model.judged(self.usage.model, useful=True)
                return answer, None
            except UnusableError as error:
                failure = "model_unusable"
                if rescued is None and (rescued := self._rescued(completion)) is not None:
                    self.tokens = completion.tokens
                problem = None if completion.cut else str(error)
            repaired = self._prompter.repair(self._asked, self._playbook, completion.text, problem)
            if repaired is None:
                break
            prompt = repaired
        if failure == "model_unusable":
            self._model.judged(self.usage.model, useful=rescued is not None)
        return rescued, None if rescued else failure

    def _rescued(self, completion: Completion) -> ModelAnswer | None:
        return rescue(completion.text, self._asked.offered) if completion.cut else None


def vote_of(answer: ModelAnswer, queue: str, redacted: Redacted, likelihood: float | None = None) -> Vote:
    """The answer as a vote. Its confidence is the model's claim, which `decide` does not believe.

    Each alternative gets half of what is left, and less than the one before it. Only quotes that stand in
    the message become evidence.
    """
    ceiling = min(max(answer.confidence, 1), 99) / 100
    scores, left = {queue: ceiling}, 1 - ceiling
    for other in answer.alternatives:
        ceiling = min(ceiling * 0.9, left / 2)
        scores[other] = ceiling
        left -= ceiling
    return Vote(
        voter="model",
        scores=scores,
        flags=dict.fromkeys(answer.flags, 1.0),
        secondary=dict.fromkeys(answer.secondary, 1.0),
        evidence=tuple(e for quote in answer.quotes if (e := _quoted(quote, queue, redacted)) is not None),
        reason=answer.reason,
        likelihood=likelihood,
    )


def _quoted(quote: str, queue: str, redacted: Redacted) -> Evidence | None:
    found = find_quote(quote, redacted.text)
    if found is None:
        if find_quote(quote, redacted.subject) is None:
            return None
        return Evidence(voter="model", kind="quote", text=quote, queue=queue, ref="subject")
    start, end = redacted.alignment.to_source(*found) or (None, None)
    return Evidence(voter="model", kind="quote", text=redacted.text[slice(*found)], start=start, end=end, queue=queue)
