from datetime import UTC, date, datetime

import pytest

from service.domain.history import Earlier
from service.domain.message import Message
from service.pipeline.earlier import earlier_wait
from service.pipeline.redact import redact
from tests.service.pipeline.redact.made import PLAYBOOK, cleaned, message

RECEIVED = datetime(2026, 4, 20, 9, 0, tzinfo=UTC)


def day(body: str, *earlier: Earlier) -> date | None:
    mail: Message = message(body, received_at=RECEIVED)
    found, _ = redact(cleaned(mail), mail, PLAYBOOK)
    told = earlier_wait(earlier, "facture", mail, found, PLAYBOOK)
    return told.day if told else None


def at(month: int, number: int, **fields: object) -> Earlier:
    return Earlier(at=datetime(2026, month, number, 22, 30, tzinfo=UTC), **fields)  # type: ignore[arg-type]


def test_the_first_unanswered_message_about_the_same_matter_dates_it_by_the_accounts_clock() -> None:
    found = day("Toujours rien ?", at(4, 2, queue="facture"), at(3, 12, same_file=True), at(1, 5, queue="depart"))
    assert found == date(2026, 3, 12)
    assert day("Toujours rien ?", at(4, 1, queue="facture")) == date(2026, 4, 2)


def test_what_came_in_the_same_burst_is_no_earlier_message() -> None:
    assert day("Et ça ?", Earlier(at=datetime(2026, 4, 20, 8, 0, tzinfo=UTC), queue="facture")) is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Mon mail du 12 mars est resté sans réponse.", date(2026, 3, 12)),
        ("Je vous avais écrit le 7 avril, personne ne m'a répondu.", date(2026, 4, 7)),
        ("Suite à ma demande du 03/12, je relance.", date(2025, 12, 3)),
        ("I wrote to you on 2 March and got no reply.", date(2026, 3, 2)),
        ("Votre courrier du 12 mars m'annonce un prélèvement.", None),
        ("Par courrier du 22 janvier vous m'avez notifié votre accord.", None),
        ("Le prélèvement du 5 mars est passé deux fois.", None),
        ("J'ai eu un accident le 12 mars. Mon mail est resté sans réponse.", None),
        ("Mon message du 30 avril ?", date(2025, 4, 30)),
        ("Ma lettre du 12 mars 2019.", None),
    ],
)
def test_the_customers_own_date_counts_where_it_is_of_something_that_he_sent(body: str, expected: date | None) -> None:
    assert day(body) == expected


def test_the_earlier_of_both_is_named() -> None:
    assert day("Mon mail du 12 mars ?", at(4, 2, queue="facture")) == date(2026, 3, 12)
    assert day("Mon mail du 12 mars ?", at(2, 2, queue="facture")) == date(2026, 2, 2)


@pytest.mark.parametrize("year", [1, 9999])
def test_a_message_that_comes_from_no_calendar_tells_nothing_and_is_no_error(year: int) -> None:
    mail = message("J'attends depuis 999 ans.", received_at=datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC))
    found, _ = redact(cleaned(mail), mail, PLAYBOOK)
    assert earlier_wait([at(4, 2, same_file=True)], "facture", mail, found, PLAYBOOK) is None
