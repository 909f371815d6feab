"""What is left alone because it fails is seen by whoever watches."""

from service.connectors.metrics import Metrics
from service.connectors.rest import FAILURES, Rest
from service.desk.upkeep.health import Health
from service.storage.database import Database


async def test_a_model_that_rests_is_told_by_readiness_and_metrics_until_it_answers(database: Database) -> None:
    rest, metrics = Rest(lambda: 0.0), Metrics()
    health = Health(database, lambda: ("index",), lambda: rest.resting)
    for _ in range(FAILURES):
        rest.failed("openai/down")
    checks = {check.name: check for check in await health.checks()}
    assert not checks["model's breaker"].ok
    assert not checks["model's breaker"].required
    assert "openai/down" in checks["model's breaker"].detail
    metrics.breakers(health.breakers())
    told = metrics.exposition().decode()
    assert 'aiguilleur_breaker_open{part="model:openai/down"} 1.0' in told
    assert 'aiguilleur_breaker_open{part="index"} 1.0' in told
    rest.answered("openai/down")
    metrics.breakers(health.breakers())
    assert 'aiguilleur_breaker_open{part="model:openai/down"} 0.0' in metrics.exposition().decode()


def test_what_comes_of_each_question_to_a_model_is_counted_by_model_and_fault() -> None:
    rest, metrics = Rest(lambda: 0.0), Metrics()
    rest.tell = metrics.asked
    rest.answered("openai/up")
    for fault in ("timeout", "rate_limited", "timeout"):
        rest.failed("openai/down", fault=fault)
    told = metrics.exposition().decode()
    assert 'aiguilleur_model_asked_total{model="openai/up",outcome="answered"} 1.0' in told
    assert 'aiguilleur_model_asked_total{model="openai/down",outcome="timeout"} 2.0' in told
    assert 'aiguilleur_model_asked_total{model="openai/down",outcome="rate_limited"} 1.0' in told
