"""A fault is told by its status, because litellm's exception classes do not always agree with it."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from service.connectors.faults import classify, refuses_format, retry_after


class Failed(Exception):
    def __init__(self, status: int | None, words: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(words)
        self.status_code = status
        self.litellm_response_headers = headers or {}


@pytest.mark.parametrize(
    ("error", "code", "again"),
    [
        (Failed(401, "BadRequestError"), "rejected_401", False),
        (Failed(404), "rejected_404", False),
        (Failed(409), "rejected_409", True),
        (Failed(429), "rate_limited", True),
        (Failed(429, "insufficient_quota: check your plan"), "rate_limited", False),
        (Failed(408), "timeout", True),
        (TimeoutError(), "timeout", True),
        (Failed(500), "unavailable", True),
        (Failed(529), "unavailable", True),
        (Failed(200, "no JSON in it"), "unavailable", True),
        (ConnectionResetError(), "unavailable", True),
        (Failed(400, "violates the content_policy"), "refused", False),
    ],
)
def test_each_failure_has_its_worth(error: Exception, code: str, again: bool) -> None:
    fault = classify(error)
    assert (fault.code, fault.again) == (code, again)


def test_retry_after_is_read_in_seconds_or_as_a_date() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert retry_after({"retry-after": "7"}) == 7
    assert retry_after({"retry-after": "0.5"}) == 0.5
    assert 25 < (retry_after({"retry-after": soon}) or 0) <= 30
    assert retry_after({"retry-after": "Mon, 01 Jan 2001 00:00:00 GMT"}) == 0


@pytest.mark.parametrize("value", ["", "soon", "-3", "nan", "1e9", "9" * 400])
def test_a_retry_after_that_makes_no_sense_is_none(value: str) -> None:
    assert retry_after({"retry-after": value}) is None


@pytest.mark.parametrize(
    ("status", "words", "refused"),
    [
        (400, "'response_format' of type 'json_schema' is not supported", True),
        (500, "json_schema not implemented", True),
        (422, "extra inputs: response_format", True),
        (400, "maximum context length exceeded", False),
        (429, "json_schema", False),
        (None, "json_schema", False),
    ],
)
def test_a_refused_format_is_told_from_other_refusals(status: int | None, words: str, refused: bool) -> None:
    assert refuses_format(Failed(status, words)) is refused
