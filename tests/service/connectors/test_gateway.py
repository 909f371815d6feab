"""The gateway against a real server that misbehaves."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from service.connectors.gateway import Gateway, _litellm, embed_texts
from service.connectors.ledger import MemoryLedger
from service.domain.redacted import ours
from service.errors import BudgetSpentError, UnavailableError
from service.ports import Completion, Prompt, Turn
from service.settings import Settings
from tests.loopback_model import LoopbackModel
from tests.service.connectors.away import Away

SCHEMA = {
    "type": "object",
    "properties": {"queue": {"type": "string", "enum": ["facture", "resiliation"]}},
    "required": ["queue"],
    "additionalProperties": False,
}
ASKED = Prompt(
    (Turn("system", ours("Classez.")), Turn("user", ours("Ma facture ?"))), SCHEMA, 200, ours("SCHÉMA EN MOTS")
)
Make = Callable[..., Gateway]


@pytest.fixture
def server() -> Iterator[LoopbackModel]:
    with LoopbackModel() as running:
        yield running


@pytest.fixture
async def make(server: LoopbackModel) -> AsyncIterator[Make]:
    made: list[Gateway] = []

    def build(ledger: MemoryLedger | None = None, **fields: Any) -> Gateway:
        values = {"model": "openai/first", "model_api_base": server.base, "model_timeout_s": 45.0, **fields}
        made.append(Gateway(Settings(_env_file=None, **values), ledger))
        return made[-1]

    yield build
    for gateway in made:
        await gateway.close()


async def complete(gateway: Gateway, seconds: float = 60.0, prompt: Prompt = ASKED) -> Completion:
    return await gateway.complete(prompt, asyncio.get_running_loop().time() + seconds)


async def test_an_answer_comes_with_its_tokens_and_an_unknown_price_is_none(make: Make) -> None:
    answer = await complete(make())
    assert answer.text == '{"queue": "facture"}'
    assert answer.usage.calls == 1
    assert answer.usage.prompt_tokens > 0
    assert answer.usage.cached_tokens > 0
    assert answer.usage.cost_usd is None


async def test_a_known_model_has_its_price_and_the_ledger_hears_of_it(make: Make) -> None:
    ledger = MemoryLedger()
    answer = await complete(make(ledger, model="openai/gpt-4o-mini"))
    assert answer.usage.cost_usd
    assert await ledger.today() == pytest.approx(answer.usage.cost_usd)


async def test_an_answer_is_paid_once_and_counts_though_its_price_cannot_be_stored_yet(
    make: Make, server: LoopbackModel
) -> None:
    ledger = Away()
    gateway = make(ledger, model="openai/gpt-4o-mini")
    first = await complete(gateway)
    assert first.text == '{"queue": "facture"}'
    assert len(server.asked) == 1
    ledger.away = False
    second = await complete(gateway)
    assert await ledger.today() == pytest.approx((first.usage.cost_usd or 0) + (second.usage.cost_usd or 0))


async def test_a_spent_budget_stops_calls_before_they_are_made(make: Make, server: LoopbackModel) -> None:
    ledger = MemoryLedger()
    await ledger.add(2.0)
    with pytest.raises(BudgetSpentError):
        await complete(make(ledger, model_daily_budget_usd=1.5))
    assert server.asked == []


async def test_a_strict_schema_is_asked_for(make: Make, server: LoopbackModel) -> None:
    await complete(make())
    wanted = server.asked[0].body["response_format"]
    assert wanted["json_schema"]["schema"] == SCHEMA
    assert wanted["json_schema"]["strict"] is True
    assert "SCHÉMA EN MOTS" not in server.asked[0].body["messages"][-1]["content"]


@pytest.mark.parametrize("refusal", ["no_schema", "no_schema_500"])
async def test_a_refused_schema_is_asked_for_once_and_then_in_words(
    make: Make, server: LoopbackModel, refusal: str
) -> None:
    server.script(refusal)
    gateway = make()
    await complete(gateway)
    await complete(gateway)
    assert [asked.form for asked in server.asked] == ["json_schema", "json_object", "json_object"]
    assert server.asked[-1].body["messages"][-1]["content"].endswith("SCHÉMA EN MOTS")


async def test_a_server_that_takes_no_format_is_asked_in_plain_text(make: Make, server: LoopbackModel) -> None:
    server.script("no_format")
    gateway = make()
    await complete(gateway)
    await complete(gateway)
    assert [asked.form for asked in server.asked] == ["json_schema", "json_object", "json_object", "text", "text"]


async def test_tokens_come_with_their_likelihood_where_that_is_asked_for(make: Make) -> None:
    weighed = await complete(make(), prompt=replace(ASKED, weighed=True))
    assert "".join(piece for piece, _ in weighed.tokens) == weighed.text
    assert all(logarithm <= 0 for _, logarithm in weighed.tokens)
    assert (await complete(make())).tokens == ()


async def test_a_server_that_gives_no_likelihoods_is_asked_for_them_once(make: Make, server: LoopbackModel) -> None:
    server.script("no_logprobs")
    gateway = make()
    for _ in range(2):
        assert (await complete(gateway, prompt=replace(ASKED, weighed=True))).tokens == ()
    assert [asked.body.get("logprobs") for asked in server.asked] == [True, None, None]
    assert {asked.form for asked in server.asked} == {"json_schema"}


async def test_likelihoods_are_not_asked_for_where_they_are_switched_off(make: Make, server: LoopbackModel) -> None:
    await complete(make(model_logprobs=False), prompt=replace(ASKED, weighed=True))
    assert "logprobs" not in server.asked[0].body


@pytest.mark.parametrize("trouble", ["500", "503", "html", "hang_up", "invalid_json", "no_choices", "empty", "408"])
async def test_what_may_pass_is_tried_again(make: Make, server: LoopbackModel, trouble: str) -> None:
    server.script(trouble, "ok")
    answer = await complete(make())
    assert answer.text
    assert answer.usage.calls == 2


@pytest.mark.parametrize("trouble", ["400", "401", "403", "404", "422", "refuse", "filtered"])
async def test_what_will_not_pass_goes_to_the_next_model_at_once(
    make: Make, server: LoopbackModel, trouble: str
) -> None:
    server.script(trouble, model="first")
    answer = await complete(make(model_fallbacks="openai/second"))
    assert answer.usage.model == "openai/second"
    assert [asked.model for asked in server.asked] == ["first", "second"]


async def test_a_rate_limit_is_waited_out_for_as_long_as_the_server_asks(make: Make, server: LoopbackModel) -> None:
    server.script("429:1", "ok")
    gateway = make()
    started = time.perf_counter()
    await complete(gateway)
    assert time.perf_counter() - started >= 1.0


async def test_a_rate_limit_beyond_the_deadline_is_not_waited_for_and_is_remembered(
    make: Make, server: LoopbackModel
) -> None:
    server.script("429:60", model="first")
    gateway = make(model_fallbacks="openai/second")
    for _ in range(2):
        assert (await complete(gateway)).usage.model == "openai/second"
    assert [asked.model for asked in server.asked] == ["first", "second", "second"]


async def test_a_slow_model_leaves_its_fallback_time_within_the_deadline(make: Make, server: LoopbackModel) -> None:
    await complete(make())  # what the first call of a process loads is no model's time
    server.script("slow:30", model="first")
    started = time.perf_counter()
    answer = await complete(make(model_fallbacks="openai/second", model_timeout_s=20), seconds=1.5)
    assert answer.usage.model == "openai/second"
    assert time.perf_counter() - started < 1.5


async def test_what_has_to_be_loaded_first_takes_nothing_of_the_deadline(make: Make) -> None:
    _litellm.cache_clear()
    with ThreadPoolExecutor(1) as busy:
        asyncio.get_running_loop().set_default_executor(busy)
        busy.submit(time.sleep, 2.0)
        answer = await complete(make(), seconds=1.5)
    assert answer.usage.calls == 1


async def test_calls_with_less_and_less_time_left_share_one_connection(make: Make, server: LoopbackModel) -> None:
    gateway = make()
    for seconds in (4.0, 3.0, 2.0, 1.0):
        await complete(gateway, seconds)
    assert server.connections == 1


async def test_the_deadline_holds_for_all_tries_together(make: Make, server: LoopbackModel) -> None:
    server.script("slow:30")
    gateway = make()
    started = time.perf_counter()
    with pytest.raises(UnavailableError):
        await complete(gateway, seconds=0.8)
    assert time.perf_counter() - started < 10  # of the thirty that one try alone would take


async def test_an_outage_names_each_model_and_its_trouble_and_no_words_of_the_prompt(
    make: Make, server: LoopbackModel
) -> None:
    server.script("401")
    with pytest.raises(UnavailableError, match=r"openai/first: rejected_401; openai/second: rejected_401") as told:
        await complete(make(model_fallbacks="openai/second"))
    assert "facture" not in told.value.detail


async def test_a_model_that_keeps_failing_rests_and_messages_no_longer_wait_for_it(
    make: Make, server: LoopbackModel
) -> None:
    server.script("404")
    gateway = make()
    for _ in range(7):
        with pytest.raises(UnavailableError):
            await complete(gateway)
    assert len(server.asked) == 5


async def test_calls_in_flight_are_bounded(make: Make, server: LoopbackModel) -> None:
    server.script("slow:0.05")
    gateway = make(model_concurrency=3)
    await asyncio.gather(*(complete(gateway) for _ in range(12)))
    assert server.most_in_flight == 3


async def test_waiting_for_a_slot_counts_towards_the_deadline(make: Make, server: LoopbackModel) -> None:
    server.script("slow:3")
    gateway = make(model_concurrency=1)
    busy = asyncio.create_task(complete(gateway))
    await asyncio.sleep(0.1)
    started = time.perf_counter()
    with pytest.raises(UnavailableError):
        await complete(gateway, seconds=0.3)
    assert time.perf_counter() - started < 2.5
    await busy


async def test_an_answer_cut_at_its_longest_says_so(make: Make, server: LoopbackModel) -> None:
    server.script("cut")
    assert (await complete(make())).cut


async def test_a_fallback_of_another_provider_never_gets_the_key_of_the_first(
    make: Make, server: LoopbackModel
) -> None:
    server.script("404")
    gateway = make(model_fallbacks="openai/second", model_api_key=SecretStr("secret-key"))
    with pytest.raises(UnavailableError):
        await complete(gateway)
    assert {asked.headers["authorization"] for asked in server.asked} == {"Bearer secret-key"}
    assert "api_key" not in gateway._arguments("mistral/small", ASKED, "schema")


def test_context_is_the_setting_or_the_smaller_limit_known_of_a_model() -> None:
    wide = Gateway(Settings(_env_file=None, model="openai/gpt-4o-mini", model_context_tokens=16_000))
    narrow = Gateway(Settings(_env_file=None, model="ollama/llama3", model_context_tokens=16_000))
    assert wide.context_tokens == 16_000
    assert narrow.context_tokens < 8_192


def test_embeddings_come_in_the_order_of_their_texts(server: LoopbackModel) -> None:
    both = embed_texts("openai/e", ["un", "deux"], api_base=server.base, api_key="", timeout=5)
    alone = embed_texts("openai/e", ["deux"], api_base=server.base, api_key="", timeout=5)
    assert len(both) == 2
    assert both[1] == alone[0] != both[0]
    assert embed_texts("openai/e", [], api_base=server.base, api_key="", timeout=5) == []


def test_embeddings_that_do_not_come_are_an_outage(server: LoopbackModel) -> None:
    server.script("500")
    with pytest.raises(UnavailableError):
        embed_texts("openai/e", ["un"], api_base=server.base, api_key="", timeout=5)
