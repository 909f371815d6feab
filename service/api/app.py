"""The HTTP door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from service.api import (
    answers,
    answers_editing,
    audits,
    calls,
    checks,
    corrections,
    digests,
    drafts,
    handing_over,
    health,
    learned,
    messages,
    oversight,
    playbooks,
    privacy,
    queues,
    suggestions,
    teams,
    triage,
    webhooks,
)
from service.api.described import described, operation_id
from service.api.limits import BodyLimit
from service.api.problems import Problem, add_problem_handlers, unforeseen
from service.api.turnstile import Turnstile
from service.domain.checked import DraftCheck
from service.domain.limits import MAX_REQUEST_BYTES
from service.domain.message import Message
from service.faults import Faults
from service.wiring import Desk

DESCRIPTION = """A customer's message in; a queue label with calibrated confidence, and a draft reply whose every
paragraph names its source, out. A human edits and sends: nothing here can.

Send `Authorization: Bearer KEY`. Errors are RFC 9457 problem documents that name the field and the cure.
Times are ISO 8601, ids are strings, lists that grow with the messages come in cursor pages."""

ERRORS = {
    401: "no key, or one that is not valid",
    403: "a key whose scope or account does not allow this",
    413: "a request over 2,000,000 bytes",
    422: "input that is wrong; `errors` names each field",
    429: "too much at once: a key's rate, triages in flight, or messages that wait; see `Retry-After`",
    503: "the database does not answer now; see `Retry-After`",
}

BODIES = (
    Message,
    messages.Correction,
    messages.RightFlags,
    messages.Reply,
    drafts.Redraft,
    drafts.SavedDraft,
    calls.Booking,
    calls.CallOutcome,
    DraftCheck,
    corrections.Decision,
    learned.Activation,
    learned.Refit,
    suggestions.Suggest,
    suggestions.Settlement,
    privacy.Erasing,
    webhooks.Subscription,
    teams.TeamWanted,
    teams.LevelWanted,
    answers_editing.AnswerWanted,
    handing_over.HandOver,
)
"""What is read from the raw bytes of a request."""

DOORS = (
    triage,
    messages,
    drafts,
    handing_over,
    calls,
    checks,
    corrections,
    learned,
    suggestions,
    queues,
    playbooks,
    answers,
    answers_editing,
    audits,
    privacy,
    webhooks,
    teams,
    oversight,
    digests,
    health,
)


def create_app(desk: Desk) -> FastAPI:
    """The API over a desk; it starts the desk's background work and stops it."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with desk.running():
            yield

    app = FastAPIOffline(
        title="Aiguilleur",
        version=version("aiguilleur"),
        description=DESCRIPTION,
        lifespan=lifespan,
        redoc_url=None,
        generate_unique_id_function=operation_id,
        responses={code: {"model": Problem, "description": text} for code, text in ERRORS.items()},
    )
    app.state.desk = desk
    app.add_middleware(Turnstile, path=messages.router.prefix)
    app.add_middleware(BodyLimit, limit=MAX_REQUEST_BYTES)
    app.add_middleware(Faults, answer=unforeseen)
    add_problem_handlers(app)
    for door in DOORS:
        app.include_router(door.router)
    app.openapi = lambda: described(app, BODIES)  # type: ignore[method-assign]  # FastAPI's documented way to extend it
    return app
