"""`python -m evals.bench.bare PROMPTS BASE`: nothing but `litellm.acompletion`, for comparison.

For each line `IN_FLIGHT COUNT` on standard input it makes so many calls, and prints the seconds they took; a line that
ends in `weighed` asks for the likelihood of each token besides, as the gateway does.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Mapping
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from evals.bench.flight import fly

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"


async def main(prompts: list[dict[str, Any]], base: str) -> None:
    import litellm  # noqa: PLC0415  the variable above has to be set before

    numbers = count()

    async def call(besides: Mapping[str, bool]) -> None:
        prompt = prompts[next(numbers) % len(prompts)]
        reply = await litellm.acompletion(api_base=base, api_key="unused", timeout=60, **prompt, **besides)
        if not reply.choices[0].message.content:
            raise RuntimeError("the loopback model said nothing")

    while line := await asyncio.to_thread(sys.stdin.readline):
        in_flight, calls, *how = line.split()
        begun = time.perf_counter()
        await fly(partial(call, {"logprobs": True} if how else {}), int(in_flight), int(calls))
        print(time.perf_counter() - begun, flush=True)


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text("utf-8")), sys.argv[2]))
