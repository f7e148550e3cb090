"""`keepwell series`: one person's numbers over time, watched by EWMA and CUSUM, each finding in a sentence."""

from __future__ import annotations

import argparse
import json
import math
import sys
from typing import TYPE_CHECKING, Any

from keepwell.cli import answering
from keepwell.cli.writing import written
from keepwell.faults import Refused
from keepwell.kit import stats
from keepwell.kit.sheets import Fault, Sheet, SheetError, write_csv
from keepwell.measures.rules import series as rules

if TYPE_CHECKING:
    from keepwell.cli import Subparsers

EXAMPLES = """examples:
  keepwell series weeks.csv
  keepwell series weeks.csv --value score --baseline 8
  keepwell series weeks.csv --centre 10 --sd 1 --lambda 0.1 --width 2.7 --json

The file has one row for each step in order (a week, a day); an empty cell is a step without a value. Without --centre
and --sd, both come from the first values (--baseline). The charts are those of R's qcc, with its defaults.
They say that something changed, not why, and they are not a diagnosis.
"""
_FEWEST = 3


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "series",
        help="watch one person's numbers over time (EWMA and CUSUM)",
        description="Notice a lasting change in a run of numbers.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", help="CSV, TSV or XLSX; - reads what comes in")
    parser.add_argument("--value", default="", metavar="COLUMN", help="the column of the numbers (the last one)")
    parser.add_argument("--when", default="", metavar="COLUMN", help="the column that names the step (the first one)")
    parser.add_argument("--sheet", metavar="NAME", help="which sheet of a workbook (the first)")
    parser.add_argument("--baseline", type=int, default=8, metavar="N", help="how many first values are the usual (8)")
    parser.add_argument("--centre", type=float, help="the usual level, where it is known")
    parser.add_argument("--sd", type=float, help="the usual standard deviation, where it is known")
    parser.add_argument(
        "--lambda", dest="weight", type=float, default=rules.LAMBDA, help="EWMA: weight of the newest (0.2)"
    )
    parser.add_argument("--width", type=float, default=rules.WIDTH, help="EWMA: limits in sigmas (3)")
    parser.add_argument("--k", type=float, default=rules.K, help="CUSUM: slack in sigmas (0.5)")
    parser.add_argument("--h", type=float, default=rules.H, help="CUSUM: decision limit in sigmas (5)")
    parser.add_argument("--out", metavar="FILE", help="where to write; without it, to the screen")
    parser.add_argument("--json", action="store_true", help="write JSON instead of CSV")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    _check(args)
    steps, values = _read(args)
    centre, sd = _usual(args, values)
    smooth = rules.ewma(values, centre=centre, sd=sd, weight=args.weight, width=args.width)
    sums = rules.cusum(values, centre=centre, sd=sd, k=args.k, h=args.h)
    findings = _findings(steps, smooth, sums)
    with written(args.out) as out:
        if args.json:
            data = _data(args, steps, values, centre, sd, smooth, sums, findings)
            out.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
        else:
            headers = ["step", "value", "ewma", "lower", "upper", "cusum_up", "cusum_down", "finding"]
            write_csv(out, headers, _rows(steps, values, smooth, sums))
    known = "given" if args.centre is not None and args.sd is not None else f"from the first {args.baseline} values"
    print(f"Usual level {centre:.4g}, standard deviation {sd:.4g} ({known}).", file=sys.stderr)
    for finding in findings:
        print(finding, file=sys.stderr)
    return 0


def _check(args: argparse.Namespace) -> None:
    if not 0 < args.weight <= 1 or args.width <= 0 or args.k < 0 or args.h <= 0:
        raise Refused("--lambda lies between 0 and 1, --width and --h above 0, --k at 0 or above.", code=2)
    if args.sd is not None and not args.sd > 0:
        raise Refused("--sd is above 0.", code=2)
    if args.baseline < _FEWEST:
        raise Refused(f"--baseline needs at least {_FEWEST} values to know what is usual.", code=2)


