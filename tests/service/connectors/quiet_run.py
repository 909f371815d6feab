"""Run by test_quiet in a process of its own: asks a model about one message and prints every peer contacted."""

import asyncio
import json
import socket
import sys
from pathlib import Path
from typing import Any

contacted: list[str] = []


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Every name looked up and every connection tried goes through the interpreter's audit hooks."""
    if event == "socket.getaddrinfo":
        contacted.append(f"lookup {arguments[0]}:{arguments[1]}")
    elif event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):
        contacted.append(f"connect {arguments[1][0]}:{arguments[1][1]}")


sys.addaudithook(watch)


async def main(base: str, data: Path) -> None:
    from service.connectors.gateway import Gateway, embed_texts
    from service.pipeline.prompting.prompter import Prompter
    from service.pipeline.prompting.texts import load_texts
    from service.pipeline.prompting.tokens import TokenCounter
    from service.pipeline.votes.model import ask
    from service.settings import PROMPTS, Settings
    from tests.service.pipeline.prompting.made import a_playbook, candidates, hits, redacted, votes

    settings = Settings(_env_file=None, model="openai/llama-3-70b", model_api_base=base, model_fallbacks="openai/b")
    gateway = Gateway(settings)
    prompter = Prompter(load_texts(PROMPTS), TokenCounter(data))
    told = await ask(
        gateway, a_playbook(), redacted("Ma facture ?"), candidates(), votes(), hits(), 60.0, prompter=prompter
    )
    await asyncio.to_thread(embed_texts, "openai/e", ["x"], api_base=base, api_key="", timeout=10)
    await asyncio.sleep(1.0)
    await gateway.close()
    spare = "litellm.litellm_core_utils.default_encoding" in sys.modules
    counted = litellm_counts()
    said = {"failure": told.failure, "contacted": sorted(set(contacted)), "spare_encoding": spare, "counted": counted}
    print(json.dumps(said))  # noqa: T201


def litellm_counts() -> int:
    """As a provider does whose server counts no tokens."""
    import litellm

    return len(litellm.main._get_encoding().encode("Ma facture ?", disallowed_special=()))


if __name__ == "__main__":
    socket.setdefaulttimeout(20)
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
