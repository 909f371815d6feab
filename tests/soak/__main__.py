"""`make soak`: an hour of mixed load on a serving process, once it is warm, and whether anything that it holds grows.

python -m tests.soak [--minutes N] [--rate N] [--out FILE]     exit code 1 where something grows or was answered 5xx
python -m tests.soak --without correct,reply                   the same, and nothing is confirmed meanwhile
python -m tests.soak --judge FILE                              the verdict on samples that were taken before
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.bench.corpus import ACCOUNT
from evals.bench.programs import Served, serving
from service.wiring import open_desk
from tests.conftest import GivenSettings
from tests.loopback_model import LoopbackModel
from tests.receiver import Receiver, receiving
from tests.service.web.browser import PASSWORD
from tests.soak.mixed import Day
from tests.soak.slopes import slope_of
from tests.soak.watch import Sample, sample

LOGIN = "soak"
MODEL_S = 0.2
WARM_UP = 0.25
"""Share of the run that is not judged: caches and pools fill, the first learning anew takes its place."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A figure of a Sample, what an hour may add to it, as a share of its middle and at least as a number."""

    name: str
    unit: str
    share: float = 0.0
    least: float = 1.0

    def bearable(self, middle: float) -> float:
        return max(self.least, self.share * middle)


MOMENTARY = 4
"""So many more or fewer are open at a moment than at another; in an hour there are nine thousand calls."""

WATCHED = (
    Watched("memory_mb", "MB", share=0.03),
    Watched("own_mb", "MB", share=0.03),
    Watched("files", "", least=MOMENTARY),
    Watched("connections", "", least=MOMENTARY),
    Watched("threads", ""),
    Watched("helpers", ""),
    Watched("log_mb", "MB"),
    Watched("kb_a_message", "kB", share=0.1),
)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def prepared(data: Path, receiver: Receiver) -> str:
    """The reference account, learned, with a webhook and somebody who is signed in; their cookie."""
    desk = open_desk(GivenSettings(data=data, webhook_allow="127.0.0.1", webhook_http=True), index=False)

    async def prepare() -> str:
        await desk.webhooks.add(ACCOUNT, receiver.url(), by="soak")
        await desk.workbench.people.add(LOGIN, "admin", by="soak")
        links = desk.workbench.links
        return (await links.use(await links.for_password(LOGIN, by="soak"), "", PASSWORD)).secret

    try:
        return asyncio.run(prepare())
    finally:
        desk.close()


def given(model: LoopbackModel, **more: str) -> dict[str, str]:
    """The settings of the service: it asks the model where it is not sure, and learns from what is corrected."""
    asked = {"engine": "cascade", "model": "openai/loopback", "model_api_base": model.base, "model_api_key": "soak"}
    return asked | {"webhook_allow": "127.0.0.1", "webhook_http": "true", "key_rate": "0"} | more


async def soaked(
    data: Path, minutes: float, rate: float, every_s: float, out: Path, without: Sequence[str] = ()
) -> tuple[list[Sample], Day]:
    """The samples, each also as a line of `out` as soon as it is taken."""
    with LoopbackModel(latency_s=MODEL_S) as model:
        async with receiving() as receiver:
            cookie = await asyncio.to_thread(prepared, data, receiver)
            with serving(data, **given(model)) as served:
                end = time.monotonic() + 60 * minutes
                day = Day(f"http://127.0.0.1:{served.port}", served.key, cookie, LOGIN, without)
                watching = asyncio.create_task(_watched(served, data, day, every_s, end, out, model, receiver))
                await day.go_on(rate, end)
                return await watching, day


async def _watched(
    served: Served,
    data: Path,
    day: Day,
    every_s: float,
    end: float,
    out: Path,
    model: LoopbackModel,
    receiver: Receiver,
) -> list[Sample]:
    began, found = time.monotonic(), []
    while (left := end - time.monotonic()) > 0:
        await asyncio.sleep(min(every_s, left))
        taken = await asyncio.to_thread(sample, served.process, data / "aiguilleur.db", (time.monotonic() - began) / 60)
        found.append(taken)
        with out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(taken)) + "\n")
        say("  ".join(f"{name} {value:g}" for name, value in asdict(taken).items()) + f"  failed {day.failed()}")
        model.asked.clear()  # they keep what they hear: that would be our own growth, beside the service's
        receiver.heard.clear()
    return found


def judged(samples: Sequence[Sample]) -> bool:
    """Prints the verdict on each figure. True where nothing grows."""
    first = samples[int(len(samples) * WARM_UP)]
    kept = [one for one in samples if one.minute > first.minute]
    hours = [one.minute / 60 for one in kept]
    say(f"{f'from minute {first.minute:.0f}':<28}{'middle':>10}{'an hour':>10}{'95 % interval':>22}  verdict")
    worst = False
    for watched in WATCHED:
        values = [_figure(one, first, watched.name) for one in kept]
        slope, middle = slope_of(hours, values), sorted(values)[len(values) // 2]
        verdict = slope.verdict(watched.bearable(middle))
        worst |= verdict == "grows"
        between = f"{slope.low:+.2f} to {slope.high:+.2f}"
        say(f"{watched.name + ' ' + watched.unit:<28}{middle:>10.1f}{slope.middle:>+10.2f}{between:>22}  {verdict}")
    return not worst


def _figure(one: Sample, first: Sample, name: str) -> float:
    """What the sample says, or how much a message has added to the database, learned versions apart."""
    if name != "kb_a_message":
        return float(getattr(one, name))
    added = (one.database_mb - one.learned_mb) - (first.database_mb - first.learned_mb)
    return 1000 * added / max(1, one.messages - first.messages)


def read(file: Path) -> list[Sample]:
    return [Sample(**json.loads(line)) for line in file.read_text("utf-8").splitlines()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=80, help="the first quarter is not judged")
    parser.add_argument("--rate", type=float, default=3.0, help="things done a second; half of them are messages")
    parser.add_argument("--every", type=float, default=60.0, help="seconds between two samples")
    parser.add_argument("--out", type=Path, help="where to keep the samples, a JSON line each")
    parser.add_argument("--without", default="", help="what is not done: names of `tests.soak.mixed.Day`, with commas")
    parser.add_argument("--store", type=Path, help="a data folder with the reference account, learned; it is copied")
    parser.add_argument("--judge", type=Path, help="samples of an earlier run")
    options = parser.parse_args()
    if options.judge:
        return 0 if judged(read(options.judge)) else 1
    folder = Path(tempfile.mkdtemp(prefix="aiguilleur-soak-"))
    try:
        out, data = options.out or folder / "samples.jsonl", folder / "data"
        if options.store:
            shutil.copytree(options.store, data)
        without = options.without.split(",")
        samples, day = asyncio.run(soaked(data, options.minutes, options.rate, options.every, out, without))
    finally:
        shutil.rmtree(folder)
    for (what, status), count in sorted(day.statuses.items()):
        say(f"{what:<12}{status:>5}{count:>8}")
    for trouble in day.troubles:
        say(trouble)
    return 0 if judged(samples) and not day.failed() else 1


if __name__ == "__main__":
    sys.exit(main())
