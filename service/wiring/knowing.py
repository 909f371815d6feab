"""Puts together what an account's messages are triaged with."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from retrieval.embedding import knows_meanings
from retrieval.library import Library
from service.connectors.attachments import Limits as FileLimits
from service.connectors.attachments import Readers
from service.connectors.turns import SharedTurns
from service.domain.playbook import Playbook
from service.domain.triage import Versions
from service.learning.learned import Learned
from service.phrases import load_phrases
from service.pipeline.knowledge import Asking, Knowledge
from service.playbooks import KeywordMatcher
from service.ports import FileReader, History, Search
from service.settings import Settings
from service.storage import model_shares
from service.storage.database import Database
from service.storage.model_shares import Granted, Limits
from service.storage.spend import StoredLedger
from service.wiring.program import program_version

LEASE_MARGIN_S = 10.0
"""By which the lease of a share outlasts the longest call."""

TOKENS = "tokens"
"""Folder of the tokenizer's vocabulary, in the data folder."""


class Builder:
    """A `service.desk.shelf.Build`. One gateway serves all accounts, so that its bounds hold for all together."""

    def __init__(
        self,
        settings: Settings,
        search: Search,
        asking: Asking | None,
        library: Library,
        history: History | None = None,
        files: FileReader | None = None,
    ) -> None:
        self._settings = settings
        self._search = search
        self._embedder = library.embedder
        self._vector_of = library.remembered if knows_meanings(library.embedder) else None
        self._asking = asking
        self._history = history
        self._files = files
        self._engine = settings.engine_in_force

    def __call__(self, playbook: Playbook, learned: Learned | None) -> Knowledge:
        return Knowledge(
            playbook=playbook,
            matcher=KeywordMatcher(playbook),
            learned=learned,
            phrases=load_phrases(self._settings.prompts, playbook.language),
            search=self._search,
            engine=self._engine,
            versions=Versions(
                playbook=playbook.version,
                classifier=learned.version if learned else "",
                embedder=self._embedder,
                model=self._settings.model if self._asking else "",
                code=program_version(self._settings.prompts),
            ),
            asking=self._asking,
            vector_of=self._vector_of,
            history=self._history,
            files=self._files,
        )


def readers_of(settings: Settings) -> Readers | None:
    """What reads attachments; its processes start with the first file. None where there shall be none."""
    if not settings.attachment_processes:
        return None
    limits = FileLimits(
        size=settings.attachment_bytes,
        files=settings.attachment_count,
        pages=settings.attachment_pages,
        chars=settings.attachment_chars,
        seconds=settings.attachment_seconds,
        unpacked=settings.attachment_unpacked_bytes,
        memory=settings.attachment_memory_mb * 1024 * 1024,
    )
    return Readers(limits, settings.attachment_processes)


def asking_of(settings: Settings, database: Database, tell: Callable[[str, str], None]) -> Asking | None:
    """The model in force behind its gateway, or None. Only here is loaded what only a model needs. `tell` hears what
    comes of each message, by model."""
    if settings.engine_in_force == "local":
        return None
    from service.connectors.gateway import Gateway  # noqa: PLC0415
    from service.pipeline.prompting.prompter import Prompter  # noqa: PLC0415
    from service.pipeline.prompting.texts import load_texts  # noqa: PLC0415
    from service.pipeline.prompting.tokens import TokenCounter  # noqa: PLC0415

    turns = turns_of(settings, database)
    counter = TokenCounter(settings.data / TOKENS)
    prompter = Prompter(load_texts(settings.prompts), counter, settings.model_answer_tokens)
    gateway = Gateway(settings, StoredLedger(database), turns)
    gateway.rest.tell = tell
    return Asking(gateway, prompter, settings.model_deadline_s)


def resting_of(asking: Asking | None) -> Callable[[], Mapping[str, float]]:
    """Tells which models this process leaves alone, and for how many seconds. To be asked on the event loop."""
    if asking is None:
        return dict
    from service.connectors.gateway import Gateway  # noqa: PLC0415

    model = asking.model
    assert isinstance(model, Gateway)  # noqa: S101 - made above
    return lambda: model.rest.resting


def turns_of(settings: Settings, database: Database) -> SharedTurns | None:
    """None where no bound is shared: each process then goes by its own."""
    limits = Limits(settings.model_at_once, settings.model_per_minute)
    if limits == Limits():
        return None
    lease_s = settings.model_timeout_s + LEASE_MARGIN_S

    async def share(holder: str, busy: int, waiting: int) -> Granted:
        return await database.write(model_shares.share, holder, busy, waiting, limits, timedelta(seconds=lease_s))

    return SharedTurns(share, settings.model_concurrency, lease_s, settings.model_timeout_s, limits.per_minute > 0)
