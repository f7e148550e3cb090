"""Opening a file: what kind it is decides who reads it."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from keepwell.kit.sheets.sheet import Fault, Sheet, SheetError
from keepwell.kit.sheets.text import Text

_ZIP: Final = b"PK\x03\x04"
_OLD_OFFICE: Final = bytes.fromhex("d0cf11e0a1b11ae1")  # also what a password turns an XLSX into


def read(path_or_file: str | Path | BinaryIO, *, sheet: str | None = None) -> Sheet:
    """Open a spreadsheet. `sheet` names one of a workbook's sheets; the first visible one is read otherwise."""
    stream, close = _open(path_or_file)
    try:
        return _sheet(stream, close, sheet)
    except BaseException:
        close()
        raise


def _sheet(stream: BinaryIO, close: Callable[[], None], wanted: str | None) -> Sheet:
    start = stream.read(8)
    stream.seek(0)
    if start == _OLD_OFFICE:
        raise SheetError(
            Fault(0, "", "This is an old Excel file, or one locked with a password: save it as XLSX or CSV.")
        )
    if start.startswith(b"%PDF"):
        raise SheetError(Fault(0, "", "This is a PDF, not a spreadsheet: ask for the file as CSV or XLSX."))
    if not start.startswith(_ZIP):
        text = Text(stream)
        return Sheet(
            text.records,
            lines=text.lines,
            parse=text.parse,
            encoding=text.encoding,
            delimiter=text.delimiter,
            notes=text.notes,
            close=close,
        )
    from keepwell.kit.sheets.book import Book  # loads openpyxl, which takes longer than most CSV files take to read

    book = Book(stream, wanted)

    def close_both() -> None:
        book.close()
        close()

    return Sheet(book.records, encoding=book.encoding, delimiter="", notes=book.notes, close=close_both)


def _open(path_or_file: str | Path | BinaryIO) -> tuple[BinaryIO, Callable[[], None]]:
    if isinstance(path_or_file, (str, Path)):
        try:
            opened = open(path_or_file, "rb")  # noqa: SIM115 - closed by the sheet
        except IsADirectoryError as error:
            raise SheetError(Fault(0, "", f"{path_or_file} is a folder, not a file.")) from error
        except OSError as error:
            raise SheetError(Fault(0, "", f"{path_or_file} can't be opened: {error.strerror}.")) from error
        return opened, opened.close
    if path_or_file.seekable():
        path_or_file.seek(0)
        return path_or_file, _leave_open
    spooled = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115 - closed by the sheet
    while data := path_or_file.read(1 << 18):
        spooled.write(data)
    spooled.seek(0)
    return io.BufferedReader(spooled), spooled.close


def _leave_open() -> None:
    """A file that was handed to us open stays open: it is not ours."""
