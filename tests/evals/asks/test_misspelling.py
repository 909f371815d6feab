"""Misspelt words: what they change is measured."""

import random
from pathlib import Path

from evals.account import read_account
from evals.asks.misspelling import SHARES, WAYS, by_ear, by_hand, measured, misspelt, table
from evals.harness.workbench import Material
from retrieval.words import words
from service.settings import Settings
from tests.service.small_account import write_account

BODY = "Bonjour, je souhaite résilier l'assurance de ma voiture et obtenir le remboursement de la cotisation."


def test_words_are_misspelt_as_by_ear_and_by_hand() -> None:
    heard = {by_ear("assurance", random.Random(seed)) for seed in range(50)}
    assert {"assurence", "assuranse", "assuranc"} <= heard
    slipped = {by_hand("vol", random.Random(seed)) for seed in range(200)}
    assert {"vl", "vool", "ovl"} <= slipped
    assert by_hand("ma", random.Random(0)) == "ma"


def test_so_many_words_are_misspelt_and_the_same_ones_each_time() -> None:
    for way in WAYS:
        once = misspelt(BODY, way, 0.5, "a")
        assert once == misspelt(BODY, way, 0.5, "a") != misspelt(BODY, way, 0.5, "b")
        assert misspelt(BODY, way, 0, "a") == BODY
        many = words(misspelt(BODY * 20, way, 0.5, "a"))
        kept = sum(word in words(BODY) for word in many)
        assert 0.4 * len(many) < kept < 0.8 * len(many)


def test_a_row_for_each_way_and_share(tmp_path: Path) -> None:
    account = read_account(write_account(tmp_path / "petit", "petit"))
    history = [case.confirmed for case in account.cases]
    material = Material(account.files, account.playbook, account.answers, history)
    found = measured(material, Settings(_env_file=None, engine="local", data=tmp_path / "data"))
    rows = list(table(found))
    assert len(rows) == 2 + len(WAYS) * len(SHARES)
    assert all(0 <= float(value) <= 1 for row in rows[1:] for value in row.split()[-4:-1])
