"""A refit of a long history on all cores, in a process of its own, as a start waits for one.

There are not so many confirmed messages: the reference account's are said again and again, each time without some of
their words and by other senders, so that none is another's copy. Everything that the playbook holds is learned too.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, islice
from os import times
from random import Random

from evals.account import as_example
from evals.bench.machine import cores as all_cores
from evals.bench.memory import peak_mb
from evals.bench.programs import environment
from evals.bench.rows import Row, at_most
from evals.bench.workplace import Workplace
from retrieval.hashed import HashedEmbedder
from service.connectors.apart import ONE_THREAD
from service.domain.confirmed import Confirmed
from service.domain.playbook import Playbook
from service.learning.cores import cores
from service.learning.examples import Example
from service.learning.fit import fit
from service.pipeline.recall import search_text
from service.pipeline.votes import keywords
from service.playbooks import KeywordMatcher
from service.playbooks.folder import read_account
from service.settings import REFERENCE

HISTORY, QUICK = 10_000, 300
REFIT_S = 60.0
LEFT_OUT = 0.15
"""Share of the words that a message said again lacks."""


def measure_refit(place: Workplace) -> list[Row]:
    """Raises CalledProcessError. The quick form has no made-up examples."""
    total = place.amount(HISTORY, QUICK)
    command = [sys.executable, "-m", "evals.bench.refit", str(total), *(["bare"] if place.quick else [])]
    given = environment(place.folder) | ONE_THREAD
    told = json.loads(subprocess.run(command, env=given, check=True, stdout=subprocess.PIPE).stdout)
    name, note = f"refit of {total:,} confirmed messages", f"and {told['made_up']:,} made-up ones"
    return [
        Row("refit", name, told["clock_s"], "s", 1, at_most(REFIT_S), f"{note}; on {all_cores()} cores"),
        Row("refit", f"{name}, processor time", told["processor_s"], "s", 1),
        Row("refit", f"{name}, peak", told["peak_mb"], "MB", 1, note="its largest process"),
    ]


def main(total: int, bare: bool) -> None:
    """Prints what the refit took, as JSON."""
    account = read_account(REFERENCE)
    playbook, answers = account.playbook, account.answers or ()
    known = [one for confirmed in account.confirmed.values() for one in confirmed]
    if bare:
        queues = tuple(queue.model_copy(update={"examples": ()}) for queue in playbook.queues)
        playbook = playbook.model_copy(update={"queues": queues})
    examples = list(islice(_history(known, playbook), total))
    embedder, matcher = HashedEmbedder(), KeywordMatcher(playbook)
    vectors = embedder.embed([search_text(one.redacted) for one in examples])
    written = embedder.embed([answer.searched for answer in answers])
    clock, spent = time.perf_counter(), _processor_s()
    with cores(all_cores()):
        fit(
            examples, playbook, answers, lambda redacted: keywords.vote(redacted, matcher), vectors,
            answer_vectors=written,
        )  # fmt: skip
    told = {
        "clock_s": time.perf_counter() - clock,
        "processor_s": _processor_s() - spent,
        "peak_mb": peak_mb("self"),
        "made_up": sum(len(queue.examples) for queue in playbook.queues),
    }
    print(json.dumps(told))


def _history(known: Sequence[Confirmed], playbook: Playbook) -> Iterator[Example]:
    chance = Random(0)
    yield from (as_example(one, playbook) for one in known)
    for again in count(1):
        for one in known:
            said = as_example(_said_again(one, again, chance), playbook)
            yield replace(said, sender_key=f"{said.sender_key}-{again}")


def _said_again(one: Confirmed, again: int, chance: Random) -> Confirmed:
    message = one.message
    body = " ".join(word for word in message.body.split(" ") if chance.random() > LEFT_OUT) or message.body
    told = {"external_id": f"{message.external_id}-{again}", "body": body}
    return one.model_copy(update={"message": message.model_copy(update=told)})


def _processor_s() -> float:
    """This process's and that of the copies that it has waited for."""
    return sum(times()[:4])


if __name__ == "__main__":
    main(int(sys.argv[1]), "bare" in sys.argv)
