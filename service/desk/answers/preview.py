"""What an editor sees beside a canned answer: how it reads filled in, its facts and placeholders, what looks wrong."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from service.desk.clock import utc_now
from service.desk.playbooks.versions import Playbooks
from service.domain.answers import PLACEHOLDER, CannedAnswer
from service.domain.linted import LintFinding
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.errors import MissingError
from service.phrases import Phrases
from service.pipeline.check.facts import facts
from service.pipeline.check.lint import lint
from service.pipeline.clean import clean, opened
from service.pipeline.draft.filling import Filler
from service.pipeline.draft.preview import Fill, Shown, Slot, example_of, pieces, slots
from service.pipeline.redact import redact
from service.storage import answer_uses, answers, messages
from service.storage.database import Database, Transaction

TRIED = 8
"""Messages that an answer can be tried with: those that used it last."""


@dataclass(frozen=True, slots=True)
class Preview:
    """`facts` are the amounts, delays and so on that the text states, by kind; `findings` those of the lint that name
    this answer, with it as it is typed."""

    pieces: Sequence[Shown]
    facts: Mapping[str, Sequence[str]]
    slots: Sequence[Slot]
    findings: Sequence[LintFinding]


@dataclass(frozen=True, slots=True)
class Trial:
    """A message that an answer can be tried with."""

    id: str
    subject: str


class AnswerPreviews:
    def __init__(self, database: Database, playbooks: Playbooks, phrases: Callable[[str], Phrases]) -> None:
        self._database = database
        self._playbooks = playbooks
        self._phrases = phrases

    async def of(self, account: str, answer: CannedAnswer, message_id: str = "") -> Preview:
        """As the answer is typed, in the library or not. Without a message of the account's, with made-up values."""
        playbook = await self._playbooks.active(account)
        library, message = await self._database.read(_around, account, message_id)
        return await asyncio.to_thread(self._seen, playbook, library, answer, message)

    async def trials(self, account: str, answer_id: str) -> list[Trial]:
        """The messages whose draft rested on the answer last, the newest first."""
        return await self._database.read(_trials, account, answer_id)

    def _seen(
        self, playbook: Playbook, library: Sequence[CannedAnswer], answer: CannedAnswer, message: Message | None
    ) -> Preview:
        others = [one for one in library if one.id != answer.id]
        named = {name for one in others for name in PLACEHOLDER.findall(one.body)}
        found = lint([*others, answer], playbook, utc_now().date(), self._phrases(playbook.language), answer.id)
        fill = _filled(message, playbook, answer.language) if message else example_of(answer.language, playbook)
        return Preview(
            pieces=pieces(answer.body, fill),
            facts=_facts(answer.body),
            slots=slots(answer.body, playbook, named),
            findings=found,
        )


def _filled(message: Message, playbook: Playbook, language: str) -> Fill:
    message = opened(message)
    redacted, vault = redact(clean(message), message, playbook)
    filler = Filler(message, redacted, vault, playbook)
    return lambda text: filler.fill(text, language).text


def _facts(body: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one in facts(body):
        text = body[one.start : one.end].strip()
        if text not in found[one.kind]:
            found[one.kind].append(text)
    return dict(sorted(found.items()))


def _around(transaction: Transaction, account: str, message_id: str) -> tuple[list[CannedAnswer], Message | None]:
    library = answers.library(transaction, account)
    if not message_id:
        return library, None
    return library, _message(transaction, account, message_id)


def _message(transaction: Transaction, account: str, message_id: str) -> Message:
    """Raises MissingError."""
    found = messages.load(transaction, message_id)
    if found is None or found.account != account:
        raise MissingError("There is no such message.")
    return found


def _trials(transaction: Transaction, account: str, answer_id: str) -> list[Trial]:
    ids = answer_uses.newest(transaction, account, answer_id, TRIED)
    found = [(id_, messages.load(transaction, id_)) for id_ in ids]
    return [Trial(id_, message.subject) for id_, message in found if message]
