"""What litellm would do for each call and nobody has a use for is left out, and the answer is the same."""

from types import SimpleNamespace
from typing import Any

from service.connectors.gateway import recorded_completion
from service.connectors.spared import FREE, _unless_free


def body(logprobs: Any) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": "ok"}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4}
    return {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "usage": usage} | {
        "choices": [choice | {"logprobs": logprobs}]
    }


def test_likelihoods_come_through_litellm_as_the_server_told_them() -> None:
    told = {"content": [{"token": "ok", "logprob": -0.25, "bytes": [111, 107], "top_logprobs": []}], "refusal": None}
    answer = recorded_completion(body(told), "openai/gpt-4o")
    assert (answer.text, answer.tokens) == ("ok", (("ok", -0.25),))


def test_likelihoods_in_a_shape_of_the_servers_own_do_not_cost_the_answer() -> None:
    for odd in ({"tokens": ["ok"], "token_logprobs": [-0.25]}, {"content": [{"token": 5}]}, {"content": None}, {}):
        answer = recorded_completion(body(odd), "openai/gpt-4o")
        assert (answer.text, answer.tokens) == ("ok", ())


def test_no_price_is_looked_for_where_a_model_without_one_answers_under_its_own_name() -> None:
    reckoned: list[str] = []

    def reckon(_call: object, result: SimpleNamespace, litellm_model_name: str) -> float:
        reckoned.append(f"{litellm_model_name} as {result.model}")
        return 0.5

    FREE.add("openai/ours")
    cost = _unless_free(reckon)
    assert cost(None, SimpleNamespace(model="ours"), litellm_model_name="openai/ours") == 0.0
    assert cost(None, SimpleNamespace(model="gpt-4o"), litellm_model_name="openai/ours") == 0.5
    assert cost(None, SimpleNamespace(model="ours"), litellm_model_name="mistral/ours") == 0.5
    FREE.discard("openai/ours")
    assert reckoned == ["openai/ours as gpt-4o", "mistral/ours as ours"]
