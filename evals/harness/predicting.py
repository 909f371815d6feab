"""Sends labelled messages the product's own way, one after the other."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from evals.harness.dataset import Labelled, sender_key
from evals.harness.masking import shown_of
from evals.harness.predictions import Expected, Prediction, RedactionCount
from evals.harness.replies import chrf
from evals.redaction import RedactionScore, Share, count
from service.desk.clock import utc_now
from service.domain.confirmed import Confirmed
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.domain.redacted import Redacted
from service.domain.triage import Triage
from service.pipeline.clean import clean, opened
from service.pipeline.knowledge import Knowledge
from service.pipeline.redact import redact
from service.pipeline.redact.veil import veiled
from service.pipeline.run import triage
from service.ports import Model
from service.storage.ids import new_id

AHEAD = 2
"""Messages begun for each call to a model, so that a slow answer does not keep the following ones waiting."""

SHOWN = 700
"""Characters of a message that a report may show."""

HIDDEN = "[[…]]"


ModelOf = Callable[[Labelled], Model]


async def predict(
    dataset: Iterable[Labelled], knowledge: Knowledge, concurrency: int, model_of: ModelOf | None = None
) -> AsyncGenerator[Prediction, None]:
    """Predictions in the order of the dataset. Without a model one at a time, so that each latency is its own.

    `model_of`: a model for each message, in place of the one that is set.
    """
    await warm(knowledge)
    most = 1 if knowledge.engine == "local" else AHEAD * concurrency
    flying: deque[asyncio.Task[Prediction]] = deque()
    try:
        for labelled in dataset:
            known = knowledge if model_of is None else asking(knowledge, model_of(labelled))
            flying.append(asyncio.ensure_future(predict_one(labelled, known)))
            if len(flying) >= most:
                yield await flying.popleft()
        while flying:
            yield await flying.popleft()
    finally:
        for task in flying:
            task.cancel()
        await asyncio.gather(*flying, return_exceptions=True)


async def warm(knowledge: Knowledge) -> None:
    """So that the first message does not pay for what is loaded once."""
    message = Message(body=knowledge.playbook.queues[0].definition, account=knowledge.playbook.account)
    await triage(message, replace(knowledge, engine="local", asking=None), new_id(), utc_now())


def asking(knowledge: Knowledge, model: Model) -> Knowledge:
    """The same with another model behind the prompts that are built for the one that is set."""
    return knowledge if knowledge.asking is None else replace(knowledge, asking=replace(knowledge.asking, model=model))


async def predict_one(labelled: Labelled, knowledge: Knowledge) -> Prediction:
    playbook = knowledge.playbook
    message = labelled.confirmed.message.model_copy(update={"account": playbook.account})
    result = await triage(message, knowledge, new_id(), utc_now())
    expected = expected_of(labelled, playbook).model_copy(update=_of_the_draft(result, labelled, playbook))
    return Prediction(**dict(_without_personal_data(result, message, playbook)), expected=expected)


def _without_personal_data(result: Triage, message: Message, playbook: Playbook) -> Triage:
    """What stands in a run folder: of its message's attachments, too, nothing personal is kept."""
    readable = opened(message)
    texts = "\n".join((readable.body, *(file.text or "" for file in message.attachments)))
    whole = readable.model_copy(update={"body": texts})
    return veiled(result, message, redact(clean(whole), whole, playbook)[1])


def _of_the_draft(result: Triage, labelled: Labelled, playbook: Playbook) -> dict[str, Any]:
    if result.draft is None:
        return {}
    reply = labelled.confirmed.reply
    return {
        "shown": shown_of(labelled.confirmed, result.draft, playbook),
        "chrf": chrf(result.draft.body, reply) if reply.strip() else None,
    }


def expected_of(labelled: Labelled, playbook: Playbook) -> Expected:
    confirmed = labelled.confirmed
    readable = opened(confirmed.message)
    redacted, vault = redact(clean(readable), readable, playbook)
    score = RedactionScore()
    count(score, confirmed.model_copy(update={"message": readable}), redacted, vault)
    recall, precision = score.recall, score.precision
    return Expected(
        queue=confirmed.queue,
        secondary=confirmed.secondary,
        flags=confirmed.flags,
        answers=confirmed.answers,
        language=confirmed.language,
        difficulty=confirmed.difficulty,
        channel=confirmed.message.channel,
        group=labelled.group,
        sender=sender_key(confirmed.message),
        masked_subject=_masked(redacted.subject, confirmed),
        masked_text=_shortened(_masked(_words(redacted), confirmed)),
        redaction=RedactionCount(
            found=recall.right,
            labelled=recall.n,
            right=precision.right,
            replaced=precision.n,
            found_by_kind=_pairs(score.recall_by_kind),
            right_by_kind=_pairs(score.precision_by_kind),
        ),
    )


def _pairs(shares: Mapping[str, Share]) -> dict[str, tuple[int, int]]:
    return {kind: (share.right, share.n) for kind, share in shares.items()}


def _words(redacted: Redacted) -> str:
    return redacted.own or redacted.text


def _masked(text: str, confirmed: Confirmed) -> str:
    """Also what redaction missed, where the labels know of it."""
    for personal in sorted((one for one in confirmed.pii if len(one) > 2), key=len, reverse=True):
        text = text.replace(personal, HIDDEN)
    return text


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rsplit(maxsplit=1)[0]} …"
