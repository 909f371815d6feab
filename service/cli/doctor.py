"""`aiguilleur doctor`: what is configured, reachable and healthy."""

import asyncio
import difflib
import json
import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import click
from dotenv import dotenv_values
from pydantic import SecretStr

from service.cli.options import settings_for
from service.connectors.tracing import Tracing
from service.desk.upkeep.check import Check
from service.errors import RefusedError
from service.settings import Settings
from service.wiring import Desk, build_desk
from service.wiring.finding import chroma_answers, index_is_taken, store_is_there

MASK = "********"
OTLP_PORT = 4317
PREFIX = "AIGUILLEUR_"
OTHERS = ("AIGUILLEUR_HOST", "AIGUILLEUR_PORT", "AIGUILLEUR_TESTS_")
"""How variables begin that are no settings: the container's entry script and the tests read them."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A setting as it may be shown. `origin` is `environment`, `.env` or `default`."""

    name: str
    value: str
    origin: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def doctor(as_json: bool) -> int:
    """Print every setting with its origin, and what is reachable and healthy; of what is not, since when and what to
    do. Exit 1 where something is not."""
    settings = settings_for()
    shown = list(_shown(settings))
    checks = _checks(settings)
    if as_json:
        document = {"settings": [asdict(one) for one in shown], "checks": [_document(check) for check in checks]}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        _print(shown, checks)
    return 0 if all(check.ok for check in checks) else 1


def _print(shown: list[Shown], checks: list[Check]) -> None:
    for one in shown:
        click.echo(f"{one.name:<38}{one.value or '(empty)'}  [{one.origin}]")
    click.echo()
    for check in checks:
        mark = "ok  " if check.ok else "FAIL" if check.required else "warn"
        click.echo(f"{mark}  {check.name}: {check.detail}")
        if not check.ok and check.since:
            click.echo(f"      since  {check.since:%Y-%m-%d %H:%M} UTC")
        if not check.ok and check.cure:
            click.echo(f"      do     {check.cure}")


def _document(check: Check) -> dict[str, object]:
    """Nothing is to be cured of what is in order."""
    since = check.since.isoformat() if check.since else None
    told = asdict(check) | {"since": since}
    return told | {"since": None, "cure": ""} if check.ok else told


def _shown(settings: Settings) -> Iterator[Shown]:
    written = {name.upper() for name in dotenv_values(".env")}
    for name in Settings.model_fields:
        variable = f"{PREFIX}{name.upper()}"
        origin = "environment" if variable in os.environ else ".env" if variable in written else "default"
        yield Shown(variable, _masked(getattr(settings, name)), origin)


def _masked(value: object) -> str:
    if isinstance(value, SecretStr):
        return MASK if value.get_secret_value() else ""
    text = str(value)
    return _without_password(text) if "://" in text else text


def _without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    credentials, at, place = rest.rpartition("@")
    user = credentials.partition(":")[0]
    return f"{scheme}://{user}:{MASK}@{place}" if at and ":" in credentials else url


def _checks(settings: Settings) -> list[Check]:
    """Looks, and makes nothing: a store of an older program, or none, is said to be one."""
    there = store_is_there(settings)
    with TemporaryDirectory(prefix="aiguilleur-") as aside:
        beside = {} if there and settings.data.exists() else {"data": Path(aside)}
        try:
            found = _looked(settings.model_copy(update=beside | ({} if there else {"database_url": ""})))
        except RefusedError as error:
            return [Check(problem.field, False, f"{error.detail} {problem.message}") for problem in error.problems]
    if not there:
        found = [_no_store(settings), *(check for check in found if check.name not in {"database", "tables"})]
    return [
        *_misspelt(),
        *_without_model(settings),
        _folder(settings.data),
        *found,
        _index(settings),
        *_collector(Tracing(settings.otlp).collector),
    ]


def _misspelt() -> Iterator[Check]:
    """Variables that would be settings and are none, which nothing else notices."""
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    given = sorted({name.upper() for name in (*os.environ, *dotenv_values(".env"))})
    for name in (one for one in given if one.startswith(PREFIX) and not one.startswith(OTHERS) and one not in known):
        near = difflib.get_close_matches(name, known, 1)
        cure = f"did you mean {near[0]}?" if near else "take it out; docs/settings.md lists them all"
        yield Check("settings", False, f"there is no setting {name}: it is ignored", required=False, cure=cure)


def _without_model(settings: Settings) -> Iterator[Check]:
    """An engine that was asked for and is not in force, which nothing else notices."""
    if settings.engine in {"model", "cascade"} and not settings.model:
        detail = f"AIGUILLEUR_ENGINE is {settings.engine}, but AIGUILLEUR_MODEL is empty: local voters alone answer"
        cure = "set AIGUILLEUR_MODEL to a litellm model name, or take AIGUILLEUR_ENGINE out"
        yield Check("engine", False, detail, required=False, cure=cure)


def _folder(data: Path) -> Check:
    """Whether something can be put into the data folder, and how much."""
    there = next(one for one in (data.absolute(), *data.absolute().parents) if one.exists())
    free = shutil.disk_usage(there).free / 2**30
    ok = there.is_dir() and os.access(there, os.W_OK | os.X_OK) and free > 0
    cure = "give the folder to the user who runs this, or make room on its disk, or name another in AIGUILLEUR_DATA"
    return Check("data folder", ok, f"{there}, {free:.1f} GiB free", cure=cure)


def _looked(settings: Settings) -> list[Check]:
    desk = build_desk(settings, index=False)
    try:
        return list(asyncio.run(_diagnosed(desk)))
    finally:
        desk.close()


def _no_store(settings: Settings) -> Check:
    cure = "`aiguilleur serve` makes one with the reference account, `aiguilleur playbook import` one with yours"
    return Check("database", False, f"there is no store yet ({settings.database})", cure=cure)


async def _diagnosed(desk: Desk) -> tuple[Check, ...]:
    try:
        return await desk.diagnose()
    finally:
        await desk.disconnect()


def _index(settings: Settings) -> Check:
    if settings.chroma_url:
        answers = chroma_answers(settings)
        cure = "start the Chroma server, or mend AIGUILLEUR_CHROMA_URL; exact search answers meanwhile"
        detail = f"{settings.chroma_url} {'answers' if answers else 'does not answer'}"
        return Check("chroma", answers, detail, cure=cure)
    taken = index_is_taken(settings)
    return Check("index", True, "held by a running server" if taken else "free", required=False)


def _collector(address: str) -> Iterator[Check]:
    """Whether somebody listens where traces are sent; nothing where none are."""
    if not address:
        return
    place = urlsplit(address if "://" in address else f"//{address}")
    try:
        socket.create_connection((place.hostname or "", place.port or OTLP_PORT), timeout=2).close()
    except OSError:
        cure = "start the collector, or empty AIGUILLEUR_OTLP; only spans are lost meanwhile"
        yield Check("traces", False, f"nobody listens on {place.netloc}", required=False, cure=cure)
    else:
        yield Check("traces", True, f"sent to {place.netloc}", required=False)
