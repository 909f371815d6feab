"""The whole way of one message: what lies outside is asked, and heard."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from service.domain.history import Earlier
from service.domain.message import Attachment
from service.domain.playbook import Flag, Keyword
from service.domain.triage import Triage
from service.learning.fit import fit
from service.pipeline.run import triage
from service.playbooks import KeywordMatcher
from tests.service.desk.drafted import ASKED, knowledge
from tests.service.learning.small import answers, examples, playbook, silent
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
    watching = known.playbook.model_copy(update={"flags": flags})
    message = a_message(body=ASKED, sender={"name": "Anne Petit", "address": "anne@example.org"})
    known = replace(known, playbook=watching, matcher=KeywordMatcher(watching), history=history)
    return await triage(message, known, "t-1", NOW)


async def test_a_chaser_is_known_by_what_nobody_answered_though_its_words_leave_it_open() -> None:
    assert (await concluded(None)).flags == ()
    assert (await concluded(Unanswered())).flags == ("chaser",)


async def test_a_message_that_only_covers_a_file_is_empty_where_no_file_is_read() -> None:
    photo = Attachment(filename="photo.jpg", content_type="image/jpeg", content_base64="/9j/4AAQ")
    message = a_message(subject="Document", body="Veuillez trouver ci-joint mon courrier.", attachments=(photo,))
    learned = fit(examples(), playbook(), answers(), silent)
    known = replace(knowledge(), playbook=playbook(), matcher=KeywordMatcher(playbook()), learned=learned)
    result = await triage(message, known, "t-1", NOW)
    assert (result.outcome_reason, result.draft) == ("empty", None)
    told = await triage(message.model_copy(update={"attachments": ()}), known, "t-2", NOW)
    assert told.outcome_reason != "empty"
