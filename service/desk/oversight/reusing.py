"""Whose corrections and words others take up: worked out from what a triage cites and what people then made of it,
when the figures are counted, so that neither a triage nor a reply waits for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from service.desk.clock import Clock, utc_now
from service.domain.answers import CannedAnswer
from service.domain.case import Case
from service.domain.person import Person, login_of
from service.domain.reuse import OwnAnswer, OwnReuse, PersonReuse
from service.domain.team import Team
from service.storage import cases, reuses, teams
from service.storage.database import Database, Transaction
from service.storage.reuses import Reuse

SAID = frozenset({"queue_corrected", "queue_confirmed", "correction_undone", "reply_recorded"})
"""Events by which a person says what a triage was worth."""
DAYS = 30


class Reusing:
    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def own(self, person: Person) -> OwnReuse:
        """What others took up of that person's, over every account."""
        return await self._database.read(_own, person.id, self._clock())

    async def of_team(self, lead: Person, account: str, first: date, last: date) -> tuple[PersonReuse, ...]:
        """People of the lead's teams of whom something was taken up on these days in Paris, both inside: by name. A
        lead who is of no team leads everybody."""
        return await self._database.read(_of_team, lead, account, first, last)


def note(transaction: Transaction, message_ids: Iterable[str]) -> None:
    """What was taken up in these messages, as it stands now. A message that is gone has nothing."""
    ids = sorted(message_ids)
    known = reuses.logins(transaction) if ids else {}
    for case in (cases.find(transaction, message_id) for message_id in ids):
        if case is not None:
            found = [*_lessons(transaction, case, known), *_answers(transaction, case, known)]
            at = case.replied_at or case.corrected_at or case.arrived_at
            reuses.put(transaction, (case.id, case.account, at), found)


def _lessons(transaction: Transaction, case: Case, known: Mapping[str, str]) -> Iterator[Reuse]:
    """Confirmed messages that the triage cites for the queue in which a person left it."""
    sent = reuses.sent(transaction, case.id)
    by = case.corrected_by or (sent[0] if sent else None)
    triage = case.triage
    if by is None or triage is None or triage.queue is None or triage.queue.id != case.queue:
        return
    cited = {one.ref for one in triage.evidence if one.voter == "neighbours" and one.queue == case.queue}
    for lesson, person in reuses.confirmed_by(transaction, case.account, sorted(cited)).items():
        if login_of(person) in known and login_of(person) != login_of(by):
            yield Reuse("lesson", lesson, known[login_of(person)], known.get(login_of(by)))


def _answers(transaction: Transaction, case: Case, known: Mapping[str, str]) -> Iterator[Reuse]:
    """Canned answers whose words somebody else sent."""
    sent = reuses.sent(transaction, case.id)
    if sent is None or case.replied_at is None:
        return
    by_id = known.get(login_of(sent[0]))
    for answer, person in reuses.authors(transaction, case.account, sent[1], case.replied_at):
        if person != by_id:
            yield Reuse("answer", answer, person, by_id)


def _own(transaction: Transaction, person_id: str, now: datetime) -> OwnReuse:
    ever = reuses.of_person(transaction, person_id)
    lately = reuses.of_person(transaction, person_id, now - timedelta(days=DAYS))
    written = [
        OwnAnswer(account=account, id=id_, title=CannedAnswer.model_validate_json(content).title, messages=count)
        for account, id_, content, count in reuses.answers_of(transaction, person_id)
    ]
    return OwnReuse(
        days=DAYS,
        corrections=lately.get("lesson", 0),
        answers=lately.get("answer", 0),
        corrections_ever=ever.get("lesson", 0),
        answers_ever=ever.get("answer", 0),
        written=tuple(written),
    )


def _of_team(transaction: Transaction, lead: Person, account: str, first: date, last: date) -> tuple[PersonReuse, ...]:
    led = _led(lead, teams.all_teams(transaction))
    counted: dict[str, dict[str, int]] = {}
    for one in reuses.taken(transaction, account, first, last):
        if led is None or login_of(one.person) in led:
            mine = counted.setdefault(one.person, {})
            mine[one.kind] = mine.get(one.kind, 0) + one.messages
    return tuple(
        PersonReuse(person=person, corrections=mine.get("lesson", 0), answers=mine.get("answer", 0))
        for person, mine in sorted(counted.items(), key=lambda item: login_of(item[0]))
    )


def _led(lead: Person, every: Sequence[Team]) -> frozenset[str] | None:
    """Logins of those in the lead's teams; None: everybody."""
    own = [team for team in every if lead.login in map(login_of, team.members)]
    return frozenset(login_of(one) for team in own for one in team.members) if own else None
