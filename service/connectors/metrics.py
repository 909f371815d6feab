"""Counts and durations for Prometheus. Labels are queues, outcomes and steps: never a customer's words."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, start_http_server
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

from service.connectors.counting import FOLDER
from service.domain.triage import Triage

SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)

LONG = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600)

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


class Metrics:
    """One registry a process. The processes of one server count together, also those that have ended."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        made: dict[str, Any] = {"registry": self._registry, "namespace": "aiguilleur"}
        self._triages = Counter(
            "triages", "Messages triaged", ("account", "engine", "outcome", "reason", "degraded"), **made
        )
        self._queues = Counter("routed", "Messages routed, by queue", ("account", "queue"), **made)
        self._drafts = Counter("drafts", "Drafts proposed", ("account", "drafted"), **made)
        self._seconds = Histogram("step_seconds", "Duration by step", ("step",), buckets=SECONDS, **made)
        self._asked = Counter("model_asked", "Messages that a model was asked about", ("model", "outcome"), **made)
        self._tokens = Counter("model_tokens", "Tokens asked and answered", ("kind",), **made)
        self._cost = Counter("model_cost_usd", "What the model cost", **made)
        self._corrections = Counter("corrections", "Advisors' corrections", ("account", "state", "routed"), **made)
        self._refits = Counter(
            "refits", "Refits in the background, by what came of them", ("account", "outcome"), **made
        )
        self._erased = Counter("erased_messages", "Messages removed, by why", ("kind",), **made)
        self._duties = Counter("duty_failures", "Regular duties that could not be done whole", ("duty",), **made)
        self._refit_seconds = Histogram("refit_seconds", "Duration of a refit", ("account",), buckets=LONG, **made)
        about = "1 while something outside fails so often that it is left alone for a moment"
        self._breakers = Gauge("breaker_open", about, ("part",), multiprocess_mode="livemax", **made)
        self._open: frozenset[str] = frozenset()
        self._unsettled = Unsettled()
        self._registry.register(self._unsettled)

    def observe(self, triage: Triage) -> None:
        degraded = "yes" if triage.degraded else "no"
        self._triages.labels(triage.account, triage.engine, triage.outcome, triage.outcome_reason, degraded).inc()
        if triage.queue is not None:
            self._queues.labels(triage.account, triage.queue.id).inc()
        self._drafts.labels(triage.account, "yes" if triage.draft else "no").inc()
        for step, passed_ms in triage.steps_ms.items():
            self._seconds.labels(step).observe(passed_ms / 1000)
        self._tokens.labels("prompt").inc(triage.usage.prompt_tokens)
        self._tokens.labels("completion").inc(triage.usage.completion_tokens)
        self._cost.inc(triage.usage.cost_usd or 0.0)

    def asked(self, model: str, outcome: str) -> None:
        """`outcome`: `answered`, or the code of what went wrong once all tries were made."""
        self._asked.labels(model, outcome).inc()

    def breakers(self, parts: Iterable[str]) -> None:
        """The parts that are left alone at present: `index`, `embedder`, or `model:` and its name."""
        now = frozenset(parts)
        for part in now ^ self._open:
            self._breakers.labels(part).set(part in now)
        self._open = now

    def corrected(self, account: str, state: str, routed: bool) -> None:
        """`state`: learned at once, or contested. `routed`: the program had put the message where it was not right."""
        self._corrections.labels(account, state, "yes" if routed else "no").inc()

    def refitted(self, account: str, outcome: str, seconds: float) -> None:
        """`outcome`: a verdict, `held`, `overtaken` or `failed`."""
        self._refits.labels(account, outcome).inc()
        self._refit_seconds.labels(account).observe(seconds)

    def erased(self, kind: str, messages: int) -> None:
        """`kind`: an erasure somebody asked for, or a purge of what is past its term."""
        self._erased.labels(kind).inc(messages)

    def duty_failed(self, duty: str) -> None:
        """It is tried again."""
        self._duties.labels(duty).inc()

    def reached(self, database: bool) -> None:
        """Whether the database answered when it was last asked for what follows."""
        self._unsettled.reached = database

    def standing(self, found: Iterable[tuple[str, int, int, float]]) -> None:
        """What is not triaged at present: account, how many wait, how many failed, age of the oldest in seconds."""
        self._unsettled.found = tuple(found)

    def deliveries(self, found: Mapping[tuple[str, str], int]) -> None:
        """How many wait or are dead at present, by account and state."""
        self._unsettled.deliveries = dict(found)

    def shifted(self, found: Iterable[tuple[str, int, float, float]]) -> None:
        """How far the mix of messages is from what was learned: account, days looked at, index, and what it would not
        exceed by chance."""
        self._unsettled.shifts = tuple(found)

    @contextmanager
    def answering(self, host: str, port: int) -> Iterator[int]:
        """For a process that answers no other calls: `GET /metrics` there, in a thread of its own, until it is left.
        The port, which was free where 0 is given. Raises OSError."""
        server, thread = start_http_server(port, host, self._registry)
        try:
            yield server.server_port
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def exposition(self) -> bytes:
        """In the text format of Prometheus (`CONTENT_TYPE`)."""
        return generate_latest(_of_all(self._unsettled) if FOLDER in os.environ else self._registry)


class Unsettled(Collector):
    """What the database said last, which is the same in every process: so it is told, not counted."""

    def __init__(self) -> None:
        self.reached: bool | None = None
        self.found: tuple[tuple[str, int, int, float], ...] = ()
        self.deliveries: dict[tuple[str, str], int] = {}
        self.shifts: tuple[tuple[str, int, float, float], ...] = ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        reached = GaugeMetricFamily("aiguilleur_database_answers", "1 while this process reaches the database, else 0")
        if self.reached is not None:
            reached.add_metric((), self.reached)
        yield reached
        yield from self._standing()

    def _standing(self) -> Iterator[GaugeMetricFamily]:
        states = GaugeMetricFamily(
            "aiguilleur_unsettled_messages",
            "Messages not triaged, by state: received (they wait) or failed",
            labels=("account", "state"),
        )
        oldest = GaugeMetricFamily(
            "aiguilleur_oldest_waiting_seconds", "Age of the message that waits longest", labels=("account",)
        )
        for account, waiting, failed, oldest_s in self.found:
            states.add_metric((account, "received"), waiting)
            states.add_metric((account, "failed"), failed)
            oldest.add_metric((account,), oldest_s)
        yield states
        yield oldest
        told = "Deliveries of webhooks, by state: waiting or dead"
        deliveries = GaugeMetricFamily("aiguilleur_deliveries", told, labels=("account", "state"))
        for labels, count in self.deliveries.items():
            deliveries.add_metric(labels, count)
        yield deliveries
        yield from self._shifts()

    def _shifts(self) -> Iterator[GaugeMetricFamily]:
        labels = ("account", "days")
        about = "Population stability index of the queues of the last whole days against the confirmed messages"
        index = GaugeMetricFamily("aiguilleur_mix_shift", about, labels=labels)
        about = "What that index would not exceed, 19 times in 20, if nothing had changed"
        by_chance = GaugeMetricFamily("aiguilleur_mix_shift_by_chance", about, labels=labels)
        for account, days, found, chance in self.shifts:
            index.add_metric((account, str(days)), found)
            by_chance.add_metric((account, str(days)), chance)
        yield index
        yield by_chance


def _of_all(unsettled: Unsettled) -> CollectorRegistry:
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415 - of no use to one process

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(unsettled)
    return registry