def _read(args: argparse.Namespace) -> tuple[list[str], list[float | None]]:
    with answering.open_sheet(args.file, args.sheet) as sheet:
        try:
            value = _column(sheet, args.value, len(sheet.headers) - 1)
            when = _column(sheet, args.when, 0)
            steps: list[str] = []
            values: list[float | None] = []
            faults: list[Fault] = []
            for row in sheet.rows:
                steps.append(row.cells[when] if when != value else str(row.number))
                try:
                    values.append(_number(row.cells[value]))
                except ValueError as error:
                    faults.append(Fault(row.number, sheet.headers[value], str(error)))
            if faults:
                raise SheetError(*faults[:20])
        except SheetError as error:
            raise answering.refusal(args.file, error) from error
    return steps, values


def _column(sheet: Sheet, name: str, default: int) -> int:
    if not name:
        return default
    if name not in sheet.headers:
        raise SheetError(Fault(1, "", f"There is no column {name}. The file has {', '.join(sheet.headers[:12])}."))
    return sheet.headers.index(name)


def _number(cell: str) -> float | None:
    text = cell.strip()
    if not text or text.lower() in ("na", "nan", "n/a", "."):
        return None
    try:
        value = float(text)
    except ValueError:
        if text.startswith("="):
            raise ValueError(f"{text} is a formula without a saved result.") from None
        comma = " (a decimal comma?)" if text.count(",") == 1 else ""
        raise ValueError(f"“{text[:30]}” is not a number{comma}.") from None
    if not math.isfinite(value):
        raise ValueError(f"“{text[:30]}” is not a number.")
    return value


def _usual(args: argparse.Namespace, values: list[float | None]) -> tuple[float, float]:
    if args.centre is not None and args.sd is not None:
        return args.centre, args.sd
    first = [value for value in values if value is not None][: args.baseline]
    if len(first) < args.baseline:
        raise Refused(
            f"{args.file} has {len(first)} values; {args.baseline} are needed to know what is usual. "
            "Give --centre and --sd, or a smaller --baseline."
        )
    centre = stats.mean(first) if args.centre is None else args.centre
    sd = stats.sd(first) if args.sd is None else args.sd
    if sd == 0:
        raise Refused("the first values are all the same, so there is no scale to judge a change by. Give --sd.")
    return centre, sd


def _findings(steps: list[str], smooth: rules.Ewma, sums: rules.Cusum) -> list[str]:
    found = []
    for chart, above, below in (("EWMA", smooth.above, smooth.below), ("CUSUM", sums.above, sums.below)):
        for direction, where, since in (("higher", above, sums.up_since), ("lower", below, sums.down_since)):
            if where:
                began = since[where[0]]
                start = f", and seems to have begun at {steps[began]}" if began is not None else ""
                found.append(
                    f"{chart}: {direction} than usual for a while. It showed first at {steps[where[0]]}{start}."
                )
    return found or ["Neither chart sees a lasting change."]


def _rows(
    steps: list[str], values: list[float | None], smooth: rules.Ewma, sums: rules.Cusum
) -> list[list[str | float | None]]:
    marks: dict[int, list[str]] = {}
    for name, where in (
        ("ewma higher", smooth.above),
        ("ewma lower", smooth.below),
        ("cusum higher", sums.above),
        ("cusum lower", sums.below),
    ):
        for n in where:
            marks.setdefault(n, []).append(name)
    return [
        [
            step,
            answering.number(values[n]),
            *(answering.number(one[n]) for one in (smooth.levels, smooth.lower, smooth.upper)),
            answering.number(sums.up[n]),
            answering.number(sums.down[n]),
            "; ".join(marks.get(n, [])),
        ]
        for n, step in enumerate(steps)
    ]


def _data(
    args: argparse.Namespace,
    steps: list[str],
    values: list[float | None],
    centre: float,
    sd: float,
    smooth: rules.Ewma,
    sums: rules.Cusum,
    findings: list[str],
) -> dict[str, Any]:
    return {
        "centre": centre,
        "sd": sd,
        "steps": steps,
        "values": values,
        "ewma": {
            "lambda": args.weight,
            "width": args.width,
            "levels": smooth.levels,
            "lower": smooth.lower,
            "upper": smooth.upper,
            "above": [steps[n] for n in smooth.above],
            "below": [steps[n] for n in smooth.below],
        },
        "cusum": {
            "k": args.k,
            "h": args.h,
            "up": sums.up,
            "down": sums.down,
            "above": [steps[n] for n in sums.above],
            "below": [steps[n] for n in sums.below],
        },
        "findings": findings,
        "remark": "A chart says that something changed, not why. It is not a diagnosis.",
    }
