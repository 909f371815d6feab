"""Works of a fit on several cores."""

import os

import pytest

from service.learning.cores import at_once, cores
from service.learning.fit import fit
from tests.service.learning.small import answers, examples, playbook, silent


def test_what_is_learned_is_the_same_on_however_many_cores() -> None:
    alone = fit(examples(), playbook(), answers(), silent)
    with cores(2):
        assert fit(examples(), playbook(), answers(), silent).version == alone.version


def test_several_cores_work_apart_and_give_in_order_what_each_found() -> None:
    with cores(2):
        here, *found = at_once([os.getpid, lambda: 2, lambda: 3])
    assert here != os.getpid()
    assert found == [2, 3]
    assert at_once([os.getpid]) == [os.getpid()]


def test_what_goes_wrong_in_a_work_is_told() -> None:
    def refuses() -> None:
        raise ValueError("no such queue")

    with cores(2), pytest.raises(ValueError, match="no such queue"):
        at_once([refuses, list])
