"""What lessons are turned into before anything is fitted."""

from dataclasses import replace

from retrieval.hashed import HashedEmbedder
from service.desk.learning.fitting import Fitting
from service.domain.confirmed import Confirmed
from service.storage.confirmed import Lesson
from tests.service.samples import ACCOUNT, a_message, a_playbook, prepare


def lesson(name: str, body: str, sender: str) -> Lesson:
    message = a_message(name, body, sender={"address": sender})
    return Lesson(Confirmed(message=message, queue="facture"), prepare(message, a_playbook()))


def test_what_one_sender_repeats_teaches_little_more_than_once_and_what_eight_say_alike_eight_times() -> None:
    fitting = Fitting(HashedEmbedder())
    one = [lesson(f"t-{n}", "Merci pour tout.", "paule@x.example") for n in range(8)]
    many = [lesson(f"u-{n}", "Merci pour tout.", f"membre{n}@x.example") for n in range(8)]
    repeated, shared = (fitting.read(ACCOUNT, lessons)[0] for lessons in (one, many))
    assert 1 <= sum(example.weight for example in repeated) < 2
    assert sum(example.weight for example in shared) == 8


def test_only_what_was_imported_says_that_no_canned_answer_fits_and_no_flag_is_up() -> None:
    imported = lesson("i-1", "Merci pour tout.", "paule@x.example")
    corrected = replace(lesson("c-1", "Merci encore.", "paul@x.example"), source="correction")
    examples = Fitting(HashedEmbedder()).read(ACCOUNT, [imported, corrected])[0]
    assert [example.answers_told for example in examples] == [True, False]
    assert [(example.flags_told, example.asks_told) for example in examples] == [(True, True), (False, False)]
