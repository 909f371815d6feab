"""Every verb in one place, as the doors call them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from retrieval.library import Library
from retrieval.spelling import french_words
from service.connectors.attachments import Readers
from service.connectors.metrics import Metrics
from service.connectors.tracing import Tracing
from service.courier import Courier
from service.desk.accounts import AccountContent, Accounts, Imported, no_such_account
from service.desk.answers.library import Answers
from service.desk.answers.stats import AnswerStatistics
from service.desk.board.review import Review
from service.desk.clock import utc_now
from service.desk.drafts.checking import Checking
from service.desk.drafts.drafting import Drafts
from service.desk.intake.backlog import Backlog
from service.desk.intake.pressure import Gate, Rates
from service.desk.intake.receiving import Intake
from service.desk.intake.triage import TriageDesk
from service.desk.learning.contested import Corrections
from service.desk.learning.refit import Refits
from service.desk.learning.suggestions import Suggestions
from service.desk.learning.versions import Learning
from service.desk.messages import Messages
from service.desk.oversight.digests import Digests
from service.desk.oversight.mix import Mixing
from service.desk.people.keys import Keys
from service.desk.playbooks.versions import Playbooks
from service.desk.privacy.retention import Purging
from service.desk.privacy.rights import Privacy
from service.desk.privacy.sealing import Sealing
from service.desk.shelf import Shelf
from service.desk.upkeep.check import Check
from service.desk.upkeep.health import Health
from service.desk.upkeep.readable import unreadable
from service.desk.webhooks.subscriptions import Webhooks
from service.domain.collections import answers_of, confirmed_of
from service.domain.message import Message
from service.domain.redacted import ours
from service.domain.triage import Triage
from service.errors import FieldProblem, RefusedError, UnavailableError
from service.heap import settle
from service.phrases import Phrases, load_phrases
from service.pipeline.knowledge import Asking
from service.pipeline.run import triage
from service.playbooks.folder import read_account
from service.ports import Prompt, Turn
from service.prover import Prover
from service.purger import Purger
from service.refitter import Refitter
from service.scheduler import Scheduler
from service.settings import Settings
from service.storage.database import Database
from service.wiring.editor import Editor
from service.wiring.workbench import Workbench
from service.worker import Worker

PONG = {
    "type": "object",
    "properties": {"pong": {"type": "string"}},
    "required": ["pong"],
    "additionalProperties": False,
}
PING = Prompt((Turn("user", ours("ping")),), PONG, max_tokens=16)
PING_S = 20.0


@dataclass(slots=True)
class Desk:
    """Every verb that a person, a CRM or a job may ask for."""

    settings: Settings
    accounts: Accounts
    playbooks: Playbooks
    answers: Answers
    answer_stats: AnswerStatistics
    checking: Checking
    learning: Learning
    keys: Keys
    workbench: Workbench
    messages: Messages
    review: Review
    drafts: Drafts
    corrections: Corrections
    suggestions: Suggestions
    intake: Intake
    backlog: Backlog
    gate: Gate
    rates: Rates
    triages: TriageDesk
    health: Health
    mixing: Mixing
    digests: Digests
    metrics: Metrics
    tracing: Tracing
    worker: Worker
    webhooks: Webhooks
    courier: Courier
    refits: Refits
    refitter: Refitter
    editor: Editor
    prover: Prover
    privacy: Privacy
    purging: Purging
    purger: Purger
    scheduler: Scheduler
    sealing: Sealing
    shelf: Shelf
    library: Library
    asking: Asking | None
    files: Readers | None
    database: Database

    async def account(self, named: str | None) -> str:
        """The account of that name, or the only one. Raises RefusedError."""
        known = await self.accounts.list()
        if named is None and len(known) == 1:
            return known[0]
        if named in known:
            return str(named)
        if not known:
            cure = "`aiguilleur serve` makes the reference account, `aiguilleur playbook import FOLDER` one of yours"
            raise RefusedError("There is no account yet.", (FieldProblem("account", cure),))
        raise no_such_account(named, known)

    async def conclude(self, message: Message, triage_id: str, now: datetime) -> Triage:
        """A Triage that is not stored."""
        knowledge = await self.shelf.of(message.account or await self.account(None))
        return await triage(message, knowledge, triage_id, now)

    async def import_folder(self, folder: Path, by: str) -> Imported:
        """Takes in an account's folder. Raises MissingError, RefusedError that names every mistake."""
        found = await asyncio.to_thread(read_account, folder)
        content = AccountContent(found.files, found.playbook, found.answers, found.messages)
        return await self.accounts.import_(content, by)

    async def diagnose(self) -> tuple[Check, ...]:
        """Everything that `doctor` tells: what is stored, and whether the model answers."""
        checks = await self.health.checks()
        if all(check.ok for check in checks if check.name in {"database", "tables"}):
            checks += await unreadable(self.playbooks, await self.accounts.list())
        checks += await self.health.lights()
        return checks if self.asking is None else (*checks, await self._model_answers(self.asking))

    async def _model_answers(self, asking: Asking) -> Check:
        deadline = asyncio.get_running_loop().time() + PING_S
        try:
            completion = await asking.model.complete(PING, deadline)
        except UnavailableError as error:
            cure = "look at that server, AIGUILLEUR_MODEL_API_BASE and the key; local voters answer meanwhile"
            return Check("model", False, error.detail, cure=cure)
        return Check("model", True, f"{completion.usage.model} answers in {completion.usage.model_ms:.0f} ms")

    async def rebuild_index(self) -> dict[str, int] | None:
        """Makes the index anew from the database: passages by collection.

        None where it could not be made: another process holds it, or the Chroma server does not answer.
        """
        names = [of(account) for account in await self.accounts.list() for of in (answers_of, confirmed_of)]
        return await asyncio.to_thread(self._indexed_anew, names)

    def _indexed_anew(self, collections: list[str]) -> dict[str, int] | None:
        sizes = {name: self.library.prepare(name) for name in collections}
        return sizes if self.library.rebuild() else None

    def phrases(self, language: str) -> Phrases:
        return load_phrases(self.settings.prompts, language)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Triages what waits, refits what is due, and removes what is past its term, until it is left, unless the
        settings leave all work to others. Then it is given back, within ten seconds in all."""
        self.tracing.start()
        if self.settings.works:
            self.worker.start()
            self.courier.start()
            self.refitter.start()
            self.workbench.quality.measurer.start()
            self.prover.start()
            self.purger.start()
            self.scheduler.start()
            self.workbench.indexer.start()
        warming = asyncio.create_task(self._warm())
        try:
            yield
        finally:
            warming.cancel()
            learning = (self.refitter, self.prover, self.workbench.quality.measurer)
            background = (self.workbench.indexer, self.scheduler, self.purger, *learning, self.worker, self.courier)
            await asyncio.gather(self.triages.drain(), *(each.stop() for each in background))
            await self.disconnect()
            await asyncio.to_thread(self.close)

    async def disconnect(self) -> None:
        """Closes the connections to models, on the event loop that they were opened on."""
        if self.asking is not None:
            await self.asking.model.close()

    def close(self) -> None:
        """Gives back what it holds: the index, the reading processes, the database's connections. Blocks."""
        self.tracing.close()
        self.library.close()
        if self.files is not None:
            self.files.close()
        self.database.close()

    async def _warm(self) -> None:
        """So that the first message does not pay for what is loaded once."""
        await asyncio.to_thread(french_words)
        if self.asking is not None:
            await asyncio.to_thread(self.asking.model.warm)
        for account in await self.playbooks.readable(await self.accounts.list()):
            for collection in (answers_of(account), confirmed_of(account)):
                await asyncio.to_thread(self.library.prepare, collection)
            knowledge = replace(await self.shelf.of(account), engine="local", asking=None)
            await triage(Message(body=knowledge.playbook.queues[0].definition), knowledge, "", utc_now())
        settle()
