"""The word lists of `prompts/clean/` are data: these tests are their proof-reading."""

import re
from pathlib import Path

import pytest

from service.pipeline.clean.phrases import MailLanguage, compiled, folded, load_languages
from service.settings import PROMPTS

FILES = sorted((PROMPTS / "clean").glob("*.yaml"))


def expressions(value: object) -> list[str]:
    if isinstance(value, tuple):
        return list(value)
    return [line for inner in vars(value).values() for line in expressions(inner)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_expression_compiles_and_is_lower_case(path: Path) -> None:
    import yaml

    language = MailLanguage.model_validate(yaml.safe_load(path.read_text("utf-8")))
    for expression in expressions(language):
        re.compile(expression)
        assert re.sub(r"\\.", "", expression) == re.sub(r"\\.", "", expression).lower(), expression
        assert not re.search(r"[+*}]\)[+*]", expression), f"{expression}: a repeated repetition may take for ever"


def test_every_language_of_the_account_has_its_file() -> None:
    assert {path.stem for path in FILES} == {"ar", "de", "en", "es", "fr", "it", "nl", "pt"}


def test_all_languages_compile_together() -> None:
    assert compiled(load_languages(PROMPTS)).closing_alone.fullmatch(folded("Bien cordialement,"))


def test_folding_keeps_every_offset() -> None:
    text = "Où êtes-vous, M. Œuf’ ? İß ﬁ"
    assert len(folded(text)) == len(text)
    assert folded("Déjà L’ÉTÉ") == "deja l'ete"
