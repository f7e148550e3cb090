"""Delimited text: bytes to lines whatever the encoding, lines to cells whatever the delimiter."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from typing import BinaryIO, Final

from keepwell.kit.sheets.sheet import NOTED_ROWS, Fault, SheetError

BLOCK: Final = 1 << 18
LONGEST_LINE: Final = 32 << 20
DELIMITERS: Final = (",", ";", "\t", "|")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Guesses that are believed when the bytes are not UTF-8. Western single-byte code pages differ too little to be told
# apart from a few names, so anything else is read as Windows-1252, which is what Western spreadsheets write.
_BELIEVED: Final = {"cp1251", "koi8_r", "cp1253", "cp1255", "cp1256", "shift_jis", "cp932", "euc_jp", "gb18030", "big5"}


class Text:
    """A delimited file, opened: `records` streams its rows."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._legacy = ""
        self._legacy_lines: list[int] = []
        self._legacy_count = 0
        self._modern_seen = False
        self._line = 0
        self._said: list[str] = []
        head = stream.read(BLOCK)
        self._encoding = _encoding_of(head)
        blocks = self._decode(head)
        first = next(blocks, "")
        self.delimiter, skip = self._delimiter(first)
        blocks = chain([first[skip:]], blocks)
        # newline="" keeps line ends inside quoted cells as they are; csv wants its input line by line.
        self.lines = chain.from_iterable(io.StringIO(block, newline="") for block in blocks)
        self.records = self.parse(self.lines)

    def parse(self, lines: Iterable[str]) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self.delimiter, strict=True)

    def encoding(self) -> str:
        if not self._legacy:
            return self._encoding
        return f"{self._encoding} and {self._legacy}" if self._modern_seen else self._legacy

    def notes(self) -> list[str]:
        if not self._legacy or not self._modern_seen:
            return list(self._said)
        lines = ", ".join(str(line) for line in self._legacy_lines)
        more = " and others" if self._legacy_count > len(self._legacy_lines) else ""
        return [*self._said, f"The file mixes encodings: line {lines}{more} read as {self._legacy}, the rest as UTF-8."]

    def _decode(self, head: bytes) -> Iterator[str]:
        """Text in pieces that end where a line ends."""
        if self._encoding in ("utf-8", "utf-8-sig"):
            for piece in self._pieces(head.removeprefix(codecs.BOM_UTF8)):
                try:
                    text = piece.decode("utf-8")
                    self._line += piece.count(b"\n")
                except UnicodeDecodeError:
                    text = self._line_by_line(piece)
                yield text
            return
        decoder = codecs.getincrementaldecoder(self._encoding)()
        kept = ""
        data = head
        try:
            while data:
                kept += decoder.decode(data)
                cut = max(kept.rfind("\n"), -1 if kept.endswith("\r") else kept.rfind("\r")) + 1
                if cut:
                    yield kept[:cut]
                    kept = kept[cut:]
                self._too_long(len(kept))
                data = self._stream.read(BLOCK)
            yield kept + decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise SheetError(Fault(0, "", f"The file begins as {self._encoding} text but doesn't go on so.")) from error

    def _pieces(self, head: bytes) -> Iterator[bytes]:
        kept = b""
        data = head
        while data:
            cut = data.rfind(b"\n") + 1
            if not cut and not data.endswith(b"\r"):  # an old Macintosh file, or the inside of a very long line
                cut = data.rfind(b"\r") + 1
            if cut:
                yield kept + data[:cut]
                kept = data[cut:]
            else:
                kept += data
                self._too_long(len(kept))
            data = self._stream.read(BLOCK)
        if kept:
            yield kept

    def _too_long(self, length: int) -> None:
        if length > LONGEST_LINE:
            raise SheetError(Fault(0, "", "A single line is longer than 32 MB; this is not a table."))

    def _line_by_line(self, piece: bytes) -> str:
        lines = piece.splitlines(keepends=True) if b"\n" not in piece else _split(piece)
        if not self._legacy:
            self._legacy = _guess(b"".join(line for line in lines if not _is_utf8(line)))
        texts = []
        for line in lines:
            self._line += 1
            try:
                texts.append(line.decode("utf-8"))
                self._modern_seen = self._modern_seen or not line.isascii()
            except UnicodeDecodeError:
                self._legacy_count += 1
                if len(self._legacy_lines) < NOTED_ROWS:
                    self._legacy_lines.append(self._line)
                texts.append(_decode_legacy(line, self._legacy))
        return "".join(texts)

    def _delimiter(self, first: str) -> tuple[str, int]:
        """The delimiter, and how many characters to skip: some programs name it in a first line "sep=;"."""
        if first[:4].lower() == "sep=" and len(first) > 5 and first[5] in "\r\n":
            skip = 7 if first[5:7] == "\r\n" else 6
            self._said.append("The first line names the delimiter and was left out.")
            return first[4], skip
        return vote(first), 0


def vote(sample: str) -> str:
    """The delimiter under which most of the first rows are as wide as the header; the wider table where two agree."""
    best, chosen = (0.0, 1), ","
    whole = sample[:BLOCK]
    for delimiter in DELIMITERS:
        rows: list[list[str]] = []
        try:
            for row in csv.reader(io.StringIO(whole, newline=""), delimiter=delimiter):
                if any(row):
                    rows.append(row)
                if len(rows) > 100:
                    break
        except csv.Error:
            continue
        if not rows or len(rows[0]) < 2:
            continue
        width = len(rows[0])
        same = sum(len(row) == width for row in rows) / len(rows)
        best, chosen = max((best, chosen), ((round(same, 2), width), delimiter), key=lambda one: one[0])
    return chosen


def _encoding_of(head: bytes) -> str:
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    sample = head[:4096]
    if b"\0" in sample:
        even, odd = sample[0::2].count(0), sample[1::2].count(0)
        if odd > 0.4 * len(sample) / 2 and even < odd / 4:
            return "utf-16-le"
        if even > 0.4 * len(sample) / 2 and odd < even / 4:
            return "utf-16-be"
        raise SheetError(Fault(0, "", "This is not a spreadsheet: save it as CSV or XLSX and try again."))
    return "utf-8"


def _split(piece: bytes) -> list[bytes]:
    lines = piece.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _guess(sample: bytes) -> str:
    if len(sample) >= 32:  # fewer bytes say nothing
        from charset_normalizer import from_bytes  # loads slower than most files read, and most files are UTF-8

        best = from_bytes(sample[: 1 << 16]).best()
        if best is not None and best.encoding in _BELIEVED and not _western(sample):
            return str(best.encoding)
    return "cp1252"


def _western(sample: bytes) -> bool:
    """Letters beyond ASCII that mostly stand alone, as in "Mía": words of other scripts are made of nothing else."""
    beyond = [at for at, byte in enumerate(sample) if byte > 127]
    beside = sum(after - before == 1 for before, after in pairwise(beyond))
    return beside * 3 < len(beyond)


def _decode_legacy(line: bytes, encoding: str) -> str:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return line.decode("latin-1")  # gives every byte some letter, so the row is kept
