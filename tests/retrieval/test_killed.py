"""A process that is killed while it writes to the index loses nothing."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from retrieval.hashed import HashedEmbedder
from retrieval.library import Library
from tests.retrieval.killed_run import STEP, open_library
from tests.retrieval.stores import MemoryStore, many

ROOT = Path(__file__).parents[2]
KILLS = 10
LONGEST_S = 0.6


def run_and_kill(folder: Path, count: int, after_s: float) -> int:
    """How many passages the process may have had when it was killed."""
    command = [sys.executable, "-m", "tests.retrieval.killed_run", str(folder), str(count)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        time.sleep(after_s)
        process.kill()
        lines = [said, *process.stdout.read().splitlines()]
    whole = [int(line) for line in lines if line.strip().isdigit()]
    return max([count, *whole]) + STEP


@pytest.mark.timeout(120)
def test_every_passage_is_found_after_each_of_many_kills(tmp_path: Path) -> None:
    moments, count = random.Random(7), 100
    for _ in range(KILLS):
        count = run_and_kill(tmp_path, count, moments.uniform(0, LONGEST_S))
    store = MemoryStore(a=many(count))
    exact, library = Library(store, HashedEmbedder()), open_library(store, tmp_path)
    texts = [passage.text for passage in many(count)[:: max(1, count // 150)]]
    before = [library.search("a", text, 10) for text in texts]
    library.settled(60)
    assert library.settled(60)
    after = [library.search("a", text, 10) for text in texts]
    expected = [exact.search("a", text, 10) for text in texts]
    library.close()
    assert before == expected
    assert [hits[0] for hits in after] == [hits[0] for hits in expected]
    same = sum(len({h.passage.id for h in a} & {h.passage.id for h in b}) for a, b in zip(after, expected, strict=True))
    assert same >= 0.99 * sum(len(hits) for hits in expected)
