"""Growth is told as it is, and its stores are what they say."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sqlalchemy import text

from evals.bench.full_store import FORM, fill
from evals.bench.growth.backends import spent_s
from evals.bench.growth.exponents import growth_of
from evals.bench.growth.multiplied import multiply
from evals.bench.growth.plot import chart
from service.desk.clock import utc_now
from service.storage.accounts import ensure
from service.storage.database import Database
from service.storage.migrate import migrate

SIZES = (1_000, 100_000, 1_000_000)


def rounds(exponent: float) -> list[dict[int, float]]:
    """Costs of that growth, on a machine that is now and then twice as slow."""
    return [{size: (1 + number % 2) * size**exponent for size in SIZES} for number in range(12)]


@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0])
def test_the_exponent_and_the_ratio_are_those_of_the_costs_whatever_else_the_machine_did(exponent: float) -> None:
    found = growth_of(rounds(exponent))
    assert found.exponent == pytest.approx((exponent,) * 3)
    assert found.ratio == pytest.approx((1_000**exponent,) * 3)


def test_a_plot_is_a_picture_that_names_what_it_shows() -> None:
    drawn = chart({"messages": {"intake & more": growth_of(rounds(0.1)), "search": growth_of(rounds(0.5))}})
    told = " ".join(ElementTree.fromstring(drawn).itertext())
    assert "intake & more: ×2.00, exponent 0.100" in told
    assert "search: ×31.62, exponent 0.500" in told
    assert "1,000,000" in told


def test_what_a_databases_server_does_for_it_is_counted() -> None:
    title, busy = "postgres: user growth_7 [local] SELECT", "sum(range(10**6)); print(flush=True); input()"
    with subprocess.Popen([title, "-c", busy], executable=sys.executable, stdin=-1, stdout=-1) as serving:
        assert serving.stdout
        serving.stdout.readline()
        assert spent_s("growth_7") > 0.002
        assert spent_s("growth_70") == 0.0
        serving.communicate(b"\n")


def test_a_store_is_filled_on_and_multiplied_with_messages_of_their_own(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'full.db'}")
    migrate(database)
    with database.writing() as transaction:
        ensure(transaction, "club-horizon-auto", "Club", "test", utc_now())
    fill(database, "club-horizon-auto", 20)
    fill(database, "club-horizon-auto", 40, first=20)
    multiply(database, 3)
    counted = {
        "messages": "id",
        "triages": "id",
        "cases": "message_id",
        "findable": "message_id",
        "traces": "message_id",
    }
    with database.reading() as transaction:
        for table, column in counted.items():
            assert transaction.execute(text(f"SELECT count(DISTINCT {column}) FROM {table}")).scalar() == 120
        assert transaction.execute(text("SELECT count(DISTINCT external_id) FROM messages")).scalar() == 120
        forms = text("SELECT count(*) FROM messages WHERE sender = :form")
        assert transaction.execute(forms, {"form": FORM}).scalar_one() % 3 == 0
        assert transaction.execute(text("SELECT count(*) FROM unindexed")).scalar() == 0
    database.close()
