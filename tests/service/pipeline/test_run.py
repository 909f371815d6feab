"""The whole way of one message: what lies outside is asked, and heard."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from service.domain.history import Earlier
from service.domain.playbook import Flag, Keyword
from service.domain.triage import Triage
from service.pipeline.run import triage
from service.playbooks import KeywordMatcher
from tests.service.desk.drafted import ASKED, knowledge
from tests.service.samples import NOW, a_message

WEEK = timedelta(days=7)


class Unanswered:
    """A `service.ports.History` of two messages a week and two weeks old."""

    async def unanswered(
        self, account: str, sender: str, traces: Sequence[str], before: datetime, without: str
    ) -> Sequence[Earlier]:
        return [Earlier(at=before - weeks * WEEK, same_file=True) for weeks in (1, 2)]


async def concluded(history: Unanswered | None) -> Triage:
    known = knowledge()
    asks = Keyword(expression='"où en est"', weight=2)
    flags = (Flag(id="chaser", definition="Il relance.", keywords=(asks,)),)
    playbook = known.playbook.model_copy(update={"flags": flags})
    message = a_message(body=ASKED, sender={"name": "Anne Petit", "address": "anne@example.org"})
    known = replace(known, playbook=playbook, matcher=KeywordMatcher(playbook), history=history)
    return await triage(message, known, "t-1", NOW)


async def test_a_chaser_is_known_by_what_nobody_answered_though_its_words_leave_it_open() -> None:
    assert (await concluded(None)).flags == ()
    assert (await concluded(Unanswered())).flags == ("chaser",)
