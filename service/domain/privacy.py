"""What is held about a person, and what became of it."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from service.domain.value import Value

ErasureKind = Literal["erasure", "purge"]
Counts = dict[str, int]


class Todo(Value):
    """What is left to do once rows are gone. `refit`: accounts whose voters have learned from what is gone; `quoted`:
    by account, ids of lessons that other messages' evidence may still quote; `index`: vectors that are still in
    the index; `wipe`: free pages and logs of the database, `thoroughly` with all that earlier versions left there."""

    refit: Annotated[tuple[str, ...], Field(strict=False)] = ()
    quoted: dict[str, Annotated[tuple[str, ...], Field(strict=False)]] = Field(default_factory=dict)
    index: bool = False
    wipe: bool = False
    thoroughly: bool = False

    @property
    def done(self) -> bool:
        return not (self.refit or self.quoted or self.index or self.wipe)

    def and_also(self, other: "Todo") -> "Todo":
        quoted = {**self.quoted, **other.quoted}
        for account in self.quoted.keys() & other.quoted.keys():
            quoted[account] = tuple(dict.fromkeys(self.quoted[account] + other.quoted[account]))
        return Todo(
            refit=tuple(sorted({*self.refit, *other.refit})),
            quoted=quoted,
            index=self.index or other.index,
            wipe=self.wipe or other.wipe,
            thoroughly=self.thoroughly or other.thoroughly,
        )


class Erasure(Value):
    """The record of an erasure or purge, without personal data. `counts`: rows removed, by table. It is whole once
    `finished_at` is set; `todo` names what still waits."""

    id: str
    kind: ErasureKind
    account: str | None
    by: str
    at: AwareDatetime = Field(strict=False)
    counts: Counts = Field(default_factory=dict)
    rows_done: bool = False
    todo: Todo = Todo()
    finished_at: AwareDatetime | None = Field(default=None, strict=False)


class ErasureList(Value):
    """Newest first."""

    items: tuple[Erasure, ...]


class Plan(Value):
    """What an erasure would remove: rows by table, lines and files of run folders. `mentioned`: ids of other people's
    messages that name the address; they stay, for a person to judge."""

    counts: Counts
    accounts: tuple[str, ...]
    mentioned: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not any(self.counts.values())


class Export(Value):
    """Everything that is held about a person. A part has the `name` of its table, `title` and `purpose` by language,
    and its `rows`. `mentioned`: how many messages of other people name the address; they are theirs."""

    sender: str
    made_at: AwareDatetime
    languages: tuple[str, ...]
    introduction: dict[str, str]
    parts: tuple[dict[str, Any], ...]
    mentioned: int = 0
