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

from keepwell.kit.sheets import Block, Fault, Sheet, SheetError
from keepwell.measures.rules.instrument import Instrument
from keepwell.measures.rules.scoring import Key, NoAnswer
from keepwell.measures.rules.traps import Sample, hint, readable

MAX_FAULTS: Final = 20
SAMPLED: Final = 50_000  # rows in which traps are looked for
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
    pick = _cells(columns.items)
    parts = [(_part(items), look_up) for items, look_up in key.groups()]
    people = _People(sheet.headers[columns.person] if columns.person is not None else "")
    for block in sheet.blocks():
        if block.extras:
            raise SheetError(*_beyond(block, sheet, columns))
        rows = [pick(row) for row in block.rows]
        try:
            packed = _sum(rows, parts)
        except NoAnswer:
            raise SheetError(*_faults(block, sheet, key, columns, rows)) from None
        if columns.person is None:
            names = [str(number) for number in block.numbers]
        else:
            names = [row[columns.person] for row in block.rows]
            people.take(names, block.numbers)
        if sample is not None and sample.people < SAMPLED:
            sample.take(rows, packed)
        yield Scored(names, packed, block.numbers)
    people.finish()


class _People:
    """Each person once. Names are kept up to a number; beyond it they wait in a temporary file and are compared a share
    at a time when all rows are read, so memory stays flat."""

    def __init__(self, column: str) -> None:
        self.column = column
        self.kept: dict[str, int] = {}
        self.waiting: TextIO | None = None
        self.count = 0

    def take(self, names: Sequence[str], numbers: Sequence[int]) -> None:
        self.count += len(names)
        if self.waiting is not None:
            self._put_aside(zip(names, numbers, strict=True))
            return
        before = len(self.kept)
        fresh = dict(zip(names, numbers, strict=True))
        repeated = self.kept.keys() & fresh.keys()
        if len(fresh) < len(names) or repeated:
            self._tell(zip(names, numbers, strict=True), dict(self.kept))
        self.kept.update(fresh)
        if before <= _IDS_KEPT < len(self.kept):
            self.waiting = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - closed in finish
            self._put_aside(self.kept.items())
            self.kept = {}

    def finish(self) -> None:
        """Compare what was put aside."""
        if self.waiting is None:
            return
        with self.waiting as waiting:
            shares = self.count // _IDS_KEPT + 1
            for share in range(shares):
                waiting.seek(0)
                pairs = (line.rstrip("\n").rsplit("\t", 1) for line in waiting)
                self._tell(((_plain(name), int(number)) for name, number in pairs if hash(name) % shares == share), {})

    def _put_aside(self, pairs: Iterable[tuple[str, int]]) -> None:
        assert self.waiting is not None
        self.waiting.writelines(f"{name!r}\t{number}\n" for name, number in pairs)  # repr: a name may hold a newline

    def _tell(self, pairs: Iterable[tuple[str, int]], first: dict[str, int]) -> None:
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


def _sum(
    rows: list[tuple[str, ...]], parts: list[tuple[Callable[[tuple[str, ...]], tuple[str, ...]], Callable[..., int]]]
) -> list[int]:
    packed = [0] * len(rows)
    for part, look_up in parts:
        packed = list(map(add, packed, map(look_up, map(part, rows))))
    return packed


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
