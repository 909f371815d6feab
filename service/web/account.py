"""Which account a page is about: the one that is asked for, else the first that the person sees."""

from fastapi import Request

from service.domain.playbook import Playbook
from service.errors import FieldProblem, MissingError
from service.web.guard import desk_of
from service.web.preferences import person_of


async def seen_accounts(request: Request) -> list[str]:
    person = person_of(request)
    return [account for account in await desk_of(request).accounts.list() if person.sees(account)]


async def account_of(request: Request, named: str = "") -> str:
    """Raises MissingError for one that is not there for this person."""
    seen = await seen_accounts(request)
    if (named and named not in seen) or not seen:
        raise MissingError("There is no such account.", (FieldProblem("account", "name another", "no_such_account"),))
    return named or seen[0]


async def playbook_of(request: Request, named: str = "") -> Playbook:
    """The one in force of that account. Raises MissingError."""
    return await desk_of(request).playbooks.active(await account_of(request, named))


def labels_of(*playbooks: Playbook) -> dict[str, str]:
    """Of each queue; the last playbook that has it says how it is called."""
    return {queue.id: queue.label for playbook in playbooks for queue in playbook.queues}
