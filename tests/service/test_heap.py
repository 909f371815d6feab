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

LARGE = """
import ctypes, sys
from service.heap import few_heaps

if "few" in sys.argv:
    few_heaps()
glibc = ctypes.CDLL(None)
glibc.malloc.restype = ctypes.c_void_p
glibc.free.argtypes = [ctypes.c_void_p]
told = type("mallinfo2", (ctypes.Structure,), {"_fields_": [(f"f{n}", ctypes.c_size_t) for n in range(10)]})
glibc.mallinfo2.restype = told
outside = glibc.mallinfo2().f3
glibc.free(glibc.malloc(8_000_000))
assert glibc.malloc(4_000_000)
print(glibc.mallinfo2().f3 - outside)
"""

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it is glibc that is told")


def found(script: str, *asked: str) -> int:
    run = subprocess.run([sys.executable, "-c", script, *asked], capture_output=True, text=True, check=True)
    return int(run.stdout)


@linux
def test_however_many_threads_there_are_they_share_two_heaps() -> None:
    assert found(THREADS) > 2
    assert found(THREADS, "few") <= 2


@linux
def test_a_large_block_lies_outside_the_heaps_also_after_another_has_gone() -> None:
    assert found(LARGE) == 0
    assert found(LARGE, "few") == 1


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
