"""One message under the playbook in force and under an edition: what the keywords say, and what is decided."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from service.desk.clock import utc_now
from service.desk.playbooks.versions import Playbooks
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.domain.redacted import Redacted
from service.domain.triage import Triage
from service.pipeline.knowledge import Knowledge
from service.pipeline.votes.keywords import keyword_hits
from service.playbooks.matcher import Hit, KeywordMatcher
from service.storage import messages
from service.storage.database import Database
from service.storage.playbooks import Files

Know = Callable[[str], Awaitable[Knowledge]]
Conclude = Callable[[Message, Knowledge, str, datetime], Awaitable[Triage]]
Prepare = Callable[[Message, Playbook], Redacted]


@dataclass(frozen=True, slots=True)
class Seen:
    """Under one playbook. `hits` occur in the redacted text, which their spans are of with its subject before."""

    triage: Triage
    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True)
class Preview:
    """The learned voters are those in force: they learn from an edition once it is. `learned` is False where the
    edition has other queues, so that they are not heard. `text` is the redacted message."""

    text: str
    before: Seen
    after: Seen
    learned: bool


class Previewing:
    """Asks no model, and stores nothing."""

    def __init__(
        self, database: Database, playbooks: Playbooks, know: Know, conclude: Conclude, prepare: Prepare,
    ) -> None:  # fmt: skip
        self._database = database
        self._playbooks = playbooks
        self._know = know
        self._conclude = conclude
        self._prepare = prepare

    async def message(self, message_id: str, account: str) -> Message | None:
        """One of the account's, by our id or the caller's."""
        return await self._database.glance(messages.load_of, message_id, account)

    async def see(self, account: str, files: Files, message: Message) -> Preview:
        """Raises RefusedError while the edition has mistakes."""
        playbook = await self._playbooks.read(files)
        known = replace(await self._know(account), engine="local", asking=None, history=None)
        same = playbook.queue_ids == known.playbook.queue_ids
        edited = replace(
            known, playbook=playbook, matcher=KeywordMatcher(playbook), learned=known.learned if same else None
        )
        message = message.model_copy(update={"account": account})
        redacted = self._prepare(message, playbook)
        before, after = [await self._seen(message, redacted, one) for one in (known, edited)]
        return Preview(redacted.text, before, after, same)

    async def _seen(self, message: Message, redacted: Redacted, knowledge: Knowledge) -> Seen:
        triage = await self._conclude(message, knowledge, "", utc_now())
        return Seen(triage, keyword_hits(redacted, knowledge.matcher))
