"""Excel workbooks (XLSX), row by row, without keeping the sheet in memory."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from keepwell.kit.sheets.sheet import MAX_COLUMNS, Fault, SheetError

LARGEST: Final = 1 << 30  # bytes unpacked; a spreadsheet beyond that is an attack or a mistake


class Book:
    """A workbook, opened at one of its sheets."""

    def __init__(self, stream: BinaryIO, wanted: str | None) -> None:
        formulas = _check(stream)
        try:
            self._book = load_workbook(stream, read_only=True, data_only=True)
            self._recipes = load_workbook(stream, read_only=True) if formulas else None
        except (InvalidFileException, KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as error:
            raise SheetError(
                Fault(0, "", "The workbook is damaged: open it, save it again, or save as CSV.")
            ) from error
        names = [sheet.title for sheet in self._book.worksheets if sheet.sheet_state == "visible"]
        if wanted is not None and wanted not in self._book.sheetnames:
            self.close()
            raise SheetError(Fault(0, "", f"There is no sheet {wanted!r}. The workbook has: {', '.join(names)}."))
        self.name = wanted or (names or self._book.sheetnames)[0]
        self._notes: list[str] = []
        if wanted is None and len(names) > 1:
            self._notes.append(f"Read the sheet {self.name!r}; the workbook also has {', '.join(names[1:])}.")
        self._unsaved = 0
        self.records: Iterator[list[str]] = self._read()

    def encoding(self) -> str:
        return "xlsx"

    def notes(self) -> list[str]:
        if not self._unsaved:
            return self._notes
        return [
            *self._notes,
            f"{self._unsaved} cells hold formulas without a saved result: open the workbook and save it once.",
        ]

    def close(self) -> None:
        self._book.close()
        if self._recipes is not None:
            self._recipes.close()

    def _read(self) -> Iterator[list[str]]:
        try:
            if self._recipes is None:
                for row in self._rows(self._book):
                    yield [_text(cell) for cell in row]
                return
            for row, recipe in zip(self._rows(self._book), self._rows(self._recipes), strict=True):
                yield [self._result(cell, formula) for cell, formula in zip(row, recipe, strict=True)]
        except (SyntaxError, zipfile.BadZipFile, KeyError, TypeError, OverflowError) as error:
            raise SheetError(
                Fault(0, "", "The workbook is damaged: open it, save it again, or save as CSV.")
            ) from error

    def _rows(self, book: Any) -> Iterator[tuple[Any, ...]]:
        sheet = book[self.name]
        sheet.reset_dimensions()  # the size a program wrote down is often wrong
        for row in sheet.iter_rows(values_only=True):
            if len(row) > MAX_COLUMNS:
                raise SheetError(Fault(0, "", f"{len(row):,} columns; a sheet can have at most {MAX_COLUMNS:,}."))
            yield row

    def _result(self, cell: object, formula: object) -> str:
        if cell is None and isinstance(formula, str) and formula.startswith("="):
            self._unsaved += 1
            return formula
        return _text(cell)


def _check(stream: BinaryIO) -> bool:
    """Refuse what is no workbook or would fill the memory; say whether any sheet holds formulas."""
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if "mimetype" in names and "content.xml" in names:
                raise SheetError(Fault(0, "", "This is an OpenDocument sheet: save it as XLSX or CSV and try again."))
            if "xl/workbook.xml" not in names:
                raise SheetError(Fault(0, "", "This is an archive, not a workbook: save it as XLSX or CSV."))
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise SheetError(Fault(0, "", "Unpacked, the workbook would be larger than 1 GB; save it as CSV."))
            sheets = [entry for entry in entries if entry.filename.startswith("xl/worksheets/")]
            found = any(_holds_formula(archive, entry) for entry in sheets)
    except zipfile.BadZipFile as error:
        raise SheetError(Fault(0, "", "The workbook is damaged: open it, save it again, or save as CSV.")) from error
    stream.seek(0)
    return found


def _holds_formula(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    with archive.open(entry) as part:
        tail = b""
        while data := part.read(1 << 18):
            text = tail + data
            if b"<f>" in text or b"<f " in text or b"<f/" in text:
                return True
            tail = data[-2:]
    return False


def _text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime.datetime() if cell.time() == datetime.time():
            return cell.date().isoformat()
        case datetime.datetime() | datetime.date() | datetime.time():
            return cell.isoformat()
        case _:
            return str(cell)
