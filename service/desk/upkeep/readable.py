"""Playbooks in force that this program does not take: other accounts are served meanwhile."""

from collections.abc import Iterable, Iterator, Mapping

from service.desk.playbooks.versions import MEND, Playbooks
from service.desk.upkeep.check import Check
from service.errors import FieldProblem


async def unreadable(playbooks: Playbooks, accounts: Iterable[str]) -> tuple[Check, ...]:
    """Reads them all, for `doctor`. Where there is no other account, `serve` refuses to start."""
    readable = await playbooks.readable(accounts)
    return tuple(refusals(await playbooks.refused(), required=not readable))


def refusals(refused: Mapping[str, FieldProblem], *, required: bool = False) -> Iterator[Check]:
    """A check for each account, which is not ok and names the first mistake."""
    for account, mistake in refused.items():
        detail = f"{mistake.field}: {mistake.message}"
        yield Check(f"{account}: playbook's files", False, detail, required=required, cure=MEND)
