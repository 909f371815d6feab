"""What lies outside of thought: each Protocol is met by real hands and, in tests, by a fake."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from service.domain.attachment import File, FileText
from service.domain.candidates import Candidates, Neighbour
from service.domain.history import Earlier
from service.domain.redacted import EMPTY, RedactedText
from service.domain.triage import Usage


@dataclass(frozen=True, slots=True)
class Turn:
    """One chat message of a prompt."""

    role: Literal["system", "user", "assistant"]
    content: RedactedText


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked of a model: the turns, the JSON Schema of the answer, and its longest length in tokens.

    `schema_words` says the schema in words, for a model that takes no schema; room is kept for it. `weighed`: it is
    worth knowing how likely each token of the answer was.
    """

    turns: tuple[Turn, ...]
    schema: dict[str, Any]
    max_tokens: int
    schema_words: RedactedText = EMPTY
    weighed: bool = False


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model answered: raw text, not yet validated. `cut`: it stopped at the length limit. `tokens`: the text in
    pieces, each with its log-probability, where the provider gives them."""

    text: str
    usage: Usage
    cut: bool = False
    tokens: Sequence[tuple[str, float]] = ()


class Model(Protocol):
    """A language model behind a gateway that retries, falls back and counts."""

    @property
    def name(self) -> str: ...

    @property
    def context_tokens(self) -> int:
        """Tokens that prompt and answer may take together."""
        ...

    async def complete(self, prompt: Prompt, deadline: float) -> Completion:
        """Asks the model. `deadline` is in seconds of the event loop's clock, for all tries together.

        Raises UnavailableError where no model answered in time, or the day's budget is spent.
        """
        ...

    def judged(self, model: str | None, useful: bool) -> None:
        """What came of a whole question to the model that `Completion.usage` names: one whose answers are no use, time
        after time, is left alone like one that does not answer."""
        ...

    def warm(self) -> None:
        """Loads what takes seconds, before the first message waits for it. Blocks."""
        ...

    async def close(self) -> None:
        """Closes the connections of this event loop."""
        ...


class Forwarding:
    """What a `Model` that does something around another one's `complete` leaves to that one."""

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def context_tokens(self) -> int:
        return self._model.context_tokens

    def judged(self, model: str | None, useful: bool) -> None:
        self._model.judged(model, useful)

    def warm(self) -> None:
        self._model.warm()

    async def close(self) -> None:
        await self._model.close()


class Search(Protocol):
    """Recall over one account's canned answers and confirmed messages."""

    async def recall(self, account: str, text: RedactedText, limit: int = 10, without: str | None = None) -> Candidates:
        """The nearest confirmed messages, and what search says of every canned answer; none is ranked yet.

        `without`: as for neighbours.
        """
        ...

    async def neighbours(
        self, account: str, text: RedactedText, limit: int = 10, without: str | None = None
    ) -> Sequence[Neighbour]:
        """`without`: the external id of the message at hand, which is no evidence for itself."""
        ...

    @property
    def degraded(self) -> tuple[str, ...]:
        """What answers from a fallback at present, e.g. `index`; empty where all is well."""
        ...


class History(Protocol):
    """What is stored of earlier messages."""

    async def unanswered(
        self, account: str, sender: str, traces: Sequence[str], before: datetime, without: str
    ) -> Sequence[Earlier]:
        """The sender's messages of before that time, and those about the same file numbers, that nobody has answered,
        the latest first. `traces` are hashes of the numbers; `without` is the id of the message at hand."""
        ...


class FileReader(Protocol):
    """Reads files that strangers sent, somewhere where a bad one harms nothing."""

    async def read(self, files: Sequence[File]) -> Sequence[FileText]:
        """One for each file, in order. Never raises on account of a file."""
        ...


class Ledger(Protocol):
    """What the model has cost, in US dollars. A day is a day of the account's time zone."""

    async def today(self) -> float:
        """Spent since midnight."""
        ...

    async def add(self, cost_usd: float) -> None: ...
