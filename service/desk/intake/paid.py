"""An answer of a model's that was paid for is on disk before anything uses it: whatever crashes after it, the same
question about the same message is answered from there."""

import json
from collections import OrderedDict
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from service.desk.clock import Clock, utc_now
from service.desk.intake.gathering import Gathered
from service.domain.message import Message
from service.domain.triage import Usage
from service.errors import NoTurnError, UnavailableError, WaitsError
from service.log import Said, code_of, log
from service.pipeline.knowledge import Asking
from service.ports import Completion, Forwarding, Model, Prompt
from service.storage import model_answers
from service.storage.database import Database, Transaction

KEPT = timedelta(days=1)
"""An answer whose message was never triaged, since nobody asked again, is gone after this."""
UNSTORED = 1_000
"""Answers held in memory while the database is away."""
SCHEMAS = 256
"""Held with their hashes: one an account, a version of its playbook and a number of canned answers shown."""


@dataclass(frozen=True, slots=True)
class Question:
    """What an answer is for. `asked_for` is the same when the same message is triaged again after a crash."""

    message_id: str
    asked_for: str
    patient: bool = False


class _Answer(NamedTuple):
    id: str
    question: Question
    content: str
    at: datetime


class Paid:
    """The answers of all processes on one database."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._line: Gathered[_Answer, None] = Gathered(database, _keep, _id_of, together=database.embedded)
        self._unstored: OrderedDict[str, str] = OrderedDict()

    def about(self, asking: Asking, message: Message, message_id: str, patient: bool = False) -> Asking:
        """The same model, for this message. A `patient` one raises WaitsError where the bounds on calls leave no room,
        which is no reason to do without the model."""
        question = Question(message_id, model_answers.asked_for(message, message_id), patient)
        return replace(asking, model=PaidModel(asking.model, self, question))

    async def found(self, answer_id: str) -> Completion | None:
        """Raises nothing: where the database is away, the model is asked."""
        if (held := self._unstored.get(answer_id)) is not None:
            return _read(held)
        try:
            content = await self._database.glance(model_answers.find, answer_id)
        except UnavailableError:
            return None
        return None if content is None else _read(content)

    async def keep(self, answer_id: str, question: Question, completion: Completion) -> None:
        """On disk when this returns; in memory, where the database is away."""
        content = _written(completion)
        try:
            await self._line.write(_Answer(answer_id, question, content, self._clock()))
        except UnavailableError as error:
            log(Said.ANSWER_NOT_KEPT, cause=code_of(error))
            self._unstored[answer_id] = content
            while len(self._unstored) > UNSTORED:
                self._unstored.popitem(last=False)

    async def sweep(self) -> int:
        """Removes what nobody came back for. Raises UnavailableError."""
        return await self._database.write(model_answers.sweep, self._clock() - KEPT)


class PaidModel(Forwarding):
    """A `service.ports.Model` for one message."""

    def __init__(self, model: Model, paid: Paid, question: Question) -> None:
        super().__init__(model)
        self._paid = paid
        self._question = question

    async def complete(self, prompt: Prompt, deadline: float) -> Completion:
        answer_id = model_answers.hash_of(self._question.asked_for, self._model.name, _asked(prompt))
        known = await self._paid.found(answer_id)
        if known is not None:
            return known
        try:
            completion = await self._model.complete(prompt, deadline)
        except NoTurnError as error:
            if self._question.patient:
                raise WaitsError(error.detail, error.retry_after) from error
            raise
        await self._paid.keep(answer_id, self._question, completion)
        return completion


def _keep(transaction: Transaction, answer: _Answer) -> None:
    about = answer.question
    model_answers.keep(transaction, answer.id, about.message_id, about.asked_for, answer.content, answer.at)


def _id_of(answer: _Answer) -> str:
    return answer.id


def _asked(prompt: Prompt) -> str:
    """The whole question, the schema by its hash: it is the same for many a message, and takes longest to read."""
    said = [text for turn in prompt.turns for text in (turn.role, turn.content)]
    rest = (prompt.schema_words, str(prompt.max_tokens), str(prompt.weighed), _schemas.hash_of(prompt.schema))
    return "\x00".join((*said, *rest))


class _Schemas:
    """Hashes of the schemas asked for last, each by the identity of what is held here and so can be no other."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[dict[str, Any], str]] = {}

    def hash_of(self, schema: dict[str, Any]) -> str:
        known = self._known.get(id(schema))
        if known is None:
            if len(self._known) >= SCHEMAS:
                self._known.clear()
            known = self._known[id(schema)] = schema, model_answers.hash_of(json.dumps(schema, sort_keys=True))
        return known[1]


_schemas = _Schemas()


def _written(completion: Completion) -> str:
    told = {field.name: getattr(completion, field.name) for field in fields(completion)}
    return json.dumps(told | {"usage": completion.usage.model_dump()}, ensure_ascii=False)


def _read(content: str) -> Completion:
    told = json.loads(content)
    tokens = tuple((str(piece), float(likely)) for piece, likely in told["tokens"])
    return Completion(told["text"], Usage.model_validate(told["usage"]), told["cut"], tokens)
