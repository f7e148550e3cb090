"""Spreadsheets as they really come: any delimiter, any encoding, CSV or XLSX, ragged, with blanks and doubles.

`read(path)` gives a `Sheet` that streams; what was odd about the file is in its `notes`, what makes it unusable is
raised as `SheetError` with the place. `write_csv` writes what a spreadsheet program can open without being tricked.
"""

from keepwell.kit.sheets.reading import read
from keepwell.kit.sheets.sheet import Block, Fault, Lines, Row, Sheet, SheetError
from keepwell.kit.sheets.writing import guard, write_csv

__all__ = ["Block", "Fault", "Lines", "Row", "Sheet", "SheetError", "guard", "read", "write_csv"]
