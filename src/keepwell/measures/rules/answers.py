"""A spreadsheet of answers, scored row by row: which columns, whose row, what is wrong and where.

Nothing is guessed in silence. A file with a fault is refused as a whole, every fault with its row and column; what is
merely odd is said beside the scores.
"""

from __future__ import annotations

import ast
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import add, itemgetter
from typing import Final, TextIO

from keepwell.kit.sheets import Block, Fault, Lines, Sheet, SheetError
from keepwell.measures.rules.instrument import Instrument
from keepwell.measures.rules.scoring import Key, NoAnswer
from keepwell.measures.rules.traps import Sample, hint, readable

MAX_FAULTS: Final = 20
_IDS_KEPT: Final = 250_000


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the answers stand, in the order of the items, and whose row it is (None: by row number)."""

    items: tuple[int, ...]
    person: int | None
    by_position: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """A block of rows: whose they are and their packed sums, to be unfolded by `Key.outcome`."""

    people: list[str]
    packed: list[int]
    numbers: range | list[int]


def find_columns(sheet: Sheet, instrument: Instrument, items: str = "", person: str = "") -> Columns:
    """The columns of the items: by a prefix, by a list of names, or by position after the first column."""
    chosen, notes = _find_items(sheet, instrument, items)
    doubled = sheet.duplicates & {sheet.headers[index] for index in chosen}
    if doubled:
        raise SheetError(
            Fault(1, sorted(doubled)[0], "two columns have this name, so it is not clear which holds the answers.")
        )
    if person:
        if person not in sheet.headers:
            raise SheetError(Fault(1, "", f"There is no column {person}. {_listed(sheet)}"))
        who: int | None = sheet.headers.index(person)
        if who in chosen:
            raise SheetError(Fault(1, person, "this column holds answers, so it can't name the people too."))
    else:
        who = 0 if 0 not in chosen else None
    return Columns(tuple(chosen), who, not items, tuple(notes))


def score_sheet(sheet: Sheet, key: Key, columns: Columns, sample: Sample | None = None) -> Iterator[Scored]:
    """Scores a sheet block by block; raises `SheetError` with the faults at the end of the first block that has any.

    Memory does not grow with the rows; in very long files a person's second row may only be told at the end. `sample`
    takes in the first rows for a look at the traps.
    """
    reader = _Reader(sheet, key, columns)
    people = _People(sheet.headers[columns.person] if columns.person is not None else "")
    for some in sheet.lines():
        cells, scored = reader.read(some)
        if columns.person is not None:
            people.take(scored.people, scored.numbers)
        if sample is not None and not sample.full:
            sample.take(cells(), scored.packed)
        yield scored
    people.finish()


_Cells = Callable[[], Sequence[Sequence[str]]]  # the cells of each item, worked out only where they are wanted
_Stretch = tuple[Callable[[str], str], Callable[[str], int]]  # a part of a line, and what it adds


class _Reader:
    """Rows to packed sums: whole stretches of plain lines where it can, cell by cell where it must."""

    def __init__(self, sheet: Sheet, key: Key, columns: Columns) -> None:
        self.sheet, self.key, self.columns = sheet, key, columns
        self.pick = _cells(columns.items)
        groups = key.groups()
        self.parts = [(_part(group.items), group.by_cells.__getitem__) for group in groups]
        # Lines are read uncut where the items are the last columns and stand in order.
        self.before = columns.items[0]
        self.uncut = columns.items == tuple(range(self.before, len(sheet.headers)))
        self.groups = groups
        self.stretches: dict[int, list[_Stretch]] = {}

    def read(self, some: Lines | Block) -> tuple[_Cells, Scored]:
        """The cells of each item, and the rows scored."""
        if isinstance(some, Lines):
            found = self._uncut(some) if self.uncut else None
            return found or self._cut(some.cut())
        return self._cut(some)

    def _uncut(self, some: Lines) -> tuple[_Cells, Scored] | None:
        """None where a line is not one character for each item, or holds a fault: then it is read cell by cell.

        The items are counted from the end of the line, each with the delimiter before it: ",3" ",1" ",4".
        """
        delimiter, items = self.sheet.delimiter, len(self.columns.items)
        lines = some.lines
        end = 2 if lines[0].endswith("\r\n") else 1
        if not lines[-1].endswith(("\n", "\r")):  # the last line of the file may do without
            lines = [*lines[:-1], lines[-1] + "\r\n"[-end:]]
        if self.before == 0:
            lines = list(map(delimiter.__add__, lines))
        try:
            packed = _add([map(look_up, map(stretch, lines)) for stretch, look_up in self._stretches(end)])
        except NoAnswer:
            return None
        start = -(end + 2 * items)
        names = self._names(some, [line[:start] for line in lines])
        if names is None or min(packed) < 0:
            return None

        def cells() -> list[str]:
            together = "".join([line[start:-end] for line in lines])
            return [together[place :: 2 * items] for place in range(1, 2 * items, 2)]

        return cells, Scored(names, packed, some.numbers)

    def _names(self, some: Lines, heads: list[str]) -> list[str] | None:
        """Whose the rows are, from what stands before the items; None where that is not so many cells."""
        delimiter, person = self.sheet.delimiter, self.columns.person
        if self.before == 0:
            return None if any(heads) else [str(number) for number in some.numbers]
        if self.before == 1:
            return None if delimiter in "".join(heads) else heads
        parts = [head.split(delimiter) for head in heads]
        if set(map(len, parts)) != {self.before} or person is None:
            return None
        return [cells[person] for cells in parts]

    def _stretches(self, end: int) -> list[_Stretch]:
        if end not in self.stretches:
            after = [end + 2 * (len(self.columns.items) - group.items[-1]) for group in self.groups]
            self.stretches[end] = [
                (itemgetter(slice(-tail - 2 * len(group.items), -tail)), group.of_line(self.sheet.delimiter))
                for tail, group in zip(after, self.groups, strict=True)
            ]
        return self.stretches[end]

    def _cut(self, block: Block) -> tuple[_Cells, Scored]:
        if block.extras:
            raise SheetError(*_beyond(block, self.sheet, self.columns))
        rows = [self.pick(row) for row in block.rows]
        try:
            packed = _add([map(look_up, map(part, rows)) for part, look_up in self.parts])
        except NoAnswer:
            raise SheetError(*_faults(block, self.sheet, self.key, self.columns, rows)) from None
        person = self.columns.person
        names = [str(number) for number in block.numbers] if person is None else [row[person] for row in block.rows]
        return lambda: list(zip(*rows, strict=True)), Scored(names, packed, block.numbers)


class _People:
    """Each person once. Names are kept up to a number; beyond it they wait in a temporary file and are compared a share
    at a time when all rows are read, so memory stays flat."""

    def __init__(self, column: str) -> None:
        self.column = column
        self.kept: set[str] = set()
        self.blanks: set[str] = set()
        self.blocks: list[tuple[Sequence[str], Sequence[int]]] = []
        self.waiting: TextIO | None = None
        self.count = 0

    def take(self, names: Sequence[str], numbers: Sequence[int]) -> None:
        self.count += len(names)
        if self.waiting is not None:
            self._put_aside(names, numbers)
            return
        before = len(self.kept)
        self.kept.update(names)
        self.blocks.append((names, numbers))
        if len(self.kept) < before + len(names) and not self._only_blanks(names, len(self.kept) - before):
            self._tell(pair for block in self.blocks for pair in zip(*block, strict=True))
        if self.count > _IDS_KEPT:
            self.waiting = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - closed in finish
            for block in self.blocks:
                self._put_aside(*block)
            self.kept, self.blocks = set(), []

    def _only_blanks(self, names: Sequence[str], grown: int) -> bool:
        """Whether rows without a name are all that was alike in these."""
        blanks = [name for name in names if not name.strip()]
        fresh = set(blanks) - self.blanks
        self.blanks |= fresh
        return grown == len(names) - len(blanks) + len(fresh)

    def finish(self) -> None:
        """Compare what was put aside."""
        if self.waiting is None:
            return
        with self.waiting as waiting:
            shares = self.count // _IDS_KEPT + 1
            for share in range(shares):
                waiting.seek(0)
                pairs = (line.rstrip("\n").rsplit("\t", 1) for line in waiting)
                self._tell((_plain(name), int(number)) for name, number in pairs if hash(name) % shares == share)

    def _put_aside(self, names: Sequence[str], numbers: Sequence[int]) -> None:
        assert self.waiting is not None
        # repr, as a name may hold a newline
        self.waiting.writelines(f"{name!r}\t{number}\n" for name, number in zip(names, numbers, strict=True))

    def _tell(self, pairs: Iterable[tuple[str, int]]) -> None:
        first: dict[str, int] = {}
        faults: list[Fault] = []
        for name, number in pairs:
            if name.strip() and first.setdefault(name, number) != number and len(faults) < MAX_FAULTS:
                faults.append(
                    Fault(number, self.column, f"{name} stands in more than one row; the first is row {first[name]}.")
                )
        if faults:
            raise SheetError(*faults)


def _plain(written: str) -> str:
    return str(ast.literal_eval(written))


def _add(parts: list[Iterator[int]]) -> list[int]:
    packed = parts[0]
    for part in parts[1:]:
        packed = map(add, packed, part)
    return list(packed)


def _cells(indices: Sequence[int]) -> Callable[[list[str]], tuple[str, ...]]:
    if len(indices) == 1:
        only = indices[0]
        return lambda row: (row[only],)
    return itemgetter(*indices)


def _part(items: range) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    return itemgetter(slice(items.start - 1, items.stop - 1))


def _faults(block: Block, sheet: Sheet, key: Key, columns: Columns, rows: Sequence[tuple[str, ...]]) -> list[Fault]:
    faults: list[Fault] = []
    for number, cells in zip(block.numbers, rows, strict=True):
        for index, cell in zip(columns.items, cells, strict=True):
            wrong = readable(key, cell)
            if wrong is not None and len(faults) < MAX_FAULTS:
                faults.append(Fault(number, sheet.headers[index], wrong))
    advice = hint(key.instrument, key, (cell for cells in rows for cell in cells))
    return [*faults, Fault(0, "", advice)] if advice else faults


def _beyond(block: Block, sheet: Sheet, columns: Columns) -> list[Fault]:
    """Cells beyond the header: now and then two people's rows run together."""
    faults = []
    width = len(sheet.headers)
    for number, extra in islice(block.extras.items(), MAX_FAULTS):
        two = " Do two people stand in one row?" if len(extra) >= len(columns.items) else ""
        faults.append(Fault(number, "", f"{width + len(extra)} cells, but the header names {width}.{two}"))
    return faults


