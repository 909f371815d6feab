"""Tokens are counted offline, whatever the text."""

import os
from pathlib import Path

import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from service.domain.redacted import ours
from service.pipeline.prompting.tokens import VOCABULARIES, TokenCounter
from tests.service.pipeline.prompting.made import counter


def test_every_vocabulary_is_copied_to_our_own_folder_and_tiktoken_looks_there(tmp_path: Path) -> None:
    TokenCounter(tmp_path, "cl100k_base")
    assert {path.name for path in tmp_path.iterdir()} == {name for name, _ in VOCABULARIES.values()}
    assert os.environ["TIKTOKEN_CACHE_DIR"] == str(tmp_path)


def test_a_damaged_copy_is_replaced_not_downloaded(tmp_path: Path) -> None:
    damaged = tmp_path / VOCABULARIES["cl100k_base"][0]
    damaged.write_bytes(b"half a file")
    TokenCounter(tmp_path, "cl100k_base")
    assert damaged.stat().st_size > 1_000_000


def test_what_an_encoding_was_built_from_is_not_held_and_it_counts_as_before(tmp_path: Path) -> None:
    counting = TokenCounter(tmp_path)
    encoding = tiktoken.get_encoding("o200k_base")
    assert not encoding._mergeable_ranks
    assert counting.count("Ma facture, s'il vous plaît ?") == 8
    assert counting.middle_out(ours("mot " * 200), 40).count("mot") > 20


@pytest.mark.parametrize("text", ["<|endoftext|>", "<|im_start|>", "\ud800", "\x00", "a" * 20_000, "é😀" * 5_000])
def test_any_text_can_be_counted(text: str) -> None:
    assert counter().count(text) > 0


@given(st.text(max_size=400), st.integers(0, 80))
def test_what_is_clipped_never_has_more_tokens_than_allowed(text: str, tokens: int) -> None:
    assert counter().count(counter().head(ours(text), tokens)) <= tokens
    assert counter().count(counter().middle_out(ours(text), tokens)) <= tokens


def test_a_text_that_fits_is_left_as_it_is() -> None:
    text = ours("Bonjour à tous")
    assert counter().middle_out(text, 100) == counter().head(text, 100) == text


def test_a_clip_ends_between_words() -> None:
    text = "anticonstitutionnellement " * 40
    assert counter().head(ours(text), 50).split()[-1] == "anticonstitutionnellement"
