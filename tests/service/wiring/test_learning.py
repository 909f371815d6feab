"""Learning in a process of its own, which a start waits for."""

from pathlib import Path

import pytest

from service.errors import UnavailableError
from service.wiring.learning import learn_apart
from tests.conftest import GivenSettings


def test_what_cannot_be_learned_is_told_with_its_cause(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="nobody could not be learned"):
        learn_apart(GivenSettings(data=tmp_path), "nobody")
