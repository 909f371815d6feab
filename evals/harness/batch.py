"""A batch's folder: what was asked of whom, and all that it takes to score the answers later."""

import json
import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from evals.harness.dataset import Labelled
from service.domain.confirmed import Confirmed
from service.domain.value import Value
from service.errors import FieldProblem, RefusedError
from service.ports import Prompt
from service.settings import Settings

BATCH, DATASET, STORE = "batch.json", "dataset.jsonl", "store"

_SAFE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What every provider takes as a `custom_id`."""


class Batch(Value):
    """`batch.json`. `asked`: digest of each prompt by `custom_id`. The rest is how prompts were built, and for whom."""

    model: str
    engine: Literal["model", "cascade"]
    embedder: str
    context_tokens: int
    answer_tokens: int
    asked: dict[str, str]

    def settings(self, settings: Settings) -> Settings:
        """The settings in force, with those of the batch."""
        return settings.model_copy(
            update={
                "model": self.model,
                "engine": self.engine,
                "embedder": self.embedder,
                "model_answer_tokens": self.answer_tokens,
                "model_fallbacks": "",
            }
        )


class Kept(Value):
    """A line of `dataset.jsonl`."""

    group: str
    confirmed: Confirmed


def custom_id(external_id: str) -> str:
    """The message's own id where every provider takes it, else a digest of it."""
    return external_id if _SAFE_ID.fullmatch(external_id) else sha256(external_id.encode()).hexdigest()[:32]


def prompt_digest(prompt: Prompt) -> str:
    said = [[turn.role, turn.content] for turn in prompt.turns]
    whole = json.dumps([said, prompt.schema, prompt.max_tokens, prompt.schema_words], sort_keys=True)
    return sha256(whole.encode()).hexdigest()[:16]


def keep_dataset(path: Path, dataset: Iterable[Labelled]) -> None:
    lines = (Kept(group=one.group, confirmed=one.confirmed).model_dump_json(exclude_unset=True) for one in dataset)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def kept_dataset(path: Path) -> list[Labelled]:
    with path.open("rb") as file:
        found = [Kept.model_validate_json(line) for line in file]
    return [Labelled(one.confirmed, one.group) for one in found]


def read_batch(folder: Path) -> Batch:
    """Raises RefusedError where it is no batch's folder."""
    try:
        return Batch.model_validate_json((folder / BATCH).read_bytes())
    except FileNotFoundError as error:
        problem = FieldProblem("RUN_DIR", "`aiguilleur eval requests` makes it, and prints its name")
        raise RefusedError(f"{folder}: there is no {BATCH} in it.", (problem,)) from error
    except ValidationError as error:
        raise RefusedError(f"{folder / BATCH}: not written by this program; write the requests again.") from error


class Response(Value):
    """A line of a batch's output. Its status, and the body that a live call would have brought."""

    status: int
    body: dict[str, Any] | None


def read_responses(paths: Iterable[Path]) -> dict[str, Response]:
    """By `custom_id`; of two lines for the same one the good one counts, else the later. Raises RefusedError."""
    found: dict[str, Response] = {}
    for path in paths:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    name, response = _response(line, f"{path}:{number}")
                    if name not in found or found[name].status != 200 or response.status == 200:
                        found[name] = response
    return found


def _response(line: str, place: str) -> tuple[str, Response]:
    try:
        given = json.loads(line)
        name, response = str(given["custom_id"]), given.get("response") or {}
        status = 0 if given.get("error") else int(response.get("status_code") or 0)
        body = response.get("body")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        problem = FieldProblem(place, "a line is {custom_id, response: {status_code, body}, error}; fetch it again")
        raise RefusedError("The responses are not a batch's output.", (problem,)) from error
    return name, Response(status=status, body=body if isinstance(body, dict) else None)
