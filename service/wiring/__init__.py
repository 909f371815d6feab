"""Builds everything once. Tests call it with settings of their own."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from retrieval.library import Library
from retrieval.passages import PassageStore
from service.connectors.embedders import embedder_of, library_of
from service.connectors.metrics import Metrics
from service.connectors.search import RetrievedSearch
from service.connectors.tracing import Tracing
from service.desk.accounts import Accounts
from service.desk.answers.library import Answers
from service.desk.answers.stats import AnswerStatistics
from service.desk.board.review import Review
from service.desk.clock import utc_now
from service.desk.drafts.checking import Checking
from service.desk.drafts.drafting import Drafts
from service.desk.intake.backlog import Backlog
from service.desk.intake.history import StoredHistory
from service.desk.intake.paid import Paid
from service.desk.intake.pressure import Backpressure, Gate, Rates
from service.desk.intake.receiving import Intake
from service.desk.intake.triage import Pipeline, TriageDesk
from service.desk.intake.urgency import Urgency
from service.desk.learning.confirmed import ConfirmedMessages
from service.desk.learning.contested import Corrections
from service.desk.learning.objections import Objections
from service.desk.messages import Messages
from service.desk.oversight.digests import Digests
from service.desk.oversight.mix import Mixing
from service.desk.oversight.tallying import Tallying
from service.desk.people.keys import Keys
from service.desk.playbooks.versions import Playbooks
from service.desk.shelf import Shelf
from service.desk.upkeep.health import Health
from service.desk.upkeep.schedule import Schedule
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.domain.redacted import Redacted
from service.domain.triage import Triage
from service.errors import AiguilleurError, FieldProblem, RefusedError
from service.log import Code, Said, code, code_of, id_of, log
from service.phrases import load_phrases
from service.pipeline.clean import clean, opened
from service.pipeline.redact import redact
from service.pipeline.run import triage
from service.playbooks import parse
from service.ports import Search
from service.scheduler import Scheduler
from service.settings import REFERENCE, Settings
from service.storage.database import Database
from service.storage.migrate import migrate
from service.storage.passages import Passages
from service.storage.privacy_encrypt import register
from service.wiring.bulk import InlineSearch, SteadyPassages
from service.wiring.desk import Desk
from service.wiring.editor import editor_of, prover_of
from service.wiring.knowing import Builder, asking_of, readers_of, resting_of
from service.wiring.learning import learn_apart, learning_of, refits_of, refitter_of, suggestions_of
from service.wiring.privacy import keyring, protecting
from service.wiring.tracing import TRIAGE, about, asked_in_sight, traced
from service.wiring.webhooks import telling_of, then_woken
from service.wiring.workbench import workbench_of
from service.worker import Worker

__all__ = ["Desk", "build_desk", "open_desk", "prepare"]

SWEEP, SWEEP_EVERY = "answers of the model", timedelta(hours=1)
COUNT_EVERY, DIGEST_EVERY = timedelta(seconds=30), timedelta(minutes=10)

LOCAL_AT_ONCE = 8
"""Messages that the worker triages at a time without a model: thinking does not go faster in parallel."""


def open_desk(settings: Settings, *, index: bool = True, ready: bool = True, bulk: bool = False) -> Desk:
    """A desk whose tables are those of this program. Not to be called on an event loop.

    `index`: hold the vector index (a server does); without, vectors are searched exactly.
    `ready`: an empty store gets the reference account, and one of an older program learns anew.
    `bulk`: for a process that does nothing else than to triage (`service.wiring.bulk`); it holds no index.

    Raises RefusedError for settings that cannot be used, UnavailableError where the database is away.
    """
    desk = build_desk(settings, index=index and not bulk, bulk=bulk)
    try:
        migrate(desk.database)
        with desk.database.writing() as transaction:
            register(transaction, utc_now())
        if ready:
            asyncio.run(_catch_up(desk))
    except BaseException:
        desk.close()
        raise
    return desk


def build_desk(settings: Settings, *, index: bool = True, bulk: bool = False) -> Desk:
    """A desk over whatever is stored there, which may be nothing. Raises RefusedError."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = FieldProblem("AIGUILLEUR_DATA", f"{error.strerror}; give a folder that can be written")
        raise RefusedError(f"The data folder {settings.data} cannot be made.", (problem,)) from error
    return _build(settings, Database(settings.database, keyring(settings)), index, bulk)


