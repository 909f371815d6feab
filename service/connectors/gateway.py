"""The only file that imports litellm: one thin gateway to any model."""

import asyncio
import contextlib
import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache, partial
from inspect import iscoroutinefunction
from types import ModuleType
from typing import Any

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from service.connectors.credentials import address, credentials
from service.connectors.faults import ModelFault, classify, pause, refuses_format, refuses_logprobs
from service.connectors.formats import Form, Forms, caches_what_is_marked, messages, response_format
from service.connectors.ledger import MemoryLedger, OwingLedger
from service.connectors.model_map import is_strange, limit_of
from service.connectors.replies import completion_of, usage_of
from service.connectors.rest import Rest
from service.connectors.spared import FREE, spare
from service.connectors.turns import LocalTurns, Turns
from service.domain.triage import Usage
from service.errors import UnavailableError
from service.log import TRACEPARENT, Said, code, log
from service.ports import Completion, Ledger, Prompt
from service.settings import Settings

TRIES = 3
_LEAST_S, _GRACE_S = 0.05, 2.0
_LOUD = ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy")


@lru_cache(maxsize=1)
def _litellm() -> ModuleType:
    """The library, imported on first use (2 to 5 s) and told to be quiet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its types warn of themselves when they are first used
        import litellm  # noqa: PLC0415  (it takes seconds: only where a model is really called)

        litellm.ModelResponse()
        litellm.EmbeddingResponse()
    litellm.telemetry = False
    litellm.suppress_debug_info = True
    for name in _LOUD:
        logging.getLogger(name).handlers.clear()  # what it logs goes the way of all that is logged
    litellm.disable_hf_tokenizer_download = True
    spare(litellm)
    # Its own HTTP client for OpenAI and what speaks like it, as for all others: the openai package between the two
    # reads question and answer once more, and half as long again.
    os.environ["EXPERIMENTAL_OPENAI_BASE_LLM_HTTP_HANDLER"] = "True"
    # Nobody is told of a call, so nothing has to be blackened for him: `turn_off_message_logging` would copy each
    # answer three times, with every token's likelihood, which took a quarter of a message's processor time.
    for callbacks in ("callbacks", "input_callback", "success_callback", "failure_callback", "service_callback"):
        getattr(litellm, callbacks).clear()
    return litellm


class Gateway:
    """A `service.ports.Model`: the configured model, then its fallbacks in order, within one deadline.

    Each model is tried up to `TRIES` times where that is worth it, in a fair share of the time left, of which loading
    the library takes none. Calls in flight are bounded by `turns`; the day's budget may be overshot by those alone.
    """

    def __init__(self, settings: Settings, ledger: Ledger | None = None, turns: Turns | None = None) -> None:
        self._settings = settings
        self._models = (settings.model, *settings.fallback_models)
        self._ledger = OwingLedger(ledger or MemoryLedger())
        self._forms = Forms()
        self._unweighed: set[str] = set()
        self.rest = Rest(lambda: asyncio.get_running_loop().time())
        self._turns: Turns = turns or LocalTurns(settings.model_concurrency)
        self._context_tokens: int | None = None

    @property
    def name(self) -> str:
        return self._models[0]

    @property
    def context_tokens(self) -> int:
        """The setting, or the smallest limit known of a model, less a margin: its tokens may not be those we
        count with. Imports litellm where `warm` has not."""
        if self._context_tokens is None:
            known = [limit for model in self._models if (limit := limit_of(model, _litellm().model_cost))]
            self._context_tokens = min([self._settings.model_context_tokens, *known])
        return self._context_tokens

    async def complete(self, prompt: Prompt, deadline: float) -> Completion:
        """See `service.ports.Model`; BudgetSpentError comes before any call, NoTurnError where bounds leave no room."""
        await self._ledger.afford(self._settings.model_daily_budget_usd)
        if not _litellm.cache_info().currsize:
            asked = asyncio.get_running_loop().time()
            await asyncio.to_thread(_litellm)
            deadline += asyncio.get_running_loop().time() - asked
        ready = [model for model in self._models if not self.rest.left(model)]
        faults: list[str] = []
        for position, model in enumerate(ready):
            now = asyncio.get_running_loop().time()
            share = (deadline - now) / (len(ready) - position)
            try:
                completion = await self._try(model, prompt, now + share)
            except ModelFault as fault:
                faults.append(f"{model}: {fault.code}")
                self.rest.failed(model, fault.retry_after, fault.code)
            else:
                self.rest.answered(model)
                return completion
        log(Said.NO_MODEL, cause=code(",".join(faults).replace(" ", "") or "all_rest"))
        wait = min(self.rest.left(model) for model in self._models)
        raise UnavailableError(f"No model answered ({'; '.join(faults) or 'all rest'}).", retry_after=max(1, int(wait)))

    def judged(self, model: str | None, useful: bool) -> None:
        self.rest.judged(model or self.name, useful)

    def warm(self) -> None:
        _litellm()

    async def close(self) -> None:
        """Closes the connections that litellm keeps, and forgets them: it would hand them to a later event loop."""
        await self._turns.close()
        await close_connections()

    async def _try(self, model: str, prompt: Prompt, deadline: float) -> Completion:
        clock = asyncio.get_running_loop().time
        spent = Usage(model=model)

        def too_late(state: RetryCallState) -> bool:
            return clock() + state.upcoming_sleep + _LEAST_S >= deadline

        async for attempt in AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, ModelFault) and error.again),
            stop=lambda state: stop_after_attempt(TRIES)(state) or too_late(state),
            wait=pause,
            reraise=True,
        ):
            with attempt:
                started = clock()
                try:
                    return await self._ask(model, prompt, deadline, spent)
                finally:
                    spent = spent.plus(Usage(calls=1, model_ms=(clock() - started) * 1000))
        raise AssertionError("tenacity gave up without raising")

    async def _ask(self, model: str, prompt: Prompt, deadline: float, spent: Usage) -> Completion:
        """One answer in one form, stepping down from what the server refuses."""
        if not _takes(model, "response_format"):
            self._forms.settle(model, "text")
        if not self._settings.model_logprobs or model in self._unweighed or not _takes(model, "logprobs"):
            prompt = replace(prompt, weighed=False)
        while True:
            form = self._forms.of(model)
            try:
                return await self._once(model, prompt, form, deadline, spent)
            except UnavailableError:  # of turns, of the budget: nothing that the model has done
                raise
            except Exception as error:
                if prompt.weighed and refuses_logprobs(error):
                    self._unweighed.add(model)
                    prompt = replace(prompt, weighed=False)
                elif not (refuses_format(error) and self._forms.lower(model, form)):
                    raise classify(error) from error

    async def _once(self, model: str, prompt: Prompt, form: Form, deadline: float, spent: Usage) -> Completion:
        clock = asyncio.get_running_loop().time
        async with self._turns.turn(deadline), asyncio.timeout_at(deadline):
            await self._ledger.afford(self._settings.model_daily_budget_usd)  # others have spent while this one waited
            allowed = min(self._settings.model_timeout_s, deadline - clock())
            if allowed < _LEAST_S:
                raise ModelFault("timeout")
            started = clock()
            priced = _priced(model)
            async with asyncio.timeout(allowed):
                with _untold():
                    reply = await _litellm().acompletion(**self._arguments(model, prompt, form))
        usage = usage_of(reply, model, (clock() - started) * 1000, priced)
        if usage.cost_usd:
            await self._ledger.add(usage.cost_usd)
        return completion_of(reply, spent.plus(usage))

    def _arguments(self, model: str, prompt: Prompt, form: Form) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            "model": model,
            "messages": messages(form, prompt),
            "max_tokens": prompt.max_tokens,
            "temperature": 0,
            # Our own clock rings first; theirs only counts between two bytes. Always the same: litellm keeps a
            # client, with its connections, for each timeout that it was ever given.
            "timeout": self._settings.model_timeout_s + _GRACE_S,
            "num_retries": 0,
            "max_retries": 0,
            "drop_params": True,
            **({"extra_headers": {"traceparent": trace}} if (trace := TRACEPARENT.get()) else {}),
            **address(model, self._settings),
        }
        if (wanted := response_format(form, prompt)) is not None:
            arguments["response_format"] = wanted
        if prompt.weighed:
            arguments["logprobs"] = True
        if caches_what_is_marked(model):
            arguments["cache_control_injection_points"] = [{"location": "message", "role": "system"}]
        return arguments


def recorded_completion(body: dict[str, Any], model: str, price_share: float = 1.0) -> Completion:
    """What a live call would have made of a response's body that was recorded elsewhere; calls nobody.

    `price_share`: what a call costs there against a live one. Raises ModelFault where there is no answer in it.
    """
    litellm = _litellm()
    try:
        reply = litellm.utils.convert_to_model_response_object(
            response_object=body,
            model_response_object=litellm.ModelResponse(),
            convert_tool_call_to_json_mode=True,  # some providers take a schema as a tool only
        )
    except Exception as error:
        raise classify(error) from error
    with contextlib.suppress(Exception):  # it raises whatever it likes for a model without a price
        reply._hidden_params["response_cost"] = price_share * litellm.completion_cost(reply, model=model)
    return completion_of(reply, usage_of(reply, model, 0.0))


@contextmanager
def _untold() -> Iterator[None]:
    """Spares the account of a call that litellm makes for callbacks, of which there are none: a third of its time."""
    from litellm._internal_context import is_internal_call  # noqa: PLC0415  loaded by then

    token = is_internal_call.set(True)
    try:
        yield
    finally:
        is_internal_call.reset(token)


async def close_connections() -> None:
    """Closes what litellm keeps open, embedders' connections too; where it was never imported, nothing."""
    if not _litellm.cache_info().currsize:
        return
    kept = _litellm().in_memory_llm_clients_cache
    await _litellm().close_litellm_async_clients()
    for client in list(kept.cache_dict.values()):
        close = getattr(client, "close", None)
        if close is not None and not iscoroutinefunction(close):
            close()
    kept.flush_cache()


