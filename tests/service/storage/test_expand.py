"""Migrations add first and take away later, so that programs of before and after one run side by side."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.storage.migrate import SCRIPTS

FIRST = "0014"
"""Since this revision, releases are rolled out one process at a time."""

TAKES_AWAY = {"drop_column", "drop_table", "drop_constraint", "alter_column", "rename_table", "drop_table_comment"}


def scripts() -> list[Path]:
    return [path for path in sorted((SCRIPTS / "versions").glob("0*.py")) if path.name[:4] >= FIRST]


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
            yield node


def problems(source: str) -> list[str]:
    """What a program of before would stumble over, unless the script raises the floor of programs."""
    tree = ast.parse(source)
    found = [name for name in sorted(TAKES_AWAY) if any(calls(tree, name))]
    for call in calls(tree, "add_column"):
        for column in calls(call, "Column"):
            given = {keyword.arg for keyword in column.keywords}
            if "nullable" in given and "server_default" not in given:
                found.append("a column that must be filled, without a default")
    return [] if "schema_floor" in source and "UPDATE schema_floor" in source else found


@pytest.mark.parametrize("script", scripts(), ids=lambda path: path.stem)
def test_a_migration_leaves_what_the_programs_of_before_use(script: Path) -> None:
    assert problems(script.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "op.drop_column('messages', 'sender')",
        "op.alter_column('messages', 'sender', new_column_name='from')",
        "op.add_column('messages', sa.Column('mood', sa.Text, nullable=False))",
    ],
)
def test_one_that_takes_something_away_is_seen(wrong: str) -> None:
    assert problems(wrong)
    assert not problems(f"{wrong}\nop.execute(\"UPDATE schema_floor SET least = '0099'\")")
