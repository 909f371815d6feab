"""One root error and four families; the doors translate each family once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field of the input, and how to mend it. `code` names the sentence that a page shows."""

    field: str
    message: str
    code: str = ""


AGAIN_LATER = FieldProblem("Retry-After", "send it again after so many seconds; nothing of it was kept")


class AiguilleurError(Exception):
    """Something a caller should be told, in words he can act on."""

    def __init__(self, detail: str, problems: tuple[FieldProblem, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.problems = problems


class MissingError(AiguilleurError):
    """What was asked for is not there."""


class ConflictError(AiguilleurError):
    """What was asked for contradicts what is there."""


class OvertakenError(ConflictError):
    """Whoever did this was taken for dead meanwhile, and somebody else does it: nothing of it was kept."""


class RefusedError(AiguilleurError):
    """The input or the options are wrong; `problems` names what, where and how to mend it."""


class UnavailableError(AiguilleurError):
    """Something outside does not answer now; trying again later may help."""

    def __init__(self, detail: str, retry_after: int = 5, problems: tuple[FieldProblem, ...] = ()) -> None:
        super().__init__(detail, problems)
        self.retry_after = retry_after


class UnreadableError(UnavailableError):
    """This program does not take the playbook that is in force: what is asked of its account waits until somebody has
    mended it, and what is asked of others does not."""


class BusyError(UnavailableError):
    """Too much is asked for at once; after `retry_after` seconds there is room."""


class NoTurnError(UnavailableError):
    """The bounds on calls to the model leave no room in time. The model is well: whoever can wait comes back."""


class WaitsError(AiguilleurError):
    """What this needs is busy with other work of ours; whatever can wait is given back, and done later."""

    def __init__(self, detail: str, retry_after: int = 5) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class BudgetSpentError(UnavailableError):
    """The day's budget for the model is spent; local voters go on, and the model answers again tomorrow."""
