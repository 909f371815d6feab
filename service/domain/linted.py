"""What looks wrong in a library of canned answers."""

from typing import Literal

from service.domain.value import Value

LintKind = Literal[
    "contradicts_account",
    "contradicts_answer",
    "unknown_fact",
    "missing_fact",
    "unfillable",
    "expired",
    "expiring",
    "not_yet_valid",
    "unconditional",
    "twin",
    "empty_queue",
    "dead_reference",
]


class LintFinding(Value):
    """`answer` is the id it is about; "" where it is about a queue or the playbook. `other` is what it stands
    against: another answer's id, `account`, a queue, or None. `why` and `cure` are in the account's language."""

    kind: LintKind
    severity: Literal["info", "warning", "error"]
    answer: str
    text: str
    why: str
    cure: str
    other: str | None = None


class LintReport(Value):
    """`answers` were read; findings are in their order, errors first within one."""

    account: str
    answers: int
    items: tuple[LintFinding, ...]
