import json
from pathlib import Path

import pytest

from evals.suites.public import NoDataError, Row, Source, as_cases, english_account, read_rows

SOURCE = Source("fruit", ("a.jsonl",), "Ask the gardener.")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "fruit").mkdir()
    rows = [{"text": "Where is my pear?", "label": "Lost_Pear?"}, {"text": "A sour apple", "label": "sour_apple"}]
    (tmp_path / "fruit" / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return tmp_path


def test_data_are_found_in_their_folder_or_in_the_one_that_is_named(data: Path) -> None:
    assert SOURCE.find(data) == SOURCE.find(data / "fruit") == data / "fruit"


def test_where_data_are_absent_it_is_said_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(NoDataError, match=r"no a\.jsonl in .*Ask the gardener"):
        SOURCE.find(tmp_path)


def test_labels_become_queues_without_keywords(data: Path) -> None:
    rows = read_rows(SOURCE.find(data) / "a.jsonl")
    assert rows == [Row("Where is my pear?", "lost_pear"), Row("A sour apple", "sour_apple")]
    playbook = english_account("fruit", [row.label for row in rows]).playbook
    assert playbook.queue_ids == ("lost_pear", "sour_apple")
    assert playbook.queue("lost_pear").label == "lost pear"
    assert not any(queue.keywords or queue.examples for queue in playbook.queues)


def test_rows_go_the_products_way_as_messages(data: Path) -> None:
    rows = read_rows(SOURCE.find(data) / "a.jsonl")
    case = as_cases(rows, english_account("fruit", ["lost_pear", "sour_apple"]), "train")[0]
    assert case.example.external_id == "train-00000"
    assert case.example.queue == "lost_pear"
    assert case.example.redacted.own == "Where is my pear?"