async def _catch_up(desk: Desk) -> None:
    """Brings an empty or older store to what this program expects. An account that cannot be served keeps no other from
    being served; where there is no other, its error is raised."""
    if not await desk.accounts.list():
        log(Said.STORE_EMPTY)
        await desk.import_folder(REFERENCE, by="first start")
    known, failed = await desk.accounts.list(), []
    for account in known:
        try:
            await _learn_where_needed(desk, account)
        except AiguilleurError as error:
            log(Said.NOT_READY, account=code(account), cause=code_of(error))
            failed.append(error)
    if len(failed) == len(known):
        raise failed[0]


async def _learn_where_needed(desk: Desk, account: str) -> None:
    if not await desk.shelf.learned_fits(account):
        log(Said.LEARNING, account=code(account))
        await asyncio.to_thread(learn_apart, desk.settings, account)


def _build(settings: Settings, database: Database, index: bool, bulk: bool) -> Desk:
    embedder = embedder_of(settings)
    library = library_of(settings, _passages(database, bulk), index, embedder)
    search = _search(library, bulk)
    metrics, tracing = Metrics(), Tracing(settings.otlp)
    asking = asking_of(settings, database, metrics.asked)
    playbooks = Playbooks(database, parse)
    learning = learning_of(settings, database, playbooks, embedder)
    refits = refits_of(settings, database, learning)
    accounts = Accounts(database, ConfirmedMessages(database, prepare))
    files = readers_of(settings)
    build = Builder(settings, search, asking, library, None if bulk else StoredHistory(database), files)
    health = Health(database, lambda: library.degraded, resting_of(asking), playbooks.refused)
    shelf = Shelf(playbooks, learning, build)
    editor = editor_of(settings, database, playbooks, embedder, shelf, prepare)
    return Desk(
        settings=settings,
        accounts=accounts,
        playbooks=playbooks,
        **_advising(settings, database, playbooks, search, shelf, metrics),
        learning=learning,
        keys=Keys(database),
        workbench=workbench_of(settings, database, playbooks, prepare),
        suggestions=suggestions_of(settings, database, playbooks, embedder, asking),
        health=health,
        metrics=metrics,
        tracing=tracing,
        **_taking_in(settings, database, playbooks, shelf, metrics, health, tracing),
        **_duties(database, playbooks, metrics),
        refits=refits,
        refitter=refitter_of(settings, refits, accounts, metrics),
        editor=editor,
        prover=prover_of(settings, editor),
        **protecting(settings, database, playbooks, library, index, metrics),
        shelf=shelf,
        library=library,
        asking=asking,
        files=files,
        database=database,
    )


def _taking_in(
    settings: Settings,
    database: Database,
    playbooks: Playbooks,
    shelf: Shelf,
    metrics: Metrics,
    health: Health,
    tracing: Tracing,
) -> dict[str, Any]:
    """The verbs about messages that come in, their triage and what is told of it, by their names in the Desk."""
    paid, backlog, telling = (
        Paid(database),
        Backlog(database, lease=timedelta(seconds=settings.lease_s), resting=playbooks.resting),
        telling_of(settings, database),
    )
    pipeline, patient = (_counted(shelf, metrics, health, paid, tracing, patient=each) for each in (False, True))
    triages = TriageDesk(database, pipeline, patient=patient)
    pressure, due_by = Backpressure(database, settings.backlog_most), Urgency(shelf).due_by
    finish = traced(then_woken(triages.finish, telling["courier"]), tracing, backlog.came_with)
    worker = Worker(backlog, finish, _at_once(settings))
    return {
        "triages": triages,
        "worker": worker,
        "intake": Intake(database, worker.wake, pressure=pressure, due_by=due_by, trace=tracing.carried),
        "backlog": backlog,
        "gate": Gate(settings.triage_at_once),
        "rates": Rates(settings.key_rate, settings.key_burst),
        **telling,
    }


