"""The other side of the model path: a model that takes its time, and bare litellm, each in its own process."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from evals.bench.programs import FailedError
from service.connectors.formats import messages, response_format
from service.ports import Prompt

LATENCY_MS = 300
MODEL = "openai/loopback"
ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def loopback_model() -> Iterator[str]:
    """The address of tests/loopback_model.py, which answers by the schema that it is given."""
    command = [sys.executable, "-m", "tests.loopback_model", "--port", "0", "--latency-ms", str(LATENCY_MS)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().strip() if process.stdout else ""
            if not address:
                raise FailedError("the loopback model did not start")
            yield address
        finally:
            process.terminate()


class Caller:
    """A process that makes calls when it is told to: a module of this folder, with its arguments."""

    def __init__(self, module: str, *arguments: str) -> None:
        command = [sys.executable, "-m", module, *arguments]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _type: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self._process.terminate()
        self._process.communicate(timeout=30)

    def seconds(self, in_flight: int, calls: int, *how: str) -> float:
        """How long so many calls took. Blocks. Raises FailedError where one of them failed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(" ".join((str(in_flight), str(calls), *how)) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise FailedError("a call failed; see above")
        return float(answer)


class BareLitellm(Caller):
    """`evals.bench.bare`, with prompts as the gateway words them."""

    def __init__(self, prompts: Path, base: str) -> None:
        super().__init__("evals.bench.bare", str(prompts), base)

    def seconds_alike(self, in_flight: int, calls: int) -> float:
        """As `seconds`, asking as the gateway does for the likelihood of each token too."""
        return self.seconds(in_flight, calls, "weighed")


def rate(callers: Sequence[Caller], in_flight: int, calls: int) -> float:
    """Calls a second of these processes at once, until the last is done, each with its share of the calls and of those
    in flight. Blocks."""
    count, share = len(callers), calls // len(callers)
    each = max(1, in_flight // count)
    with ThreadPoolExecutor(count) as threads:
        passed: list[float] = list(threads.map(lambda one: one.seconds(each, share), callers))
    return count * share / max(passed)


def written(folder: Path, prompts: Sequence[Prompt]) -> Path:
    """The file of prompts that `BareLitellm` reads."""
    file = folder / "prompts.json"
    file.write_text(json.dumps([_arguments(prompt) for prompt in prompts], ensure_ascii=False), "utf-8")
    return file


def _arguments(prompt: Prompt) -> dict[str, object]:
    return {
        "model": MODEL,
        "messages": messages("schema", prompt),
        "response_format": response_format("schema", prompt),
        "max_tokens": prompt.max_tokens,
        "temperature": 0,
    }
