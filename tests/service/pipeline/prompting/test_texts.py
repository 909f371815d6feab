"""The prompt texts are data that people edit: a mistake is named, not sent to a model."""

from pathlib import Path

import pytest

from service.domain.redacted import ours
from service.errors import RefusedError
from service.pipeline.prompting.texts import VARIABLES, Texts, load_texts
from service.settings import PROMPTS


def sound() -> dict[str, str]:
    return dict.fromkeys(VARIABLES, "Un texte.")


def test_the_texts_that_ship_are_sound() -> None:
    load_texts(PROMPTS)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("triage.system", "", "missing"),
        ("triage.autre", "x", "is not a prompt text"),
        ("draft.system", "{{{queues}}}", "mentions {{queues}}"),
        ("draft.message", "{{#answers}} jamais fermé", "no sound mustache template"),
    ],
)
def test_a_broken_text_is_named_with_its_cure(name: str, text: str, told: str) -> None:
    with pytest.raises(RefusedError) as refused:
        Texts({**sound(), name: text})
    assert [problem.field for problem in refused.value.problems] == [name]
    assert told in refused.value.problems[0].message


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "triage.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(RefusedError, match=r"triage\.yaml"):
        load_texts(tmp_path)


def test_values_are_inserted_as_they_are() -> None:
    texts = Texts({**sound(), "shared.repair": "Voici : {{{problem}}}"})
    assert texts.render("shared.repair", {"problem": ours("<b> & {{{x}}} {y}")}) == "Voici : <b> & {{{x}}} {y}"
