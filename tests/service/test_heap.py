import subprocess
import sys
import weakref

import pytest

from service.heap import give_back

THREADS = """
import ctypes, sys, tempfile, threading
from service.heap import few_heaps, give_back

if "few" in sys.argv:
    few_heaps()
glibc = ctypes.CDLL(None)
glibc.malloc.restype = glibc.fopen.restype = ctypes.c_void_p
together = threading.Barrier(24)

def hold():
    together.wait()
    assert glibc.malloc(5_000)
    together.wait()

threads = [threading.Thread(target=hold) for _ in range(24)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
give_back()
with tempfile.NamedTemporaryFile() as file:
    stream = ctypes.c_void_p(glibc.fopen(file.name.encode(), b"w"))
    glibc.malloc_info(0, stream)
    glibc.fclose(stream)
    print(file.read().count(b"<heap nr="))
"""


def heaps(*asked: str) -> int:
    run = subprocess.run([sys.executable, "-c", THREADS, *asked], capture_output=True, text=True, check=True)
    return int(run.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it is glibc that gives each thread a heap")
def test_however_many_threads_there_are_they_share_two_heaps() -> None:
    assert heaps() > 2
    assert heaps("few") <= 2


def test_python_looks_rarely_and_not_at_what_was_loaded_once_a_process_is_settled() -> None:
    told = "import gc; from service.heap import settle; settle(); print(gc.get_threshold()[0], gc.get_freeze_count())"
    run = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    threshold, frozen = map(int, run.stdout.split())
    assert threshold > 10_000
    assert frozen > 1_000


class Ring:
    def __init__(self) -> None:
        self.itself = self


def test_what_only_each_other_need_goes_before_memory_is_given_back() -> None:
    gone = weakref.ref(Ring())
    give_back()
    assert gone() is None
