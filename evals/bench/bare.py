"""`python -m evals.bench.bare PROMPTS BASE`: nothing but `litellm.acompletion`, for comparison.

For each line `IN_FLIGHT COUNT` on standard input it makes so many calls, and prints the seconds they took.
"""

import asyncio
import json
import os
import sys
import time
from itertools import count
from pathlib import Path
from typing import Any

from evals.bench.flight import fly

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"


async def main(prompts: list[dict[str, Any]], base: str) -> None:
    import litellm  # noqa: PLC0415  the variable above has to be set before

    numbers = count()

    async def call() -> None:
        prompt = prompts[next(numbers) % len(prompts)]
        reply = await litellm.acompletion(api_base=base, api_key="unused", timeout=60, **prompt)
        if not reply.choices[0].message.content:
            raise RuntimeError("the loopback model said nothing")

    while line := await asyncio.to_thread(sys.stdin.readline):
        in_flight, calls = map(int, line.split())
        begun = time.perf_counter()
        await fly(call, in_flight, calls)
        print(time.perf_counter() - begun, flush=True)


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text("utf-8")), sys.argv[2]))
