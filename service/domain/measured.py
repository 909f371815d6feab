"""An evaluation run that a person asked for, and how far it is."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from service.domain.value import Value

RunState = Literal["waiting", "running", "interrupted", "done", "failed", "cancelled"]
RunSplit = Literal["locked", "train", "all"]
RunEngine = Literal["local", "model", "cascade"]


class EvalRun(Value):
    """`split` of the account's confirmed messages, at most `most` of them, by `engine`. `done` of `total` messages are
    predicted; `total` is 0 until it is known. `summary` holds the headline figures of docs/evals.md once it is done;
    `error` is a code. An interrupted run goes on where it stopped, once somebody asks for it."""

    id: str
    account: str
    split: RunSplit
    engine: RunEngine
    most: Annotated[int, Field(ge=1)] | None = None
    state: RunState = "waiting"
    by: str
    created_at: AwareDatetime = Field(strict=False)
    started_at: AwareDatetime | None = Field(default=None, strict=False)
    ended_at: AwareDatetime | None = Field(default=None, strict=False)
    done: int = 0
    total: int = 0
    error: str = ""
    summary: dict[str, Any] | None = None

    @property
    def under_way(self) -> bool:
        return self.state in {"waiting", "running"}
