"""Options that several commands share, the settings that follow from them, and a desk for one command."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import ValidationError

from service.errors import FieldProblem, RefusedError
from service.settings import SHIPPED, Settings
from service.wiring import Desk, open_desk

T = TypeVar("T")
Command = TypeVar("Command", bound=Callable[..., Any])

ENGINES = ("local", "model", "cascade")

OTHERS = frozenset({"accounts", "examples", "samples"})
"""Of the shipped prompts, what a folder of one's own need not hold: an account, the API's examples, samples."""
NAMED = 5


def engine_option(command: Command) -> Command:
    return click.option("--engine", type=click.Choice(ENGINES), help="Overrides AIGUILLEUR_ENGINE.")(command)


def account_option(command: Command) -> Command:
    return click.option("--account", help="Needed where there are several.")(command)


@contextmanager
def opened(settings: Settings, *, index: bool = False, ready: bool = True) -> Iterator[Desk]:
    """A desk for one command, closed after it. `ready` as for `open_desk`: the commands that fill or look
    at a store leave it as it is."""
    desk = open_desk(settings, index=index, ready=ready)
    try:
        yield desk
    finally:
        desk.close()


def with_desk(verb: Callable[[Desk], Awaitable[T]], settings: Settings | None = None, *, index: bool = False) -> T:
    """What the verb answers, of a desk that is opened for it and closed after it."""

    async def done(desk: Desk) -> T:
        try:
            return await verb(desk)
        finally:
            await desk.disconnect()

    with opened(settings or settings_for(), index=index, ready=False) as desk:
        return asyncio.run(done(desk))


def settings_for(engine: str | None = None) -> Settings:
    """The settings in force. Raises RefusedError that names the variable which is wrong."""
    try:
        settings = Settings()
    except ValidationError as error:
        problems = tuple(
            FieldProblem(f"AIGUILLEUR_{str(mistake['loc'][0]).upper()}", mistake["msg"]) for mistake in error.errors()
        )
        raise RefusedError("A setting is wrong; mend it in the environment or in .env.", problems) from error
    if lacking := _lacking(settings.prompts):
        cure = f"{settings.prompts} lacks {', '.join(lacking[:NAMED])}; copy what this release's prompts/ has"
        problem = FieldProblem("AIGUILLEUR_PROMPTS", cure)
        raise RefusedError("A setting is wrong; mend it in the environment or in .env.", (problem,))
    if engine in {"model", "cascade"} and not settings.model:
        problem = FieldProblem("AIGUILLEUR_MODEL", f"set it to a litellm model name, or leave --engine {engine} out")
        raise RefusedError(f"The engine {engine} needs a model.", (problem,))
    return settings.model_copy(update={"engine": engine}) if engine else settings


def _lacking(prompts: Path) -> list[str]:
    """What such a folder must hold and this one does not: one that was copied from an older release, say."""
    if prompts == SHIPPED:
        return []
    files = sorted(file.relative_to(SHIPPED) for file in SHIPPED.rglob("*") if file.is_file())
    return [str(file) for file in files if file.parts[0] not in OTHERS and not (prompts / file).is_file()]
