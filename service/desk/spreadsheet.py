"""Lines of a file for a spreadsheet, in which nobody's words are run."""

import csv
import io
import re
from collections.abc import Iterable

FIRST = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes a cell for a formula by, at its start."""
_AFTER = re.compile(r"([;\t\r\n]\s*)(?=[=+\-@])")
"""A French spreadsheet begins a new cell after a semicolon, whatever the file's own separator is."""


def guarded(cell: str) -> str:
    """The cell, with a quote before what a spreadsheet would run (OWASP, CSV injection)."""
    split = _AFTER.sub(r"\1'", cell)
    return f"'{split}" if cell.startswith(FIRST) else split


def line_of(cells: Iterable[object]) -> str:
    """A line of comma-separated values, with its end."""
    written = io.StringIO()
    csv.writer(written).writerow([guarded(str(cell)) for cell in cells])
    return written.getvalue()