def embed_texts(model: str, texts: Sequence[str], *, api_base: str, api_key: str, timeout: float) -> list[list[float]]:
    """One vector a text, in order, by a litellm embedding model; `timeout` in seconds. Blocks: call it in a thread.

    Raises UnavailableError where the model does not answer, or not with one vector a text.
    """
    if not texts:
        return []
    asking = partial(
        _litellm().embedding,
        model=model,
        input=list(texts),
        timeout=timeout,
        encoding_format="float",
        num_retries=0,
        max_retries=0,
        drop_params=True,
        **credentials(api_base, api_key),
    )
    try:
        with ThreadPoolExecutor(1) as pool:  # in the main thread litellm would leave an open event loop behind
            answer = pool.submit(asking).result()
        rows = sorted(answer.data, key=lambda row: int(row["index"]))
        vectors = [[float(x) for x in row["embedding"]] for row in rows]
    except Exception as error:
        raise UnavailableError(f"The embedding model {model} does not answer: {classify(error).code}.") from error
    if len(vectors) != len(texts):
        raise UnavailableError(f"The embedding model {model} gave {len(vectors)} vectors for {len(texts)} texts.")
    return vectors


@lru_cache
def _takes(model: str, parameter: str) -> bool:
    """Whether litellm would hand the parameter on; where it would not, it would leave it out unsaid."""
    return parameter in (_litellm().get_supported_openai_params(model=model) or ())


@lru_cache
def _priced(model: str) -> bool:
    """False for a model behind OpenAI's interface that litellm's map does not know. It is entered there without a
    price: else litellm looks for one with each answer, in every way that the name may be written, which is a tenth of
    a call's processor time."""
    if not is_strange(model, _litellm().model_cost):
        return True
    _litellm().register_model({model: {"litellm_provider": "openai", "mode": "chat"}})
    FREE.add(model)
    return False
