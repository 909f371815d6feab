"""What is read from litellm's map of models."""

import pytest

from service.connectors.model_map import ModelMap, is_strange, limit_of

KNOWN: ModelMap = {"gpt-4o-mini": {"max_input_tokens": 128_000}, "mistral/small": {"max_input_tokens": None}}


@pytest.mark.parametrize("model", ["gpt-4o-mini", "openai/gpt-4o-mini"])
def test_a_limit_is_found_with_or_without_the_provider_and_is_taken_with_a_margin(model: str) -> None:
    assert limit_of(model, KNOWN) == 102_400


@pytest.mark.parametrize("model", ["openai/ours", "mistral/small", "ours"])
def test_a_limit_that_nobody_knows_is_none(model: str) -> None:
    assert limit_of(model, KNOWN) is None


@pytest.mark.parametrize(
    ("model", "strange"),
    [("openai/ours", True), ("openai/gpt-4o-mini", False), ("mistral/ours", False), ("ollama/openai/ours", False)],
)
def test_only_a_model_behind_openais_interface_that_is_not_in_the_map_is_strange(model: str, strange: bool) -> None:
    assert is_strange(model, KNOWN) is strange
