"""Recall: the confirmed messages nearest to a message, and what search says of the account's canned answers."""

from service.domain.candidates import Candidates
from service.domain.redacted import Redacted, RedactedText, together
from service.ports import Search

NEIGHBOURS = 20
"""Asked for: more than speak for a queue (`learning.nearest`) or for a canned answer (`learning.answers`)."""


def search_text(redacted: Redacted) -> RedactedText:
    """What is searched for: the subject and the customer's own words. Confirmed messages are kept likewise."""
    return together(redacted.subject, redacted.own)


async def recall(redacted: Redacted, account: str, search: Search, without: str | None = None) -> Candidates:
    """What is near, whatever its queue; answers are not ranked yet. `without`: the message's own external id."""
    return await search.recall(account, search_text(redacted), NEIGHBOURS, without)
