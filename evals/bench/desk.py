"""`python -m evals.bench.desk`: every page of the workbench with 100,000 messages in the store, alone, and while
advisors and a lead work and messages come in. `--database` measures PostgreSQL."""

import asyncio
import os
import random
import re
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import click
import httpx2

from evals.bench.desk_pages import DOWNLOADED, LED, Paths, filled_in
from evals.bench.full_desk import work
from evals.bench.full_store import FIRST, NAMES, fill
from evals.bench.lead_desk import LEAD, under_way
from evals.bench.machine import described, warning
from evals.bench.programs import serving
from evals.bench.rows import p50, p95
from evals.bench.workplace import settings
from service.domain.person import Role
from service.settings import PROMPTS
from service.storage.cases import Filter
from service.wiring import Desk, open_desk

ACCOUNT = "club-horizon-auto"
AIM_MS, AIM_KB = 200, 200
PAUSE_S = 4.0
"""Between two pages of one advisor, on average."""

ASKED = (
    "remboursement", "facture impayée", '"prise en charge"', "résiliation adhésion", "rembours*", "batterie démarre",
    "carte grise voiture", "HX-{number:07}", "client{sender}@example.org", "{first} {name}", "bonjour", "panne garage",
)  # fmt: skip

KINDS = {"desk": 2, "filtered": 1, "search": 2, "message": 4, "news": 4}
"""What advisors open, and how often beside the others."""
ALONE = 40
"""Times that each page of an advisor is opened alone; one of a lead's, a third."""
LED_PAUSE_S = 0.25
READY_WITHIN_S = 600

UNDER_WAY = re.compile(r'id="progress"|data-poll')

Took = dict[str, list[tuple[float, int]]]
"""By what was opened: milliseconds and bytes."""


@dataclass
class Opened:
    """What the pages of one kind took: alone, one after the other, and while others work. `spent_ms`: the server's
    processor time of one, which other work on the machine changes least."""

    alone: list[tuple[float, int]]
    spent_ms: float
    busy: list[tuple[float, int]] = field(default_factory=list)


@click.command()
@click.option("--messages", "count", default=100_000, show_default=True)
@click.option("--advisors", default=20, show_default=True)
@click.option("--seconds", default=60, show_default=True, help="How long they work.")
@click.option("--a-minute", "coming", default=60, show_default=True, help="Messages that come in.")
@click.option(
    "--database",
    "databases",
    multiple=True,
    default=("sqlite",),
    show_default=True,
    help="`sqlite`, or a PostgreSQL database without tables, as a URL. Can be given twice.",
)
def main(count: int, advisors: int, seconds: int, coming: int, databases: tuple[str, ...]) -> None:
    """Fills a store, serves it, and lets advisors work. Exit code 0 whatever the verdicts."""
    for name in [name for name in os.environ if name.startswith("AIGUILLEUR_")]:
        del os.environ[name]
    machine = described()
    print("  ".join(f"{name}: {value}" for name, value in machine.items()))
    print(warning(float(str(machine["load_average"]))) or "The machine is idle.", flush=True)
    for database in databases:
        url = "" if database == "sqlite" else database
        with tempfile.TemporaryDirectory(prefix="aiguilleur-desk-") as folder:
            data = Path(folder) / "data"
            store = prepared(data, url, count, advisors)
            pages = measured(data, url, store, count, seconds, coming)
        shown = "PostgreSQL" if url else "SQLite"
        print(f"{count:,} messages, {advisors} advisors and a lead, {coming} messages a minute, {shown}")
        print(told(pages))
        print(f"load average meanwhile: {os.getloadavg()[0]:.1f}", flush=True)


def measured(data: Path, url: str, store: "Store", count: int, seconds: int, coming: int) -> dict[str, Opened]:
    """By kind of page, each kind that there is."""
    with serving(data, **({"database_url": url} if url else {})) as server:
        base = f"http://127.0.0.1:{server.port}"
        asyncio.run(_ready(base, store))
        pages = asyncio.run(_alone(base, server.key, store, count, server.process))
        took = asyncio.run(_work(base, server.key, store, count, seconds, coming / 60))
    for what, each in took.items():
        pages[what].busy = each
    return pages


