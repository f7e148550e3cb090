"""What a spreadsheet is once it is open: named columns, and rows that pass by one after another."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from types import TracebackType
from typing import Final, Self

MAX_COLUMNS: Final = 16_384  # as many as a spreadsheet program itself can hold
NOTED_ROWS: Final = 3  # how many row numbers a note spells out before it says "and others"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a file: the row as the spreadsheet program numbers it (0: the whole file), the column."""

    row: int
    column: str
    sentence: str

    def __str__(self) -> str:
        where = [f"row {self.row}"] if self.row else []
        where += [f"column {self.column}"] if self.column else []
        place = ", ".join(where)
        return f"{place[0].upper()}{place[1:]}: {self.sentence}" if place else self.sentence


class SheetError(ValueError):
    """A file that can't be used, with every fault found in it."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Row:
    """One row: as many cells as there are headers, and whatever stood beyond them."""

    number: int
    cells: list[str]
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Many rows at once, for those in a hurry. Every row has exactly the sheet's width; blank rows are left out."""

    numbers: range | list[int]
    rows: list[list[str]]
    extras: dict[int, tuple[str, ...]]  # row number -> cells beyond the last header


@dataclass(frozen=True, slots=True)
class Lines:
    """Many rows as uncut lines of text: no cell in them is quoted. `cut` gives the same rows as a `Block`."""

    numbers: range
    lines: list[str]
    cut: Callable[[], Block]


class Sheet:
    """An open spreadsheet. Rows can be read once, from first to last; use it in a `with`."""

    def __init__(
        self,
        records: Iterator[list[str]],
        *,
        lines: Iterator[str] | None = None,
        parse: Callable[[Iterable[str]], Iterator[list[str]]] | None = None,
        encoding: Callable[[], str],
        delimiter: str,
        notes: Callable[[], list[str]],
        close: Callable[[], None],
    ) -> None:
        self._records = records
        self._lines = lines  # what `records` is read from, where that is text
        self._parse = parse
        self._encoding = encoding
        self._source_notes = notes
        self._close = close
        self.delimiter = delimiter
        self._own_notes: list[str] = []
        self._short: list[int] = []
        self._short_count = 0
        self._number = 0
        self.headers, self.duplicates = self._read_header()

    @property
    def encoding(self) -> str:
        """The encoding met so far; certain once all rows are read."""
        return self._encoding()

    @property
    def notes(self) -> list[str]:
        """What was odd but could be handled, in sentences; complete once all rows are read."""
        notes = [*self._own_notes, *self._source_notes()]
        if self._short_count:
            rows = ", ".join(str(number) for number in self._short)
            more = " and others" if self._short_count > len(self._short) else ""
            notes.append(f"Rows shorter than the header were filled with blanks: {rows}{more}.")
        return notes

    @property
    def rows(self) -> Iterator[Row]:
        for block in self.blocks(256):
            for number, cells in zip(block.numbers, block.rows, strict=True):
                yield Row(number, cells, block.extras.get(number, ()))

    def blocks(self, size: int = 4096) -> Iterator[Block]:
        while records := self._take(size):
            first = self._number + 1
            self._number += len(records)
            yield self._block(first, records)

    def lines(self, size: int = 4096) -> Iterator[Lines | Block]:
        """Like `blocks`, but rows of plain text come uncut, for those who can read many lines faster than cell by cell.

        From the first quotation mark on, and in workbooks, there are blocks only.
        """
        while self._lines is not None and self._parse is not None:
            lines = list(islice(self._lines, size))
            if not lines:
                return
            if '"' in "".join(lines):
                self._records = self._parse(chain(lines, self._lines))
                break
            first = self._number + 1
            self._number += len(lines)
            yield Lines(range(first, first + len(lines)), lines, partial(self._cut, first, lines))
        yield from self.blocks(size)

    def close(self) -> None:
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _cut(self, first: int, lines: list[str]) -> Block:
        assert self._parse is not None
        return self._block(first, list(self._parse(lines)))

    def _block(self, first: int, records: list[list[str]]) -> Block:
        width = len(self.headers)
        if set(map(len, records)) == {width} and [""] * width not in records:  # the ordinary case, without a loop
            return Block(range(first, first + len(records)), records, {})
        return self._mend(first, records, width)

    def _mend(self, first: int, records: list[list[str]], width: int) -> Block:
        """Leave out blank rows, fill short ones, and set aside what stands beyond the header."""
        numbers: list[int] = []
        rows: list[list[str]] = []
        extras: dict[int, tuple[str, ...]] = {}
        for number, record in enumerate(records, start=first):
            if not any(cell.strip() for cell in record):
                continue
            if len(record) < width:
                self._short_count += 1
                if len(self._short) < NOTED_ROWS:
                    self._short.append(number)
                record = record + [""] * (width - len(record))
            elif len(record) > width:
                beyond = tuple(cell for cell in record[width:] if cell.strip())
                if beyond:
                    extras[number] = beyond
                record = record[:width]
            numbers.append(number)
            rows.append(record)
        return Block(numbers, rows, extras)

    def _take(self, size: int) -> list[list[str]]:
        try:
            return list(islice(self._records, size))
        except csv.Error as error:
            raise SheetError(Fault(0, "", _csv_sentence(error, self._number + 1))) from error

    def _read_header(self) -> tuple[list[str], frozenset[str]]:
        while records := self._take(1):
            self._number += 1
            names = [cell.strip() for cell in records[0]]
            while names and not names[-1]:
                names.pop()
            if not names:
                continue
            if len(names) > MAX_COLUMNS:
                raise SheetError(
                    Fault(self._number, "", f"{len(names):,} columns; a sheet can have at most {MAX_COLUMNS:,}.")
                )
            return self._name(names)
        raise SheetError(Fault(0, "", "The file is empty: no header row was found."))

    def _name(self, names: list[str]) -> tuple[list[str], frozenset[str]]:
        """Give every column a name of its own, and say which had none or shared one."""
        seen: dict[str, int] = {}
        headers: list[str] = []
        taken = set(names)
        for position, name in enumerate(names, start=1):
            if not name:
                headers.append(f"(column {position})")
                continue
            seen[name] = seen.get(name, 0) + 1
            headers.append(name if seen[name] == 1 else _free(name, seen[name], taken))
        duplicates = frozenset(name for name, often in seen.items() if often > 1)
        if duplicates:
            listed = ", ".join(sorted(duplicates))
            self._own_notes.append(f"Columns with the same name: {listed}. The later ones are numbered.")
        unnamed = [str(position) for position, name in enumerate(names, start=1) if not name]
        if unnamed:
            self._own_notes.append(f"Columns without a name: {', '.join(unnamed[:5])}{'…' if unnamed[5:] else ''}.")
        return headers, duplicates


def _free(name: str, number: int, taken: set[str]) -> str:
    while (candidate := f"{name} ({number})") in taken:
        number += 1
    taken.add(candidate)
    return candidate


def _csv_sentence(error: csv.Error, after: int) -> str:
    said = str(error)
    if "field larger" in said or "unexpected end" in said:
        return f"A quotation mark opened in or after row {after} is never closed."
    if "expected after" in said:
        return f"In or after row {after}, text goes on behind a closing quotation mark; save the file again as CSV."
    return f"In or after row {after} the file stops being a table ({said})."