# ---- which columns ----


def _find_items(sheet: Sheet, instrument: Instrument, items: str) -> tuple[list[int], list[str]]:
    if not items:
        return _by_position(sheet, instrument)
    if "," in items:
        return _by_names(sheet, instrument, [name.strip() for name in items.split(",")]), []
    if instrument.items == 1 and items in sheet.headers:
        return [sheet.headers.index(items)], []
    return _by_prefix(sheet, instrument, items)


def _by_names(sheet: Sheet, instrument: Instrument, names: list[str]) -> list[int]:
    if len(names) != instrument.items:
        raise SheetError(
            Fault(0, "", f"--items names {len(names)} columns; {instrument.short} has {instrument.items} items.")
        )
    absent = [name for name in names if name not in sheet.headers]
    if absent:
        raise SheetError(Fault(1, "", f"There is no column {', '.join(absent)}. {_listed(sheet)}"))
    if len(set(names)) < len(names):
        raise SheetError(Fault(0, "", "--items names a column twice."))
    return [sheet.headers.index(name) for name in names]


def _by_prefix(sheet: Sheet, instrument: Instrument, prefix: str) -> tuple[list[int], list[str]]:
    """PREFIX1 … PREFIXn, with or without leading zeros; or PREFIX and the item's code where the key has codes."""
    pattern = re.compile(re.escape(prefix) + r"[ _.\-]?0*(\d+)", re.IGNORECASE)
    codes = {code.lower(): item for item, code in enumerate(instrument.codes, start=1)}
    numbered: dict[int, int] = {}
    coded: dict[int, int] = {}
    for index, header in enumerate(sheet.headers):
        found = pattern.fullmatch(header)
        if found is not None:
            item = int(found[1])
            if item in numbered:
                raise SheetError(
                    Fault(1, header, f"two columns could be item {item}: {sheet.headers[numbered[item]]}.")
                )
            numbered[item] = index
        code = header[len(prefix) :].strip(" _.-").lower() if header.lower().startswith(prefix.lower()) else ""
        if code in codes:
            coded[codes[code]] = index
    if len(coded) == instrument.items:
        return [coded[item] for item in range(1, instrument.items + 1)], []
    wanted = range(1, instrument.items + 1)
    absent = [item for item in wanted if item not in numbered]
    if len(absent) == instrument.items:
        raise SheetError(Fault(1, "", f"No column begins with {prefix} and goes on with a number. {_listed(sheet)}"))
    if absent:
        listed = ", ".join(str(item) for item in absent)
        raise SheetError(Fault(1, "", f"Under the prefix {prefix} there is no column for item {listed}."))
    notes = []
    beyond = [sheet.headers[index] for item, index in numbered.items() if item not in wanted]
    if beyond:
        notes.append(f"Not used, beyond the items of {instrument.short}: {', '.join(sorted(beyond)[:5])}.")
    if instrument.codes:
        notes.append(_order_note(instrument))
    return [numbered[item] for item in wanted], notes


