"""The exact exchange over the wire, seen by respx (which patches httpx: litellm's aiohttp is off here)."""

import asyncio
import importlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

from service.connectors.gateway import Gateway, close_connections
from service.domain.redacted import ours
from service.errors import UnavailableError
from service.pipeline.prompting.tokens import TokenCounter
from service.ports import Prompt, Turn
from service.settings import Settings

SCHEMA = {"type": "object", "properties": {"queue": {"type": "string", "enum": ["a", "b"]}}, "required": ["queue"]}
ASKED = Prompt((Turn("system", ours("Règles.")), Turn("user", ours("Message."))), SCHEMA, 321, ours("SCHÉMA"))
URL = "https://models.example/v1/chat/completions"


@pytest.fixture(autouse=True)
async def over_httpx(tmp_path: Path) -> AsyncIterator[None]:
    TokenCounter(tmp_path)  # another test's folder of vocabularies may be gone: tiktoken would go online
    gateway().warm()
    await close_connections()
    litellm: Any = importlib.import_module("litellm")
    litellm.disable_aiohttp_transport = True
    yield
    await close_connections()
    litellm.disable_aiohttp_transport = False


def gateway(**fields: Any) -> Gateway:
    values = {"model": "openai/m", "model_api_base": "https://models.example/v1", "model_api_key": "k-1", **fields}
    return Gateway(Settings(_env_file=None, **values))


def reply(content: str | None = '{"queue": "a"}', **message: Any) -> httpx.Response:
    said = {"role": "assistant", "content": content, **message}
    usage = {"prompt_tokens": 40, "completion_tokens": 5, "total_tokens": 45}
    choices = [{"index": 0, "message": said, "finish_reason": "stop"}]
    return httpx.Response(
        200,
        json={"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": choices, "usage": usage},
    )


async def complete(gateway: Gateway, seconds: float = 10.0) -> str:
    return (await gateway.complete(ASKED, asyncio.get_running_loop().time() + seconds)).text


@respx.mock
async def test_the_request_holds_the_turns_the_schema_and_the_limits_and_nothing_else() -> None:
    route = respx.post(URL).mock(return_value=reply())
    assert await complete(gateway()) == '{"queue": "a"}'
    request = route.calls.last.request
    assert json.loads(request.content) == {
        "model": "m",
        "messages": [{"role": "system", "content": "Règles."}, {"role": "user", "content": "Message."}],
        "max_tokens": 321,
        "temperature": 0,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": SCHEMA, "strict": True},
        },
    }
    assert request.headers["authorization"] == "Bearer k-1"


@respx.mock
async def test_only_what_is_worth_it_is_sent_again_and_only_by_us() -> None:
    route = respx.post(URL).mock(side_effect=[httpx.Response(503), httpx.ConnectError("gone"), reply()])
    await complete(gateway())
    assert route.call_count == 3
    route.mock(side_effect=[httpx.Response(401, json={"error": {"message": "bad key"}})])
    with pytest.raises(UnavailableError):
        await complete(gateway())
    assert route.call_count == 4


@respx.mock
async def test_a_refusal_in_its_own_field_is_no_answer() -> None:
    respx.post(URL).mock(return_value=reply(None, refusal="I cannot."))
    with pytest.raises(UnavailableError, match="refused"):
        await complete(gateway())


@respx.mock
async def test_a_provider_that_caches_only_what_is_marked_gets_its_standing_part_marked() -> None:
    content = {"type": "text", "text": '{"queue": "a"}'}
    body = {"id": "1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5", "content": [content]}
    usage = {"input_tokens": 9, "output_tokens": 5, "cache_read_input_tokens": 31, "cache_creation_input_tokens": 0}
    answer = httpx.Response(200, json={**body, "stop_reason": "end_turn", "usage": usage})
    route = respx.post("https://models.example/v1/messages").mock(return_value=answer)
    one = gateway(model="anthropic/claude-sonnet-4-5", model_api_base="https://models.example")
    answered = await one.complete(ASKED, asyncio.get_running_loop().time() + 10)
    (system,) = json.loads(route.calls.last.request.content)["system"]
    assert system["cache_control"] == {"type": "ephemeral"}
    assert answered.usage.cached_tokens == 31
    assert answered.usage.cost_usd


@respx.mock
async def test_no_other_client_and_no_account_of_the_call_stand_between() -> None:
    untold: Any = importlib.import_module("litellm._internal_context").is_internal_call
    seen: list[bool] = []

    def answered(_: httpx.Request) -> httpx.Response:
        seen.append(untold.get())
        return reply()

    route = respx.post(URL).mock(side_effect=answered)
    await complete(gateway())
    assert (seen, untold.get()) == ([True], False)
    assert not any(name.startswith("x-stainless") for name in route.calls.last.request.headers)
