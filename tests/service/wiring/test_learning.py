"""Learning in a process of its own, which a start waits for."""

import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from service.errors import UnavailableError
from service.wiring.learning import for_refit, learn_apart
from tests.conftest import GivenSettings


def test_what_cannot_be_learned_is_told_with_its_cause(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="nobody could not be learned"):
        learn_apart(GivenSettings(data=tmp_path), "nobody")


def test_the_process_that_learns_is_told_the_keys_that_it_needs(tmp_path: Path) -> None:
    told = json.loads(for_refit(GivenSettings(data=tmp_path, vault_key=SecretStr("k" * 44))))
    assert told["vault_key"] == "k" * 44
