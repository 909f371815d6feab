from service.pipeline.draft.findings import barely_shorter
from tests.service.pipeline.draft.made import PHRASES


def test_a_draft_that_lost_less_than_a_tenth_of_its_words_says_so_and_by_how_much() -> None:
    before = "mot " * 100
    (found,) = barely_shorter(before, "mot " * 95, PHRASES)
    assert (found.severity, "5 %" in found.detail) == ("info", True)
    assert list(barely_shorter(before, "mot " * 90, PHRASES)) == []
