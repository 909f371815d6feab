"""Which flags are up, and how far keywords are believed in a language that the account hardly knows."""

from dataclasses import replace

import pytest

from service.domain.votes import Vote
from service.learning.fit import fit
from service.learning.fit_signals import FLAG_PRIOR
from service.learning.learned import Learned
from service.learning.signals import Signal
from service.pipeline.flags import DECIDES, flags_up
from tests.service.learning.small import answers, examples, playbook, silent

BY_TEXT = Signal((1.0, 1.0), 0.0, 0.5)
"""A history in which the text tells nearly all."""


@pytest.fixture(scope="module")
def learned() -> Learned:
    return replace(fit(examples(), playbook(), answers(), silent), flag_signals=(BY_TEXT,))


def up(learned: Learned | None, language: str | None = None, careful: bool = False, **flags: float) -> bool:
    """`flags`: what each voter says of it; `careful`: it must not be missed."""
    votes = {voter: Vote.model_validate({"voter": voter, "flags": {"urgent": value}}) for voter, value in flags.items()}
    known = playbook()
    (flag,) = known.flags
    account = known.model_copy(update={"flags": (flag.model_copy(update={"must_not_miss": careful}),)})
    return flags_up(votes, account, learned, language) == ("urgent",)


def test_history_says_how_far_keywords_are_believed_in_the_accounts_own_language(learned: Learned) -> None:
    assert not up(learned, classifier=0.05, keywords=0.7)
    assert not up(learned, "fr", classifier=0.05, keywords=0.7)
    assert up(learned, "fr", classifier=0.6)


def test_in_another_language_keywords_count_as_they_do_without_history(learned: Learned) -> None:
    assert up(learned, "en", classifier=0.05, keywords=0.7)
    assert up(None, "en", classifier=0.05, keywords=0.7)
    assert not up(learned, "en", classifier=0.05, keywords=0.2)


def test_in_another_language_too_the_text_alone_speaks_by_what_was_learned(learned: Learned) -> None:
    assert up(learned, "en", classifier=0.6)
    assert not up(learned, "en", classifier=0.4)


def test_a_flag_that_must_not_be_missed_is_up_where_its_keywords_decide_whatever_the_text_says(
    learned: Learned,
) -> None:
    for language in ("fr", "en"):
        assert up(learned, language, careful=True, classifier=0.001, keywords=DECIDES)
    assert not up(learned, "fr", careful=True, classifier=0.001, keywords=DECIDES - 0.01)
    assert not up(learned, "fr", classifier=0.001, keywords=DECIDES)


def test_what_came_before_counts_in_every_language(learned: Learned) -> None:
    for language in ("fr", "en"):
        assert up(learned, language, classifier=0.3, history=0.8)


def test_a_models_word_is_weighed_against_a_text_that_was_taught(learned: Learned) -> None:
    assert up(learned, "fr", classifier=0.1, model=1.0)
    assert not up(learned, "fr", classifier=0.1)
    assert not up(learned, "fr", classifier=0.01, model=1.0)


def test_a_models_word_is_believed_where_the_text_can_say_little(learned: Learned) -> None:
    assert up(learned, "en", classifier=0.01, model=1.0)
    assert up(learned, "fr", model=1.0)
    assert up(replace(learned, flag_signals=(FLAG_PRIOR,)), "fr", classifier=0.01, model=1.0)
    assert up(None, "fr", classifier=0.01, model=1.0)