@dataclass(frozen=True)
class Store:
    """The session cookies of those who work in it, and what the lead opens."""

    cookies: Sequence[str]
    lead: str
    led: Paths
    files: Paths
    trial: str


def prepared(data: Path, database: str, count: int, advisors: int) -> Store:
    """A full store, with work of a lead's under way in it."""
    data.mkdir()
    desk = open_desk(settings(data, database_url=database), index=False, ready=False)
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        account = Path(shutil.copytree(PROMPTS / "accounts" / ACCOUNT, Path(folder) / ACCOUNT))
        shutil.rmtree(account / "examples")  # what is learned makes no page slower, and takes minutes
        for file in sorted((account / "confirmed").glob("*.jsonl"))[2:]:
            file.unlink()
        asyncio.run(desk.import_folder(account, by="bench"))
    asyncio.run(desk.learning.learn(ACCOUNT, by="bench"))
    fill(desk.database, ACCOUNT, count)
    cookies = [asyncio.run(_signed_in(desk, f"Advisor {number}")) for number in range(advisors)]
    lead = asyncio.run(_signed_in(desk, LEAD, "admin"))
    playbook = asyncio.run(desk.playbooks.active(ACCOUNT))
    work(desk.database, ACCOUNT, playbook.queue_ids)
    found = dict(asyncio.run(under_way(desk, playbook, advisors)))
    found["message"] = asyncio.run(desk.messages.list(Filter(), 1)).items[0].id
    desk.close()
    print(f"The store was filled in {time.perf_counter() - begun:.0f} s.", flush=True)
    return Store(cookies, lead, filled_in(LED, found), filled_in(DOWNLOADED, found), found["trial"])


async def _ready(base: str, store: Store) -> None:
    """Once what was asked for is done: a trial and two runs."""
    end = time.perf_counter() + READY_WITHIN_S
    async with _browser(base, store.lead) as client:
        for path in (f"/playbooks/trials/{store.trial}", "/quality"):
            while UNDER_WAY.search((await client.get(path)).text):
                if time.perf_counter() > end:
                    raise SystemExit(f"{path} is not done after {READY_WITHIN_S} s.")
                await asyncio.sleep(1)


async def _signed_in(desk: Desk, name: str, role: Role = "advisor") -> str:
    await desk.workbench.people.add(name, role, by="bench")
    links = desk.workbench.links
    found = await links.use(await links.for_password(name, by="bench"), "", "correct cheval pile agrafe")
    return found.secret


