"""The findings of a draft that a person edited."""

import asyncio
from collections.abc import Sequence

from service.domain.answers import CannedAnswer
from service.domain.candidates import Candidates, ScoredAnswer
from service.domain.decision import Decision
from service.domain.draft import Draft
from service.domain.message import Message
from service.pipeline.check import check
from service.pipeline.clean import opened
from service.pipeline.draft import grounds
from service.pipeline.knowledge import Knowledge


async def checked(
    draft: Draft, cited: Sequence[CannedAnswer], message: Message, decision: Decision, knowledge: Knowledge
) -> Draft:
    """The draft with what no source holds; `decision` tells which situations apply. In a thread, since an advisor's
    page asks again and again."""
    return await asyncio.to_thread(_checked, draft, cited, message, decision, knowledge)


def _checked(
    draft: Draft, cited: Sequence[CannedAnswer], message: Message, decision: Decision, knowledge: Knowledge
) -> Draft:
    message, playbook = opened(message), knowledge.playbook
    offered = Candidates(answers=tuple(ScoredAnswer(answer, 1.0) for answer in cited))
    sources = grounds(draft, offered, decision, playbook)
    return check(draft, sources, knowledge.clean(message), message, playbook, knowledge.phrases)
