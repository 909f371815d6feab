from typing import Annotated

from pydantic import Field

from service.domain.retention import Retention
from service.domain.value import Value
from service.playbooks.documents import Document
from service.playbooks.mistakes import Mistakes
from service.playbooks.shapes import shaped


class Inner(Value):
    even: Annotated[int, Field(multiple_of=2)] = 0


class Outer(Value):
    parts: tuple[Inner, ...] = ()
    maybe: Inner | None = None
    retention: Retention | None = None


def _codes(data: object) -> list[tuple[int, str]]:
    mistakes = Mistakes("fr")
    lines = {(): 1, ("parts",): 2, ("parts", 1): 4, ("parts", 1, "even"): 5, ("maybe",): 9}
    assert shaped(Outer, data, Document("x.yaml", data, lines), (), mistakes) is None
    return [(mistake.line, mistake.code) for mistake in mistakes.all]


def test_a_misfit_deep_inside_is_placed_on_its_line() -> None:
    assert _codes({"parts": (Inner(), {"even": 3})}) == [(5, "bad_value")]


def test_a_misfit_without_a_line_is_placed_on_the_nearest_one_around_it() -> None:
    assert _codes({"maybe": {"evne": 2}}) == [(9, "unknown_field")]


def test_an_unknown_field_inside_is_told_the_names_that_belong_there() -> None:
    mistakes = Mistakes("fr")
    shaped(Outer, {"maybe": {"evne": 2}}, Document("x.yaml", None), (), mistakes)
    assert "« even »" in mistakes.all[0].cure


def test_what_is_no_mapping_at_all_is_named_by_its_file() -> None:
    mistakes = Mistakes("fr")
    shaped(Outer, 3, Document("x.yaml", 3), (), mistakes)
    assert "« x.yaml »" in mistakes.all[0].problem


def test_a_term_that_cannot_be_read_is_told_how_terms_are_written() -> None:
    mistakes = Mistakes("en")
    shaped(Outer, {"retention": {"chat": "soon"}}, Document("account.yaml", None), (), mistakes)
    assert [mistake.code for mistake in mistakes.all] == ["bad_term"]
    assert "90 days" in mistakes.all[0].cure