async def _alone(base: str, key: str, store: Store, count: int, process: int) -> dict[str, Opened]:
    """One page after the other."""
    chance, pages = random.Random(1), {}
    async with _browser(base, store.cookies[0]) as client, _browser(base, store.lead, key) as lead:
        ids = _ids_in(await _open(client, "desk", "/?stage=all", defaultdict(list)))
        for what in KINDS:
            paths = [_path(what, ids, count, chance) for _ in range(ALONE)]
            pages[what] = await _opened(client, paths, process)
        for what, each in {**store.led, **store.files}.items():
            pages[what] = await _opened(lead, [chance.choice(each) for _ in range(ALONE // 3)], process)
    return pages


async def _opened(client: httpx2.AsyncClient, paths: Sequence[str], process: int) -> Opened:
    """After three that are not counted: the first view of a page after a start reads its template."""
    took: Took = defaultdict(list)
    for each in paths[:3]:
        await _open(client, "before", each, took)
    begun = _processor_s(process)
    for each in paths:
        await _open(client, "page", each, took)
    return Opened([*took["page"], *took["desk"]], (_processor_s(process) - begun) * 1000 / len(paths))


def _processor_s(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _work(base: str, key: str, store: Store, count: int, seconds: int, a_second: float) -> Took:
    took: Took = defaultdict(list)
    end = time.perf_counter() + seconds
    each = enumerate(store.cookies)
    workers = [_advise(base, cookie, count, end, took, random.Random(at)) for at, cookie in each]
    await asyncio.gather(_hand_in(base, key, end, a_second), _lead(base, key, store, end, took), *workers)
    return took


async def _lead(base: str, key: str, store: Store, end: float, took: Took) -> None:
    """Opens one kind of page after the other."""
    chance, kinds = random.Random(2), cycle(store.led)
    async with _browser(base, store.lead, key) as client:
        while time.perf_counter() < end:
            await asyncio.sleep(LED_PAUSE_S)
            what = next(kinds)
            await _open(client, what, chance.choice(store.led[what]), took)


async def _advise(base: str, cookie: str, count: int, end: float, took: Took, chance: random.Random) -> None:
    async with _browser(base, cookie) as client:
        ids: list[str] = []
        while time.perf_counter() < end:
            await asyncio.sleep(chance.expovariate(1 / PAUSE_S))
            what = chance.choices(list(KINDS), list(KINDS.values()))[0]
            ids = _ids_in(await _open(client, what, _path(what, ids, count, chance), took)) or ids


def _browser(base: str, cookie: str, key: str = "") -> httpx2.AsyncClient:
    headers = {"cookie": f"aiguilleur_session={cookie}", "accept": "text/html", "accept-language": "fr"}
    headers |= {"authorization": f"Bearer {key}"} if key else {}
    return httpx2.AsyncClient(base_url=base, headers=headers, timeout=60, trust_env=False)


def _ids_in(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('href="/messages/')[1:]]


def _path(what: str, ids: Sequence[str], count: int, chance: random.Random) -> str:
    said = {"number": chance.randrange(count), "sender": chance.randrange(count // 3)}
    asked = chance.choice(ASKED).format(**said, first=chance.choice(FIRST), name=chance.choice(NAMES))
    order = chance.choice(["newest", "newest", "oldest", "best"])
    filters = ("/?queue=resiliation", "/?stage=all&flag=sensitive", "/?band=unsure", "/?stage=answered&channel=chat")
    paths = {"desk": "/", "filtered": chance.choice(filters), "news": "/news"}
    paths["search"] = f"/?{httpx2.QueryParams({'search': asked, 'order': order})}"
    paths["message"] = f"/messages/{chance.choice(ids)}" if ids else "/"
    return paths[what]


async def _open(client: httpx2.AsyncClient, what: str, path: str, took: Took) -> str:
    begun = time.perf_counter()
    response = await client.get(path)
    passed = (time.perf_counter() - begun) * 1000
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status_code}")
    took["desk" if what == "message" and path == "/" else what].append((passed, len(response.content)))
    return str(response.text)


async def _hand_in(base: str, key: str, end: float, a_second: float) -> None:
    """Messages that are triaged meanwhile, on the same two cores."""
    async with httpx2.AsyncClient(base_url=base, timeout=60, trust_env=False) as client:
        headers: Mapping[str, str] = {"authorization": f"Bearer {key}"}
        number = 0
        while time.perf_counter() < end:
            await asyncio.sleep(1 / a_second)
            body = {"body": f"Bonjour, je voudrais résilier mon adhésion {number}.", "account": ACCOUNT}
            (await client.post("/v1/messages", json=body, headers=headers)).raise_for_status()
            number += 1


def told(pages: Mapping[str, Opened]) -> str:
    """A table of milliseconds and kilobytes; `!` is beside what is over an aim."""
    head = f"| page | alone p50 | p95 | processor | busy p50 | p95 | n | largest kB |\n|{'---|' * 8}"
    return "\n".join([head, *(_row(what, page) for what, page in pages.items())])


def _row(what: str, page: Opened) -> str:
    alone, busy = ([took for took, _ in each] for each in (page.alone, page.busy))
    largest = max(size for _, size in (*page.alone, *page.busy)) / 1000
    cells = [f"{p50(alone):.0f}", _held(p95(alone), AIM_MS), f"{page.spent_ms:.0f}"]
    cells += [f"{p50(busy):.0f}", _held(p95(busy), AIM_MS)] if busy else ["", ""]
    return f"| {what} | {' | '.join(cells)} | {len(busy)} | {_held(largest, AIM_KB)} |"


def _held(figure: float, aim: float) -> str:
    return f"{figure:.0f}{' !' if figure > aim else ''}"


if __name__ == "__main__":
    main()
