"""Drafts of a message: listed, made anew by an advisor's wish, saved as he edits them. Nobody overwrites another's."""

from collections.abc import Awaitable, Callable

from service.desk.clock import Clock, utc_now
from service.desk.drafts.versions import (
    Ground,
    Wanted,
    answered,
    asked_of,
    base_of,
    ground_of,
    keep_versions,
    queue_of,
    says,
    start_of,
    versions_of,
)
from service.desk.intake.flights import Flights
from service.domain.draft import Draft, NoDraft
from service.domain.triage import Usage
from service.domain.version import DraftVersion
from service.errors import FieldProblem, RefusedError
from service.phrases import Phrases
from service.pipeline.knowledge import Knowledge
from service.pipeline.redraft import redraft
from service.pipeline.redraft.checking import checked
from service.pipeline.redraft.keeping import Start, with_paragraphs
from service.pipeline.redraft.revising import Revising, language_of, settled
from service.pipeline.redraft.wishes import understood
from service.storage.database import Database
from service.storage.drafts import Asked

SENSITIVE = "sensitive"


class Drafts:
    """`knowledge_of` gives what an account's messages are triaged with, `phrases_of` sentences in a language. Each verb
    takes `account` as `Messages` does."""

    def __init__(
        self,
        database: Database,
        knowledge_of: Callable[[str], Awaitable[Knowledge]],
        phrases_of: Callable[[str], Phrases],
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._knowledge_of = knowledge_of
        self._phrases_of = phrases_of
        self._clock = clock
        self._flights: Flights[DraftVersion] = Flights()

    async def list(self, message_id: str, account: str | None = None) -> list[DraftVersion]:
        """Oldest first. Raises MissingError."""
        return await self._database.read(versions_of, message_id, account)

    async def regenerate(self, message_id: str, wanted: Wanted, account: str | None = None) -> DraftVersion:
        """Another draft, for the queue that is in force by now: worded anew by the model, or by rule where the wish is
        a known one. What a person wrote stays word for word, and what he took out stays out; what he gave to keep is
        saved as a version of his own first. The same request again gives the same version.

        Raises MissingError, RefusedError for a wish that cannot be granted or where there is nothing to draft from,
        ConflictError while the message waits for its triage, where somebody saved another version meanwhile, or the
        key names another request.
        """
        ground = await self._database.read(ground_of, message_id, account)
        asked = asked_of(ground, wanted)
        return await self._flights.join((ground.case.id, asked), lambda: self._made(ground, wanted, asked))

    async def save(self, message_id: str, wanted: Wanted, account: str | None = None) -> DraftVersion:
        """Keeps the advisor's text as a version of its own, with its findings, in the place of what he saved a moment
        ago. The text of the last version again changes nothing.

        Raises MissingError, ConflictError where the message waits for its triage, or where somebody saved another
        version meanwhile: nothing is lost, both texts are there.
        """
        ground = await self._database.read(ground_of, message_id, account)
        asked = asked_of(ground, wanted)
        if found := await self._database.read(answered, ground.case.id, asked):
            return found
        base = base_of(ground, wanted)
        if base is not None and wanted.keep is not None and says(base.draft, wanted.keep):
            return base
        made = await self._own(ground, base, wanted)
        return await self._database.write(keep_versions, ground.case, [made], asked, base)

    async def _made(self, ground: Ground, wanted: Wanted, asked: Asked) -> DraftVersion:
        if found := await self._database.read(answered, ground.case.id, asked):
            return found
        base = base_of(ground, wanted)
        made: list[DraftVersion] = []
        if wanted.keep is not None and not (base and says(base.draft, wanted.keep)):
            made.append(await self._own(ground, base, wanted))
        start = start_of(base, wanted)
        knowledge = await self._knowledge_of(ground.case.account)
        before = made[-1] if made else base
        revising = self._revising(ground, wanted, start, before.draft if before else None, knowledge)
        done = await redraft(ground.message, ground.case.id, revising, knowledge)
        if isinstance(done.proposed, NoDraft):
            problem = FieldProblem(
                "wish", "write the draft yourself, or give the library an answer that fits", "undrafted"
            )
            raise RefusedError(done.proposed.reason, (problem,))
        version = DraftVersion(
            number=before.number + 1 if before else 1,
            base=before.number if before else 0,
            origin="wish",
            wish=wanted.wish,
            by=wanted.by,
            at=self._clock(),
            engine=knowledge.engine if done.by_model else "local",
            locked=tuple(sorted(revising.locked_in(done.proposed))),
            usage=done.usage,
            draft=done.proposed,
        )
        return await self._database.write(keep_versions, ground.case, [*made, version], asked, base)

    def _revising(
        self, ground: Ground, wanted: Wanted, start: Start, draft: Draft | None, knowledge: Knowledge
    ) -> Revising:
        """Raises RefusedError for a wish that nobody here can grant."""
        playbook, triage, queue = knowledge.playbook, ground.triage, queue_of(ground)
        if queue is None:
            problem = FieldProblem("id", "correct the message's queue first: answers are found by it", "no_queue")
            raise RefusedError("No queue is known to draft for.", (problem,))
        by_rule = None
        if knowledge.asking is None or knowledge.engine == "local":
            by_rule = understood(wanted.wish, playbook.language) if wanted.wish else ()
        language = language_of(by_rule or ())
        plain = {one.id for one in playbook.situations if one.plain}
        return Revising(
            decision=settled(triage, queue),
            start=start,
            base=draft,
            cited=ground.cited,
            phrases=self._phrases_of(language or (draft.language if draft else triage.language)),
            now=self._clock(),
            wish=wanted.wish,
            by_rule=by_rule,
            sober=SENSITIVE in triage.flags or bool(draft and plain & {*draft.situations}),
        )

    async def _own(self, ground: Ground, base: DraftVersion | None, wanted: Wanted) -> DraftVersion:
        """What the advisor has now, as a version."""
        knowledge = await self._knowledge_of(ground.case.account)
        triage = ground.triage
        empty = Draft(language=triage.language, subject="", body="", paragraphs=())
        start = start_of(base, wanted)
        draft = with_paragraphs(base.draft if base else empty, start.paragraphs)
        return DraftVersion(
            number=base.number + 1 if base else 1,
            base=base.number if base else 0,
            origin="advisor",
            by=wanted.by,
            at=self._clock(),
            engine="local",
            locked=tuple(sorted(start.locked)),
            usage=Usage(),
            draft=await checked(draft, ground.cited, ground.message, settled(triage, queue_of(ground)), knowledge),
        )
