"""Every code that a step can leave has its words on the card."""

import re
from io import StringIO
from pathlib import Path
from typing import get_args

import pytest
from rich.console import Console
from rich.panel import Panel

from service.cli.card import card
from service.domain.decision import OutcomeReason
from service.phrases import load_phrases
from service.pipeline.votes.model import Failure
from service.settings import PROMPTS
from tests.service.samples import a_message, a_playbook, a_triage

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


@pytest.mark.parametrize(
    ("reason", "said"), [("unsure", ""), ("unfamiliar", "inhabituel"), ("out_of_scope", "inconnu")]
)
def test_the_title_tells_an_unknown_kind_of_message_from_a_doubtful_one(reason: OutcomeReason, said: str) -> None:
    triage = a_triage(a_message(), "t-1", queue=None, outcome="abstained", outcome_reason=reason)
    shown = card(triage, a_playbook(), load_phrases(PROMPTS, "fr"))
    assert isinstance(shown, Panel)
    title = str(shown.title)
    assert title.startswith("À trier par un conseiller")
    assert said in title
    assert ("·" in title) is bool(said)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_of_a_message_has_a_tag_for_each_unknown_kind(language: str) -> None:
    phrases = load_phrases(PROMPTS, language)
    kinds = {name.removeprefix("web.kinship.") for name in phrases.names() if ".kinship." in name}
    assert kinds == {"unfamiliar", "out_of_scope"}


@pytest.mark.parametrize(("language", "share"), [("fr", "99\u00a0%"), ("en", "99%")])
def test_what_is_not_certain_is_never_a_hundred_per_cent(language: str, share: str) -> None:
    triage = a_triage(a_message(), "t-1", confidence=0.9968)
    written = StringIO()
    Console(file=written, width=100).print(card(triage, a_playbook(), load_phrases(PROMPTS, language)))
    assert share in written.getvalue()
    assert "100" not in written.getvalue()
