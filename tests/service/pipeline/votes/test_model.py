"""The model's opinion: asked once, repaired once, and never a reason to lose a message."""

import asyncio
import json
import time
from typing import Any

import pytest

from service.domain.alignment import Alignment, Run
from service.domain.redacted import Redacted
from service.domain.triage import Usage
from service.errors import BudgetSpentError, UnavailableError
from service.pipeline.votes.model import ModelOpinion, ask
from service.ports import Completion, Prompt
from tests.fakes import ScriptedModel
from tests.service.pipeline.prompting.made import a_playbook, candidates, hits, prompter, redacted, votes

GOOD: dict[str, Any] = {
    "quotes": ["combien je dois"],
    "reason": "Il demande un montant.",
    "queue": "facture",
    "confidence": 80,
    "alternatives": ["resiliation", "sinistre"],
    "secondary": ["sinistre"],
    "flags": ["urgent"],
    "language": "fr",
    "subject": "Votre facture",
    "paragraphs": [{"text": "Voici la suite.", "sources": ["R2", "account"]}],
}


def said(**changes: Any) -> str:
    return json.dumps({**GOOD, **changes})


async def opinion(model: ScriptedModel, message: Redacted | None = None, queue: str | None = None) -> ModelOpinion:
    message = message or redacted("Dites-moi, COMBIEN je dois ?")
    return await ask(model, a_playbook(), message, candidates(), votes(), hits(), 60.0, queue, prompter=prompter())


async def test_a_good_answer_is_a_vote_and_a_draft_with_its_sources() -> None:
    told = await opinion(ScriptedModel([said()]))
    assert told.failure is None
    assert told.vote is not None
    assert told.answer is not None
    assert told.vote.best == "facture"
    assert told.vote.scores == pytest.approx({"facture": 0.8, "resiliation": 0.1, "sinistre": 0.05})
    assert told.vote.flags == {"urgent": 1.0}
    assert told.vote.secondary == {"sinistre": 1.0}
    assert told.answer.paragraphs[0].sources == ("reponse_2", "account")
    assert told.usage.calls == 1


async def test_quotes_are_evidence_at_their_place_in_the_message_as_received() -> None:
    text = "[[PERSONNE_1]] : combien je dois ?"
    alignment = Alignment([Run(0, 14, 10, 15), Run(14, len(text), 15, 15 + len(text) - 14)])
    told = await opinion(ScriptedModel([said()]), redacted(text, alignment=alignment))
    assert told.vote is not None
    (evidence,) = told.vote.evidence
    assert (evidence.text, evidence.start, evidence.end) == ("combien je dois", 18, 33)


async def test_a_quote_that_is_not_in_the_message_is_no_evidence() -> None:
    told = await opinion(ScriptedModel([said(quotes=["je veux partir", ""])]))
    assert told.vote is not None
    assert told.vote.evidence == ()


@pytest.mark.parametrize(
    ("bad", "shown"),
    [
        ("Je ne sais pas.", "no JSON object"),
        (said(queue="autre"), "'autre'"),
        (said(queue=None), "queue"),
        (said(flags=["vip"]), "'vip'"),
        (said(secondary=["autre"]), "'autre'"),
        (said(paragraphs=[{"text": "x", "sources": ["R9"]}]), "'R9'"),
        (said(paragraphs="x"), "paragraphs"),
        (said(confidence="beaucoup"), "confidence"),
    ],
)
async def test_an_answer_that_is_no_use_gets_one_repair_that_shows_its_error(bad: str, shown: str) -> None:
    model = ScriptedModel([bad, said()])
    told = await opinion(model)
    assert told.failure is None
    assert told.usage.calls == 2
    assert model.judgements == [("scripted", True)]
    assert shown in model.prompts[1].turns[-1].content
    assert model.prompts[1].turns[:2] == model.prompts[0].turns


async def test_two_answers_without_use_are_a_failure_and_no_vote() -> None:
    model = ScriptedModel(["rien", said(queue="autre")])
    told = await opinion(model)
    assert (told.vote, told.answer, told.failure) == (None, None, "model_unusable")
    assert told.usage.calls == 2
    assert model.judgements == [("scripted", False)]


@pytest.mark.parametrize(
    ("error", "failure"),
    [(UnavailableError("down"), "model_unavailable"), (BudgetSpentError("spent"), "model_budget_spent")],
)
async def test_an_outage_is_a_failure_never_an_exception(error: Exception, failure: str) -> None:
    model = ScriptedModel([error])
    told = await opinion(model)
    assert (told.vote, told.answer, told.failure) == (None, None, failure)
    assert model.judgements == []


async def test_a_context_too_small_for_the_rules_is_a_failure_without_a_call() -> None:
    model = ScriptedModel([], context_tokens=900)
    assert (await opinion(model)).failure == "model_context_too_small"
    assert model.prompts == []


async def test_an_answer_cut_short_is_asked_for_again_shorter() -> None:
    cut = Completion(said()[:-20], Usage(calls=1), cut=True)
    model = ScriptedModel([cut, said()])
    told = await opinion(model)
    assert told.answer is not None
    assert told.answer.paragraphs
    assert "trop longue" in model.prompts[1].turns[-1].content


async def test_an_answer_cut_twice_keeps_its_label_and_loses_its_draft() -> None:
    cut = Completion(said()[:-20], Usage(calls=1), cut=True)
    told = await opinion(ScriptedModel([cut, cut]))
    assert told.failure is None
    assert told.vote is not None
    assert told.vote.best == "facture"
    assert told.answer is not None
    assert told.answer.paragraphs == ()


async def test_a_label_that_was_itself_cut_is_not_guessed() -> None:
    whole = said()
    cut = Completion(whole[: whole.index('"confidence"') - 5], Usage(calls=1), cut=True)
    assert (await opinion(ScriptedModel([cut, cut]))).failure == "model_unusable"


async def test_where_the_queue_is_decided_only_a_draft_is_read() -> None:
    told = await opinion(ScriptedModel([said(queue="autre", flags=["vip"])]), queue="resiliation")
    assert told.failure is None
    assert told.vote is None
    assert told.answer is not None
    assert told.answer.queue is None
    assert told.answer.paragraphs


class LoadedLate(ScriptedModel):
    """Takes a while to tell how much it reads, as one does whose library is not loaded yet."""

    left_s: float

    @property
    def context_tokens(self) -> int:
        time.sleep(0.3)
        return 16_000

    @context_tokens.setter
    def context_tokens(self, _: int) -> None: ...

    async def complete(self, prompt: Prompt, deadline: float) -> Completion:
        self.left_s = deadline - asyncio.get_running_loop().time()
        return await super().complete(prompt, deadline)


async def test_the_deadline_counts_from_the_question_on_and_not_from_what_is_loaded_for_it() -> None:
    model = LoadedLate([said()])
    await opinion(model)
    assert 59.75 < model.left_s <= 60.0
