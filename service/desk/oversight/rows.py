"""The figures as rows for a spreadsheet: the very numbers of the report, one a row."""

from collections.abc import Iterator
from typing import Any

from service.domain.oversight import Oversight

Row = tuple[str, str, str, object]
"""Section, whose it is (a day, a week, a queue…), figure, amount."""

COLUMNS = ("section", "of", "figure", "amount")
KEYS = ("start", "day", "label", "team", "site", "person")
"""What an item of a list is called by: the first of these that it has."""


def rows(report: Oversight) -> Iterator[Row]:
    for name, value in report.model_dump(mode="json").items():
        if isinstance(value, list):
            for item in value:
                yield from of_item(name, item)
        else:
            yield from _flat(name, "", "", value)


def of_item(section: str, item: dict[str, Any]) -> Iterator[Row]:
    """Of one item of a list."""
    key = next(one for one in KEYS if one in item)
    left_out = {key, "value"} if key == "label" else {key}
    for name, value in item.items():
        if name not in left_out:
            yield from _flat(section, str(item[key]), name, value)


def _flat(section: str, of: str, name: str, value: Any) -> Iterator[Row]:
    if isinstance(value, dict):
        for inner, amount in value.items():
            yield from _flat(section, of, f"{name}.{inner}" if name else inner, amount)
    elif isinstance(value, list):
        for item in value:
            yield from of_item(f"{section}.{name}" if name else section, item)
    elif value is not None:
        yield section, of, name or section, value
