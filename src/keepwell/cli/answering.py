"""What `score` and `change` share: how a file of answers is described on the command line, and opened."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO

from keepwell.faults import Refused
from keepwell.kit import sheets
from keepwell.kit.content import ContentError
from keepwell.measures.rules import instrument as instruments
from keepwell.measures.rules.instrument import Instrument
from keepwell.measures.rules.scoring import Coding


def add_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how the file stores answers")
    group.add_argument(
        "--items",
        default="",
        metavar="WHERE",
        help="a prefix (PSS_ finds PSS_01, PSS_2 …) or a list of columns (a,b,c) in the order of the form; "
        "without it, the columns after the first one",
    )
    group.add_argument("--id", default="", metavar="COLUMN", help="the column that names the person (the first one)")
    group.add_argument("--missing", default="", metavar="CODES", help="what stands for no answer, e.g. 0 or 99,-9")
    group.add_argument("--base", type=int, metavar="N", help="the number that stands for the lowest answer, e.g. 1")
    group.add_argument("--form", default="", help="which printed form, where the order of items differs (rses)")
    group.add_argument("--pre-reversed", action="store_true", help="the file stores reversed items already reversed")
    group.add_argument("--sheet", metavar="NAME", help="which sheet of a workbook (the first)")


def coding_of(args: argparse.Namespace) -> Coding:
    missing = frozenset(code.strip() for code in args.missing.split(",") if code.strip())
    return Coding(form=args.form, base=args.base, missing=missing, pre_reversed=args.pre_reversed)


def measures(language: str = "en") -> dict[str, Instrument]:
    """Every measure, with the agency's own folder laid over ours where KEEPWELL_CONTENT names one."""
    own = os.environ.get("KEEPWELL_CONTENT")
    try:
        return instruments.load(language, Path(own) / "measures" if own else None)
    except ContentError as error:
        raise Refused(f"a measure can't be read: {error}") from error


def find_measure(slug: str, language: str = "en") -> Instrument:
    known = measures(language)
    if slug in known:
        return known[slug]
    close = difflib.get_close_matches(slug.lower().replace("_", "-"), known, n=1, cutoff=0.5)
    meant = f" Did you mean {close[0]}?" if close else ""
    raise Refused(f"there is no measure {slug!r}.{meant} Known: {', '.join(known)}.", code=2)


def open_sheet(path: str, sheet: str | None) -> sheets.Sheet:
    """The spreadsheet at `path`, or what comes in where it is “-”."""
    source: str | Path | BinaryIO = sys.stdin.buffer if path == "-" else path
    try:
        return sheets.read(source, sheet=sheet)
    except sheets.SheetError as error:
        raise refusal(path, error) from error


def refusal(path: str, error: sheets.SheetError) -> Refused:
    """A file's faults, one in a line, as an end to the command."""
    faults = [str(fault) for fault in error.faults]
    if len(faults) == 1:
        return Refused(f"{path} can't be used. {faults[0]} Nothing was written.")
    return Refused("\n  ".join([f"{path} can't be used, and nothing was written:", *faults]))


def number(score: float | None) -> str:
    """A score as people write it: no decimals where there are none, four at most."""
    return "" if score is None else f"{score:.4f}".rstrip("0").rstrip(".")


def json_number(score: float | None) -> Any:
    return None if score is None else int(score) if score.is_integer() else round(score, 4)
