from collections import Counter
from dataclasses import replace

from service.learning.examples import fold_of
from tests.service.learning.small import examples


def test_messages_of_one_sender_are_held_out_together() -> None:
    ours = [replace(example, sender_key=f"s{at % 7}") for at, example in enumerate(examples())]
    folds = fold_of(ours, 5)
    assert len({(one.sender_key, int(fold)) for one, fold in zip(ours, folds, strict=True)}) == 7


def test_folds_are_even_by_queue() -> None:
    counts = Counter(
        (example.queue, int(fold)) for example, fold in zip(examples(), fold_of(examples(), 4), strict=True)
    )
    assert set(counts.values()) == {4}


def test_a_fold_hangs_on_the_message_not_on_the_order() -> None:
    forwards = fold_of(examples(), 5)
    assert list(reversed(fold_of(list(reversed(examples())), 5))) == list(forwards)
