"""Writing a table that a spreadsheet program opens as data, never as commands."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Final, TextIO

Cell = str | int | float | None
# A cell that begins so is run as a formula by some spreadsheet program; the wide forms are read like the narrow ones.
_COMMANDS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")


def guard(cell: Cell) -> Cell:
    """The cell, with an apostrophe before text that a spreadsheet program would run. Numbers stay numbers."""
    if isinstance(cell, str) and cell.lstrip(" \u00a0").startswith(_COMMANDS) and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def write_csv(out: TextIO, headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write headers and rows; returns how many rows. Open `out` with newline="" so that line ends stay as written."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([guard(header) for header in headers])
    count = 0
    for row in rows:
        writer.writerow([guard(cell) for cell in row])
        count += 1
    return count
