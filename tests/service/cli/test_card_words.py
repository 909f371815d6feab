"""Every code that a step can leave has its words on the card."""

import re
from pathlib import Path
from typing import get_args

import pytest

from service.phrases import load_phrases
from service.pipeline.votes.model import Failure
from service.settings import PROMPTS

CLEAN = Path(__file__).resolve().parents[3] / "service" / "pipeline" / "clean"
FALLBACKS = {"index", "embedder", *get_args(Failure)}


def codes_of_clean() -> set[str]:
    source = "\n".join(path.read_text("utf-8") for path in CLEAN.glob("*.py"))
    named = {"hidden_text", "winmail_dat", "attachment_unread", "encrypted", "unknown_charset", "broken_charset"}
    assert all(re.search(rf'"{code}"', source) for code in named)
    return named | {"truncated", "machine_orders"}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_note_is_a_sentence(language: str) -> None:
    phrases = load_phrases(PROMPTS, language)
    assert [code for code in codes_of_clean() | FALLBACKS if f"card.note.{code}" not in phrases] == []


def test_both_languages_say_the_same_things() -> None:
    french, english = (load_phrases(PROMPTS, language) for language in ("fr", "en"))
    assert {n for n in french.names() if n.startswith("card.")} == {n for n in english.names() if n.startswith("card.")}
