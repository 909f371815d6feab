"""What the history suggests about the playbook and about recorded labels, with what it would have changed."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from service.domain.value import Value
from service.domain.votes import Probability

SuggestionKind = Literal[
    "keyword",
    "contradiction",
    "confusion",
    "label",
    "answer",
    "answer_edit",
    "answer_conflict",
    "answer_unkept",
]
SuggestionState = Literal["open", "accepted", "refused", "kept", "changed"]
Ids = Annotated[tuple[str, ...], Field(strict=False)]


class Effect(Value):
    """A replay over `n` confirmed messages: `fixed` would have been guessed right only with the change, `broken` only
    without it. `helped` and `hurt` are the first few of them by id. `verdict` is that of the paired test, `p` its
    p-value, `smallest` the smallest difference (a share) that so many messages could have shown."""

    n: int
    fixed: int
    broken: int
    verdict: str
    p: float
    smallest: float
    helped: Ids = ()
    hurt: Ids = ()


class Suggestion(Value):
    """One thing to look at. Its id is the same whenever the same thing is found again.

    `keyword`: `expression` of `weight` for `queue` would have helped; `elsewhere` is its effect on messages other
    than those that suggested it.
    `contradiction`: `sentences` of `queue` and `other` claim the same, as `reason` says.
    `confusion`: `queue` and `other` are taken for each other; `sentences` might settle it, `words` speak for `queue`
    and `other_words` for `other`; a model, where one is set, `drafted` a sentence for both.
    `label`: the one of `messages` is recorded under `queue` (of `probability`) and looks like `other`
    (`other_probability`).
    `answer`: `count` replies of `messages` agree, and no canned answer says it; `body` is the one proposed, with
    placeholders. `answer_edit`: in the first of `answers` advisors change the first of `sentences` to the second;
    `body` is the answer as it would be, "" where the sentence has no place in it. `answer_conflict`: two `answers`
    state otherwise the same. `answer_unkept`: the answer's words were never sent as they stand.
    `text` says it in the account's language.
    """

    id: str
    kind: SuggestionKind
    queue: str
    other: str | None = None
    reason: str = ""
    expression: str = ""
    weight: float = 0.0
    sentences: Ids = ()
    answers: Ids = ()
    body: str = ""
    drafted: str = ""
    words: Ids = ()
    other_words: Ids = ()
    messages: Ids = ()
    count: int = 0
    probability: Probability = 0.0
    other_probability: Probability = 0.0
    effect: Effect | None = None
    elsewhere: Effect | None = None
    text: str = ""


class SuggestionEntry(Value):
    """A suggestion as it is kept: when it was found, and what a person said to it, with why where he said so. Accepting
    a keyword made the `playbook_version`, when `base_version` was in force."""

    account: str
    suggestion: Suggestion
    made_at: AwareDatetime = Field(strict=False)
    state: SuggestionState = "open"
    decided_by: str | None = None
    decided_at: AwareDatetime | None = Field(default=None, strict=False)
    base_version: str | None = None
    playbook_version: str | None = None
    comment: str | None = None


class SuggestionList(Value):
    """The best of each kind first: keywords, labels, confusions, contradictions, then what is about canned answers."""

    items: tuple[SuggestionEntry, ...]
