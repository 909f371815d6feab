"""The only file that imports litellm: one thin gateway to any model."""

from collections.abc import Sequence
from functools import lru_cache
from types import ModuleType

from service.errors import UnavailableError


@lru_cache(maxsize=1)
def _litellm() -> ModuleType:
    """The library, imported on first use (2 to 5 s) and told to be quiet."""
    import litellm  # noqa: PLC0415  (it takes seconds: only where a model is really called)

    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.disable_hf_tokenizer_download = True
    return litellm


def warm() -> None:
    """Imports litellm now, so that the first message does not wait for it. Call it in a thread."""
    _litellm()


def embed_texts(model: str, texts: Sequence[str], *, api_base: str, api_key: str, timeout: float) -> list[list[float]]:
    """One vector a text, in order, by a litellm embedding model; `timeout` in seconds. Blocks: call it in a thread.

    Raises UnavailableError where the model does not answer, or not with one vector a text.
    """
    if not texts:
        return []
    try:
        answer = _litellm().embedding(
            model=model,
            input=list(texts),
            api_base=api_base or None,
            api_key=api_key or ("unused" if api_base else None),
            timeout=timeout,
            encoding_format="float",
            drop_params=True,
            num_retries=0,
            max_retries=0,
        )
        rows = sorted(answer.data, key=lambda row: int(row["index"]))
        vectors = [[float(x) for x in row["embedding"]] for row in rows]
    except Exception as fault:
        raise UnavailableError(f"The embedding model {model} does not answer ({type(fault).__name__}).") from fault
    if len(vectors) != len(texts):
        raise UnavailableError(f"The embedding model {model} gave {len(vectors)} vectors for {len(texts)} texts.")
    return vectors
