"""A desk's address asks for no more than the person sees."""

from datetime import UTC, datetime

import pytest

from service.desk.people.teams import Competence
from service.domain.person import Person
from service.web.filters import Filters


@pytest.mark.parametrize(
    ("seen", "asked", "found"),
    [
        (None, "", None),
        (None, "club", ("club",)),
        (("club", "petit"), "", ("club", "petit")),
        (("club", "petit"), "petit", ("petit",)),
        (("club",), "petit", ()),
        ((), "petit", ()),
        ((), "", ()),
    ],
)
def test_an_account_that_is_asked_for_is_one_that_the_person_sees(
    seen: tuple[str, ...] | None, asked: str, found: tuple[str, ...] | None
) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    person = Person(id="p", name="Ada", login="ada", role="advisor", accounts=seen, created_at=at)
    assert Filters(account=asked).look(person, Competence()).accounts == found
