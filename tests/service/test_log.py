import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from service.log import Code, Lines, Said, Words, code, code_of, id_of, log, way_of
from service.storage.ids import new_id

ROOT = Path(__file__).parents[2]
SECRET = "Paul Durand, 06 12 34 56 78"


def record(caplog: pytest.LogCaptureFixture) -> logging.LogRecord:
    return caplog.records[-1]


def test_a_line_of_the_log_is_an_event_with_ids_and_codes(caplog: pytest.LogCaptureFixture) -> None:
    about = new_id()
    log(Said.MESSAGE_WAITS, message=id_of(about), cause=Code("UnavailableError"))
    told = json.loads(Lines().format(record(caplog)))
    assert (told["event"], told["message"], told["cause"]) == ("message_waits", about, "UnavailableError")
    assert told["level"] == "warning"
    assert Words().format(record(caplog)).startswith("A message waits")


@pytest.mark.parametrize("text", [SECRET, "p.durand@example.org", "0612345678", "Paul Durand", "", "a\nb", "é"])
def test_what_is_no_code_is_not_said(text: str) -> None:
    assert code(text) == id_of(text) == "?"


@pytest.mark.parametrize(
    "text",
    [
        "club-horizon-auto",
        "openai/gpt-5.1:timeout",
        "/v1/messages/{message_id}/reply",
        "ValueError at run.py:12",
        "ended by -9",
    ],
)
def test_names_of_our_own_things_are_said(text: str) -> None:
    assert code(text) == text


def test_an_error_is_told_by_its_kind_and_way_and_never_by_its_words(caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> None:
        try:
            int(SECRET)
        except ValueError as error:
            raise RuntimeError(SECRET) from error

    with pytest.raises(RuntimeError) as raised:
        fails()
    assert code_of(raised.value).startswith("RuntimeError at test_log.py:")
    way = list(way_of(raised.value))
    assert any(place.startswith("ValueError") for place in way)
    assert way[-1] == code_of(raised.value)
    logging.getLogger("some.library").error("It failed for %s", SECRET, exc_info=raised.value)
    for style in (Lines(), Words()):
        assert "Durand" not in style.format(record(caplog))
        assert "RuntimeError" in style.format(record(caplog))


def test_a_librarys_words_and_an_uncaught_error_never_reach_standard_error() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import logging, threading, warnings\n"
            "from service.log import catch_uncaught, configure\n"
            "configure('lines'); catch_uncaught()\n"
            f"logging.getLogger('x').warning({SECRET!r}); warnings.warn({SECRET!r})\n"
            f"t = threading.Thread(target=int, args=({SECRET!r},)); t.start(); t.join()\n"
            f"raise ValueError({SECRET!r})",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line.get("logger", line.get("event")) for line in lines] == ["x", "py.warnings", "crashed", "crashed"]
    assert "Durand" not in done.stderr
