"""What is read of a model's reply."""

from types import SimpleNamespace
from typing import Any

from service.connectors.replies import MOST_CHARS, completion_of, usage_of
from service.domain.triage import Usage


def reply(cost: float | None = None, tokens: Any = None) -> Any:
    logprobs = SimpleNamespace(content=tokens)
    choice = SimpleNamespace(message=SimpleNamespace(content="ok"), finish_reason="stop", logprobs=logprobs)
    return SimpleNamespace(choices=[choice], _hidden_params={"response_cost": cost})


def test_a_model_asked_under_another_name_has_the_price_of_the_one_that_the_server_names() -> None:
    assert usage_of(reply(0.0), "openai/ours", 300.0, priced=False).cost_usd is None
    assert usage_of(reply(0.002), "openai/ours", 300.0, priced=False).cost_usd == 0.002
    assert usage_of(reply(0.0), "ollama/ours", 300.0).cost_usd == 0.0


def test_likelihoods_come_whole_or_not_at_all() -> None:
    good, odd = SimpleNamespace(token="o", logprob=-1), SimpleNamespace(token="k", logprob=None)
    assert completion_of(reply(tokens=[good, good]), Usage()).tokens == (("o", -1.0), ("o", -1.0))
    for tokens in ([good, odd], [good, SimpleNamespace(token="k")], [], None):
        assert completion_of(reply(tokens=tokens), Usage()).tokens == ()


def test_likelihoods_are_read_as_the_server_tells_them() -> None:
    good = {"token": "o", "logprob": -1, "bytes": None, "top_logprobs": []}
    assert completion_of(reply(tokens=[good, good]), Usage()).tokens == (("o", -1.0), ("o", -1.0))
    for tokens in ([good, {"token": "k"}], [good, {"logprob": -1}], [good, "k"], {"o": -1}, "o", 7):
        assert completion_of(reply(tokens=tokens), Usage()).tokens == ()


def test_megabytes_of_an_answer_are_cut_before_anybody_counts_them() -> None:
    endless = reply()
    endless.choices[0].message.content = "a" * 3_000_000
    assert len(completion_of(endless, Usage()).text) == MOST_CHARS
