"""`python -m evals.bench.desk`: the workbench with 100,000 messages in the store, while advisors and a lead work and
messages come in: milliseconds to each page, beside the aim. `--database` measures PostgreSQL."""

import asyncio
import os
import random
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle
from pathlib import Path

import click
import httpx2

from evals.bench.full_desk import work
from evals.bench.full_store import FIRST, NAMES, fill
from evals.bench.machine import described, warning
from evals.bench.programs import serving
from evals.bench.rows import Row, at_most, p50, p95
from evals.bench.table import table
from evals.bench.workplace import settings
from service.domain.person import Role
from service.settings import PROMPTS
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
LED = {
    "answers": ("/answers", "/answers?order=used", "/answers?q=facture"),
    "answer": ("/answers/one/{answer}",),
    "corrections": ("/corrections", "/corrections/labels", "/corrections/decided"),
    "suggestions": ("/corrections/suggestions",),
    "playbook": ("/playbooks", "/playbooks/versions"),
    "editor": ("/playbooks/editions/{edition}", "/playbooks/editions/{edition}/file?name=queues/{queue}.yaml"),
    "quality": ("/quality", "/quality/audits"),
    "oversight": ("/oversight", "/oversight?grain=week"),
    "teams": ("/teams",),
    "audit": ("/audit",),
    "me": ("/me",),
}
"""What a lead opens."""

ALONE = 40

Paths = Mapping[str, Sequence[str]]
"""By what is opened."""

Took = dict[str, list[tuple[float, int]]]
"""By what was opened: milliseconds and bytes."""


@click.command()
@click.option("--messages", "count", default=100_000, show_default=True)
@click.option("--advisors", default=20, show_default=True)
@click.option("--seconds", default=60, show_default=True, help="How long they work.")
@click.option("--a-minute", "coming", default=60, show_default=True, help="Messages that come in.")
@click.option("--database", default="", help="A PostgreSQL database without tables, as a URL; else SQLite.")
def main(count: int, advisors: int, seconds: int, coming: int, database: str) -> None:
    """Fills a store, serves it, and lets advisors work. Exit code 0 whatever the verdicts."""
    for name in [name for name in os.environ if name.startswith("AIGUILLEUR_")]:
        del os.environ[name]
    machine = described()
    print("  ".join(f"{name}: {value}" for name, value in machine.items()))
    print(warning(float(str(machine["load_average"]))) or "The machine is idle.", flush=True)
    with tempfile.TemporaryDirectory(prefix="aiguilleur-desk-") as folder:
        data = Path(folder) / "data"
        cookies, led = _prepared(data, database, count, advisors)
        given = {"database_url": database} if database else {}
        with serving(data, **given) as server:
            base = f"http://127.0.0.1:{server.port}"
            rows = asyncio.run(_alone(base, cookies, led, count, server.process))
            took = asyncio.run(_work(base, server.key, cookies, led, count, seconds, coming / 60))
    rows += [row for what, each in sorted(took.items()) for row in _rows(what, each)]
    print(
        f"{count:,} messages, {advisors} advisors, {coming} messages a minute, {'PostgreSQL' if database else 'SQLite'}"
    )
    print(table(rows))
    print(f"load average meanwhile: {os.getloadavg()[0]:.1f}")


def _prepared(data: Path, database: str, count: int, advisors: int) -> tuple[Sequence[str], Paths]:
    """The session cookies of those who will work in the full store, the lead's last, and what the lead opens."""
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
    cookies.append(asyncio.run(_signed_in(desk, "Lead", "lead")))
    playbook = asyncio.run(desk.playbooks.active(ACCOUNT))
    work(desk.database, ACCOUNT, playbook.queue_ids)
    edition = asyncio.run(desk.editor.editions.begin(ACCOUNT, "Bench", by="Lead"))
    answer = asyncio.run(desk.workbench.answers.editing.all(ACCOUNT))[0].answer
    found = {"edition": edition.id, "queue": playbook.queue_ids[0], "answer": answer.id}
    desk.close()
    print(f"The store was filled in {time.perf_counter() - begun:.0f} s.", flush=True)
    return cookies, {what: [path.format(**found) for path in paths] for what, paths in LED.items()}


async def _signed_in(desk: Desk, name: str, role: Role = "advisor") -> str:
    await desk.workbench.people.add(name, role, by="bench")
    links = desk.workbench.links
    found = await links.use(await links.for_password(name, by="bench"), "", "correct cheval pile agrafe")
    return found.secret


async def _alone(base: str, cookies: Sequence[str], led: Paths, count: int, process: int) -> list[Row]:
    """The server's processor time a page, one after the other: what other work on the machine does not change."""
    chance = random.Random(1)
    async with _browser(base, cookies[0]) as client, _browser(base, cookies[-1]) as lead:
        ids = _ids_in(await _open(client, "desk", "/?stage=all", defaultdict(list)))
        rows = [await _spent(client, what, lambda: _path(what, ids, count, chance), process) for what in KINDS]  # noqa: B023
        return rows + [await _spent(lead, what, lambda: chance.choice(led[what]), process) for what in led]  # noqa: B023


async def _spent(client: httpx2.AsyncClient, what: str, path: Callable[[], str], process: int) -> Row:
    paths = [path() for _ in range(ALONE)]
    for each in paths[:3]:
        await _open(client, what, each, defaultdict(list))
    begun = _processor_s(process)
    for each in paths:
        await _open(client, what, each, defaultdict(list))
    spent = (_processor_s(process) - begun) * 1000 / ALONE
    return Row("desk", f"{what}: processor time a page", spent, "ms", ALONE)


def _processor_s(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _work(
    base: str, key: str, cookies: Sequence[str], led: Paths, count: int, seconds: int, a_second: float
) -> Took:
    took: Took = defaultdict(list)
    end = time.perf_counter() + seconds
    *advisors, lead = cookies
    workers = [_advise(base, cookie, count, end, took, random.Random(at)) for at, cookie in enumerate(advisors)]
    await asyncio.gather(_hand_in(base, key, end, a_second), _lead(base, lead, led, end, took), *workers)
    return took


async def _lead(base: str, cookie: str, led: Paths, end: float, took: Took) -> None:
    """Opens a page a second, so that each kind is opened a few times."""
    chance, kinds = random.Random(2), cycle(led)
    async with _browser(base, cookie) as client:
        while time.perf_counter() < end:
            await asyncio.sleep(1)
            what = next(kinds)
            await _open(client, what, chance.choice(led[what]), took)


async def _advise(base: str, cookie: str, count: int, end: float, took: Took, chance: random.Random) -> None:
    async with _browser(base, cookie) as client:
        ids: list[str] = []
        while time.perf_counter() < end:
            await asyncio.sleep(chance.expovariate(1 / PAUSE_S))
            what = chance.choices(list(KINDS), list(KINDS.values()))[0]
            ids = _ids_in(await _open(client, what, _path(what, ids, count, chance), took)) or ids


def _browser(base: str, cookie: str) -> httpx2.AsyncClient:
    headers = {"cookie": f"aiguilleur_session={cookie}", "accept": "text/html", "accept-language": "fr"}
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


def _rows(what: str, each: Sequence[tuple[float, int]]) -> list[Row]:
    times, sizes = [took for took, _ in each], [size / 1000 for _, size in each]
    return [
        Row("desk", f"{what}: p50", p50(times), "ms", len(each)),
        Row("desk", f"{what}: p95", p95(times), "ms", len(each), at_most(AIM_MS)),
        Row("desk", f"{what}: largest page", max(sizes), "kB", len(each), at_most(AIM_KB)),
    ]


if __name__ == "__main__":
    main()
