"""Playbooks in force that this program does not take, for `doctor`: after an upgrade, `serve` refuses to start."""

from collections.abc import Iterable

from service.desk.playbooks.versions import MEND, Playbooks
from service.desk.upkeep.check import Check
from service.errors import MissingError, RefusedError


async def unreadable(playbooks: Playbooks, accounts: Iterable[str]) -> tuple[Check, ...]:
    """A check for each, which is not ok and names its first mistake."""
    found = []
    for account in accounts:
        try:
            await playbooks.active(account)
        except MissingError:  # which another check tells
            continue
        except RefusedError as error:
            mistake = (
                ": ".join((error.problems[0].field, error.problems[0].message)) if error.problems else error.detail
            )
            found.append(Check(f"{account}: playbook's files", False, mistake, cure=MEND))
    return tuple(found)