def _duties(database: Database, playbooks: Playbooks, metrics: Metrics) -> dict[str, Any]:
    """What is done once in a while, by one process for all, and the verbs that tell what came of it."""
    tallying = Tallying(database)
    digests = Digests(database, playbooks, tallying)
    duties = (
        (Schedule(database, SWEEP, SWEEP_EVERY), Paid(database).sweep),
        (Schedule(database, "figures", COUNT_EVERY), tallying.count),
        (Schedule(database, "digests", DIGEST_EVERY), digests.make),
    )
    return {"digests": digests, "mixing": Mixing(database), "scheduler": Scheduler(duties, metrics.duty_failed)}


def _advising(
    settings: Settings, database: Database, playbooks: Playbooks, search: Search, shelf: Shelf, metrics: Metrics
) -> dict[str, Any]:
    """The verbs about messages, drafts and canned answers, by their names in the Desk."""
    answers, phrases = Answers(database), partial(load_phrases, settings.prompts)
    objections = Objections(database, search)
    return {
        "answers": answers,
        "answer_stats": AnswerStatistics(database, playbooks),
        "checking": Checking(answers, playbooks, phrases),
        "messages": Messages(database),
        "review": Review(database, playbooks, prepare, object_=objections, observe=metrics.corrected),
        "drafts": Drafts(database, shelf.of, phrases),
        "corrections": Corrections(database, playbooks, prepare),
    }


def _passages(database: Database, bulk: bool) -> PassageStore:
    return SteadyPassages(Passages(database)) if bulk else Passages(database)


def _search(library: Library, bulk: bool) -> Search:
    return InlineSearch(RetrievedSearch.over(library)) if bulk else RetrievedSearch.over(library)


def _at_once(settings: Settings) -> int:
    """With a model, as many as may ask it at a time, and a few that think meanwhile."""
    if settings.engine_in_force == "local":
        return LOCAL_AT_ONCE
    shared = settings.model_at_once or settings.model_concurrency
    return min(settings.model_concurrency, shared + LOCAL_AT_ONCE)


def _counted(
    shelf: Shelf, metrics: Metrics, health: Health, paid: Paid, tracing: Tracing, *, patient: bool
) -> Pipeline:
    async def pipeline(message: Message, triage_id: str) -> Triage:
        knowledge = await shelf.of(str(message.account))
        if knowledge.asking is not None:
            asking = asked_in_sight(knowledge.asking, tracing)
            knowledge = replace(knowledge, asking=paid.about(asking, message, triage_id, patient))
        with tracing.span("internal", TRIAGE) as span:
            result = await triage(message, knowledge, triage_id, utc_now())
            if tracing.on:
                span.tell(about(result))
        metrics.observe(result)
        metrics.breakers(health.breakers())
        log(Said.TRIAGED, **_told(result))
        return result

    return pipeline


def _told(triage: Triage) -> dict[str, Code | int | float]:
    """The log's line about a triage."""
    queue = triage.queue.id if triage.queue else "none"
    return {
        "message": id_of(triage.id),
        "account": code(triage.account),
        "outcome": code(triage.outcome_reason),
        "queue": code(queue),
        "ms": round(triage.duration_ms, 1),
    }


def prepare(message: Message, playbook: Playbook) -> Redacted:
    """What may be learned from a message, or shown as an example."""
    message = opened(message)
    redacted, _ = redact(clean(message), message, playbook)
    return redacted