def _by_position(sheet: Sheet, instrument: Instrument) -> tuple[list[int], list[str]]:
    taken = list(range(1, 1 + instrument.items))
    if len(sheet.headers) <= instrument.items:
        raise SheetError(
            Fault(
                1,
                "",
                f"{instrument.short} has {instrument.items} items, but only {len(sheet.headers) - 1} columns stand "
                f"after the first. Name the columns with --items. {_listed(sheet)}",
            )
        )
    names = [sheet.headers[index] for index in taken]
    numbers = [int(found[1]) if (found := re.search(r"(\d+)\D*$", name)) else 0 for name in names]
    if sorted(numbers) == list(range(1, instrument.items + 1)) and numbers != sorted(numbers):
        raise SheetError(
            Fault(1, names[0], "the columns are numbered in another order than they stand. Name them with --items.")
        )
    notes = [f"Items 1 to {instrument.items} were taken by position: {names[0]} to {names[-1]}."]
    if instrument.items == 1:
        notes = [f"The item was taken by position: {names[0]}."]
    if instrument.codes:
        notes.append(_order_note(instrument))
    return taken, notes


def _order_note(instrument: Instrument) -> str:
    turned = ", ".join(str(item) for form in instrument.forms.values() for item in sorted(form))
    return (
        f"Copies of {instrument.short} differ in the order of their items. Column {turned} of the items was taken as the "
        f"reversed one ({instrument.codes[int(turned) - 1]}); naming columns by code is safer."
    )


def _listed(sheet: Sheet) -> str:
    shown = ", ".join(sheet.headers[:12])
    return f"The file has {shown}{' …' if len(sheet.headers) > 12 else ''}."
