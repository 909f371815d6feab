"""What went wrong with a call to a model, and what that is worth: again, another way, or another model."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tenacity import RetryCallState, wait_random_exponential

_backoff = wait_random_exponential(multiplier=0.5, max=4)
_AGAIN = frozenset({408, 409, 425, 429})
_SCHEMA = re.compile(r"response_?format|json_?schema|json_?object|structured.?output|grammar|guided", re.IGNORECASE)
_LOGPROBS = re.compile(r"log_?probs?", re.IGNORECASE)
_POLICY = re.compile(r"content.?(policy|filter|management)|moderation", re.IGNORECASE)
_QUOTA = re.compile(r"insufficient_quota|billing", re.IGNORECASE)
_MOST_WORDS = 20_000


class ModelFault(Exception):  # noqa: N818  (a value between two functions; what callers see is UnavailableError)
    """`code` names the fault, `again` says whether the same model may answer yet, `retry_after` is in seconds."""

    def __init__(self, code: str, *, again: bool = False, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.again = again
        self.retry_after = retry_after


def pause(state: RetryCallState) -> float:
    """As long as the server asked for, or a growing random pause; spread, lest all come back at once."""
    fault = state.outcome.exception() if state.outcome else None
    asked = fault.retry_after if isinstance(fault, ModelFault) else None
    return _backoff(state) if asked is None else asked + 0.2 * _backoff(state)


def classify(error: BaseException) -> ModelFault:
    """The fault behind an exception of litellm, by its HTTP status: its classes do not always agree with it."""
    if isinstance(error, ModelFault):
        return error
    status = status_of(error)
    words = str(error)[:_MOST_WORDS]
    if _POLICY.search(type(error).__name__) or (status in {400, 403} and _POLICY.search(words)):
        return ModelFault("refused")
    if status == 429:
        return ModelFault("rate_limited", again=not _QUOTA.search(words), retry_after=retry_after(_headers(error)))
    if isinstance(error, TimeoutError) or status in {408, 504}:
        return ModelFault("timeout", again=True)
    if status is None or status >= 500 or status < 400:  # below: an answer that was no JSON
        return ModelFault("unavailable", again=True, retry_after=retry_after(_headers(error)))
    return ModelFault(f"rejected_{status}", again=status in _AGAIN)


def refuses_format(error: BaseException) -> bool:
    """Whether the server could not do with the `response_format`, rather than with anything else."""
    status = status_of(error)
    return status in {400, 404, 415, 422, 500, 501} and bool(_SCHEMA.search(str(error)[:_MOST_WORDS]))


def refuses_logprobs(error: BaseException) -> bool:
    """Whether the server could not say how likely its tokens are."""
    status = status_of(error)
    return status in {400, 404, 415, 422, 500, 501} and bool(_LOGPROBS.search(str(error)[:_MOST_WORDS]))


def status_of(error: BaseException) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) and status > 0 else None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by the `Retry-After` header (a number or an HTTP date), or None."""
    given = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", given):
        return float(given)
    try:
        moment = parsedate_to_datetime(given)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _headers(error: BaseException) -> dict[str, str]:
    for holder in (error, getattr(error, "response", None)):
        for name in ("litellm_response_headers", "headers"):
            found = getattr(holder, name, None)
            if isinstance(found, Mapping) and found:
                return {str(key).lower(): str(value) for key, value in found.items()}
    return {}
