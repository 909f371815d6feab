"""Mistakes as the error that a door shows."""

from service.errors import FieldProblem, RefusedError
from service.playbooks.mistakes import Mistakes

MOST_PROBLEMS = 50


def refuse_errors(mistakes: Mistakes) -> None:
    """Raises RefusedError where there are errors; a problem's field is `file:line`, its message says the cure."""
    errors = [mistake for mistake in mistakes.all if mistake.severity == "error"]
    if errors:
        problems = tuple(FieldProblem(f"{each.file}:{each.line}", f"{each.problem} {each.cure}") for each in errors)
        raise RefusedError(mistakes.sentence("refused", count=len(errors), first=errors[0]), problems[:MOST_PROBLEMS])
