"""The figures as lines to be read in a terminal."""

from collections.abc import Sequence

from evals.bench.rows import Row

_HEADS = ("what", "aim", "measured", "verdict", "n", "note")


def table(rows: Sequence[Row]) -> str:
    cells = [_HEADS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEADS))]
    return "\n".join(_line(line, widths) for line in cells)


def _cells(row: Row) -> tuple[str, ...]:
    aim = "" if row.aim is None else f"{'≥' if row.aim.least else '≤'} {row.aim.limit:g} {row.unit}"
    return (row.name, aim, f"{_number(row.measured)} {row.unit}", row.verdict, f"{row.n:,}", row.note)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


def _line(line: Sequence[str], widths: Sequence[int]) -> str:
    right = {2, 4}
    return "  ".join(
        text.rjust(width) if at in right else text.ljust(width)
        for at, (text, width) in enumerate(zip(line, widths, strict=True))
    ).rstrip()
