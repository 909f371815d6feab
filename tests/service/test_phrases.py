from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from service.phrases import load_phrases
from service.settings import PROMPTS

FRENCH = sorted((PROMPTS / "phrases").glob("*.fr.yaml"), key=lambda path: path.name)


def names(tree: Mapping[str, object]) -> set[str]:
    below = {f"{key}.{name}" for key, value in tree.items() if isinstance(value, Mapping) for name in names(value)}
    return below | {key for key, value in tree.items() if not isinstance(value, Mapping)}


@pytest.mark.parametrize("french", FRENCH, ids=lambda path: path.name)
def test_every_sentence_is_there_in_french_and_in_english(french: Path) -> None:
    other = french.with_name(french.name.replace(".fr.", ".en."))
    assert names(yaml.safe_load(french.read_text("utf-8"))) == names(yaml.safe_load(other.read_text("utf-8")))


def test_no_sentence_is_said_in_two_files() -> None:
    """All files of a topic (`web`, `web_quality`…) are one: of two that say the same name the later would win."""
    said = [
        f"{french.name.split('.')[0].partition('_')[0]}.{name}"
        for french in FRENCH
        for name in names(yaml.safe_load(french.read_text("utf-8")))
    ]
    assert len(said) > 900
    assert sorted(said) == sorted(set(said))


def test_a_sentence_is_filled_in_its_language_and_in_french_where_there_is_none() -> None:
    english, french, other = (load_phrases(PROMPTS, name)("playbook.nearest", name="x") for name in ("en", "fr", "xx"))
    assert english != french == other
