from retrieval.words import fold
from service.pipeline.check.names import names


def found(text: str) -> list[str]:
    return [text[one.start : one.end] for one in names(text, fold(text), ())]


def test_how_somebody_is_addressed_whose_name_is_not_known_is_no_name() -> None:
    assert found("Dear Sir or Madam,") == []
    assert found("Dear Madam,\nyour file went to Lyon.") == ["Lyon"]
