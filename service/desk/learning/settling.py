"""A sentence that might settle two confused queues, drafted by a model where one is set."""

import asyncio
from collections.abc import Sequence

from service.domain.playbook import Playbook
from service.domain.suggestion import Suggestion
from service.errors import UnavailableError
from service.pipeline.prompting.settling import sentence_of, settling_prompt
from service.pipeline.prompting.texts import Texts
from service.ports import Model
from service.storage.confirmed import Lesson

MOST = 3
"""Pairs that the model is asked about each time."""
SHOWN = 6


class Settling:
    """A `service.desk.learning.suggestions.Draft` by a model. Where it does not answer in time, or nothing of use,
    suggestions stay as they are."""

    def __init__(self, model: Model, texts: Texts, deadline_s: float) -> None:
        self._model = model
        self._texts = texts
        self._deadline_s = deadline_s

    async def __call__(
        self, playbook: Playbook, found: Sequence[Suggestion], lessons: Sequence[Lesson]
    ) -> Sequence[Suggestion]:
        known = {one.id: one for one in lessons}
        pairs = [one.id for one in found if one.kind == "confusion"][:MOST]
        return [await self._drafted(playbook, one, known) if one.id in pairs else one for one in found]

    async def _drafted(self, playbook: Playbook, one: Suggestion, known: dict[str, Lesson]) -> Suggestion:
        shown = [known[each] for each in one.messages if each in known][:SHOWN]
        told = [(lesson.confirmed.queue, lesson.redacted) for lesson in shown]
        prompt = settling_prompt(self._texts, playbook, (one.queue, one.other or one.queue), one.sentences, told)
        try:
            said = await self._model.complete(prompt, asyncio.get_running_loop().time() + self._deadline_s)
        except UnavailableError:
            return one
        return one.model_copy(update={"drafted": "" if said.cut else sentence_of(said.text)})
