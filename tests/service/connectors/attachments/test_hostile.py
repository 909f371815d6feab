"""Files made to harm: each ends with a reason, none with the service."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from service.connectors.attachments import Limits, Readers
from service.domain.attachment import File, FileText
from tests.service.connectors.attachments import made

GOOD = File("good.txt", "text/plain", b"Bonjour")


async def read(readers: Readers, content: bytes) -> FileText:
    (found,) = await readers.read([File("file", "application/octet-stream", content)])
    return found


def environment_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (made.billion_laughs(), "unsafe"),
        (made.foreign_entity(), "unsafe"),
        (made.swelling_word(30), "unsafe"),
    ],
    ids=["billion laughs", "foreign entity", "zip bomb"],
)
async def test_a_booby_trap_is_refused(readers: Readers, content: bytes, reason: str) -> None:
    assert len(content) < 100_000
    assert (await read(readers, content)).reason == reason
    assert (await readers.read([GOOD]))[0].text == "Bonjour"


async def test_ten_thousand_pages_are_read_as_far_as_the_limit(readers: Readers) -> None:
    content = made.pdf("Page", pages=10_000)
    assert len(content) < 1_500_000
    found = await read(readers, content)
    assert (found.pages, found.reason) == (10_000, "truncated")
    assert found.text.count("Page") == Limits().pages


async def test_deep_nesting_is_no_matter(readers: Readers) -> None:
    assert (await read(readers, made.nested_word(50_000))).text.strip() == "au fond"


async def test_what_takes_too_long_is_killed_and_the_next_file_is_read() -> None:
    readers = Readers(Limits(seconds=3.0), processes=1)
    try:
        await readers.read([GOOD])
        (before,) = readers.pids
        began = time.monotonic()
        os.kill(before, signal.SIGSTOP)  # it hangs, and no limit of its own can end it
        assert (await readers.read([GOOD]))[0].reason == "timeout"
        assert time.monotonic() - began < 10
        assert (await readers.read([GOOD]))[0].text == "Bonjour"
        assert before not in readers.pids
    finally:
        readers.close()


async def test_a_process_that_dies_while_it_reads_is_replaced() -> None:
    readers = Readers(Limits(seconds=20.0), processes=1)
    try:
        await readers.read([GOOD])
        (before,) = readers.pids
        os.kill(before, signal.SIGSTOP)
        reading = asyncio.ensure_future(readers.read([GOOD]))
        await asyncio.sleep(0.2)
        os.kill(before, signal.SIGKILL)
        assert (await reading)[0].reason == "crashed"
        assert (await readers.read([GOOD]))[0].text == "Bonjour"
    finally:
        readers.close()


async def test_memory_that_a_file_asks_for_is_bounded() -> None:
    readers = Readers(Limits(seconds=20.0, memory=256 * 1024 * 1024), processes=1)
    try:
        found = await read(readers, made.swelling_pdf(300))
        assert found.reason in {"crashed", "too_heavy", "no_text", "corrupt", "timeout"}
        assert (await readers.read([GOOD]))[0].text == "Bonjour"
    finally:
        readers.close()


async def test_processes_start_with_the_first_file_and_end_with_their_owner() -> None:
    readers = Readers(Limits(seconds=20.0), processes=2)
    assert readers.pids == ()
    await asyncio.gather(*(readers.read([GOOD]) for _ in range(8)))
    pids = readers.pids
    assert 1 <= len(pids) <= 2
    readers.close()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_closing_waits_for_no_file() -> None:
    readers = Readers(Limits(seconds=20.0), processes=1)
    await readers.read([GOOD])
    os.kill(readers.pids[0], signal.SIGSTOP)
    reading = asyncio.ensure_future(readers.read([GOOD, GOOD]))
    await asyncio.sleep(0.2)
    began = time.monotonic()
    await asyncio.to_thread(readers.close)
    assert time.monotonic() - began < 5
    assert [one.reason for one in await reading] == ["crashed", "busy"]


async def test_the_process_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGUILLEUR_MODEL_API_KEY", "sesame")
    readers = Readers(Limits(seconds=20.0), processes=1)
    try:
        await readers.read([GOOD])
        environment = environment_of(readers.pids[0])
    finally:
        readers.close()
    assert environment
    assert b"sesame" not in environment
