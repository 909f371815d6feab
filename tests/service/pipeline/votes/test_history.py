from datetime import timedelta

from service.domain.history import Earlier
from service.domain.message import Message, ThreadEntry
from service.domain.playbook import Flag
from service.domain.votes import Vote
from service.phrases import load_phrases
from service.pipeline.decide import decide
from service.pipeline.votes import history
from service.settings import PROMPTS
from tests.service.learning.small import playbook
from tests.service.samples import NOW

PHRASES = load_phrases(PROMPTS, "fr")
CLUB = playbook().model_copy(update={"flags": (Flag(id="chaser", definition="Il relance."),)})
MESSAGE = Message(body="Et mon vol ?", received_at=NOW)
ABOUT = (Vote(voter="classifier", scores={"vol": 0.9}),)


def earlier(days: float, queue: str | None = "vol", same_file: bool = False) -> Earlier:
    return Earlier(at=NOW - timedelta(days=days), queue=queue, same_file=same_file)


def said(*before: Earlier) -> Vote:
    return history.vote(before, ABOUT, MESSAGE, CLUB, PHRASES)


def test_unanswered_messages_about_the_same_matter_speak_for_a_chaser_and_are_shown() -> None:
    vote = said(earlier(2), earlier(5))
    assert vote.flags["chaser"] > said(earlier(2)).flags["chaser"] > 0.5
    (evidence,) = vote.evidence
    assert evidence.text == "3e message de ce membre depuis le 25/02, sans réponse"


def test_another_matter_or_a_message_of_today_is_nothing_to_chase() -> None:
    assert said(earlier(2, "depart"), earlier(0.2), earlier(3, None)).flags == {}
    assert said(earlier(2, "depart", same_file=True)).flags


def test_a_playbook_without_that_flag_is_told_nothing() -> None:
    assert history.vote((earlier(2),), ABOUT, MESSAGE, playbook(), PHRASES) == Vote(voter="history")


def test_a_third_unanswered_message_is_a_chaser_whatever_its_words_and_a_second_is_not() -> None:
    quiet = Vote(voter="classifier", scores={"vol": 0.9}, flags={"chaser": 0.2})
    decided = [decide((quiet, said(*before)), CLUB, None, PHRASES) for before in ((earlier(2), earlier(5)), ())]
    assert [one.flags for one in decided] == [("chaser",), ()]
    assert [any(piece.voter == "history" for piece in one.evidence) for one in decided] == [True, False]


def test_without_a_store_the_thread_tells_what_was_not_answered() -> None:
    def entry(direction: str, days: int) -> ThreadEntry:
        return ThreadEntry(direction=direction, at=NOW - timedelta(days=days), body="x")  # type: ignore[arg-type]

    thread = (entry("in", 9), entry("out", 8), entry("in", 5), ThreadEntry(direction="in", body="x"))
    waiting = history.in_thread(MESSAGE.model_copy(update={"thread": thread}))
    assert [one.at < NOW for one in waiting] == [True, True]
    assert waiting[0].at == NOW - timedelta(days=5)
