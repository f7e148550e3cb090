"""`keepwell change`: two files of the same people's answers, and for each person whether a score really changed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from keepwell.cli import answering
from keepwell.cli.writing import written
from keepwell.faults import Refused
from keepwell.kit.sheets import SheetError, write_csv
from keepwell.measures.rules import change as rules
from keepwell.measures.rules.answers import find_columns, score_sheet
from keepwell.measures.rules.instrument import Instrument, Spread
from keepwell.measures.rules.scoring import CodingError, Key, Outcome
from keepwell.measures.rules.traps import Sample

if TYPE_CHECKING:
    from keepwell.cli import Subparsers

EXAMPLES = """examples:
  keepwell change pss-10 spring.csv autumn.csv --items PSS_
  keepwell change cbi before.xlsx after.xlsx --items cbi_ --out changes.csv
  keepwell change stss before.csv after.csv --sd 9.5 --reliability 0.9   (from a group like yours)

People are matched by the column that names them. A reliable change is one that the measure's own noise would produce
once in twenty times (Jacobson & Truax 1991). It says that something changed, not why, and it is not a diagnosis.
"""


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "change",
        help="say for each person whether a score really changed",
        description="Reliable change between two files of the same people's answers.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("measure", help="the slug of the measure, e.g. pss-10")
    parser.add_argument("before", help="CSV or XLSX of the first time")
    parser.add_argument("after", help="CSV or XLSX of the second time")
    answering.add_arguments(parser)
    figures = parser.add_argument_group("figures of your own, for the total (or the only scale)")
    figures.add_argument("--sd", type=float, metavar="SD", help="standard deviation of a group like yours")
    figures.add_argument("--reliability", type=float, metavar="R", help="reliability in that group, between 0 and 1")
    parser.add_argument("--out", metavar="FILE", help="where to write; without it, to the screen")
    parser.add_argument("--json", action="store_true", help="write JSON instead of CSV")
    parser.set_defaults(run=run)


@dataclass(frozen=True, slots=True)
class _Finding:
    person: str
    scale: str
    change: rules.Change
    sentence: str


def run(args: argparse.Namespace) -> int:
    instrument = answering.find_measure(args.measure)
    spreads = _spreads(instrument, args)
    try:
        key = Key(instrument, answering.coding_of(args))
    except CodingError as error:
        raise Refused(str(error), code=2) from error
    before, said_before = _score(args.before, key, args)
    after, said_after = _score(args.after, key, args)
    both = [person for person in before if person in after]
    if not both:
        raise Refused(
            "no person stands in both files. Name the column with --id, and see that names are written alike."
        )
    findings = list(_findings(instrument, spreads, both, before, after))
    with written(args.out) as out:
        if args.json:
            out.write(json.dumps(_data(instrument, spreads, findings), ensure_ascii=False, indent=1) + "\n")
        else:
            headers = ["person", "scale", "before", "after", "difference", "index", "verdict", "finding"]
            write_csv(out, headers, (_row(finding) for finding in findings))
    _tell(instrument, spreads, findings, [*said_before, *said_after])
    alone = len(before) + len(after) - 2 * len(both)
    if alone:
        print(f"Note: {alone} people stand in one of the files only and were left out.", file=sys.stderr)
    return 0


def _spreads(instrument: Instrument, args: argparse.Namespace) -> dict[str, Spread]:
    if (args.sd is None) != (args.reliability is None):
        raise Refused("--sd and --reliability belong together, from the same group.", code=2)
    spreads = dict(instrument.spreads)
    if args.sd is not None:
        if not (args.sd > 0 and 0 < args.reliability < 1):
            raise Refused("--sd is above 0 and --reliability between 0 and 1.", code=2)
        if "total" not in instrument.scale_by_slug and len(instrument.scales) > 1:
            raise Refused(f"{instrument.short} has no total, so one --sd can't serve all its scales.", code=2)
        scale = instrument.scales[0].slug
        spreads[scale] = Spread(scale, args.sd, args.reliability, "given", "given on the command line", "GIVEN")
    return spreads


def _score(path: str, key: Key, args: argparse.Namespace) -> tuple[dict[str, Outcome], list[str]]:
    sample = Sample(key)
    with answering.open_sheet(path, args.sheet) as sheet:
        try:
            columns = find_columns(sheet, key.instrument, args.items, args.id)
            if columns.person is None:
                raise Refused(f"{path} has no column that names the people; name one with --id.")
            found = {
                person: key.outcome(packed)
                for block in score_sheet(sheet, key, columns, sample)
                for person, packed in zip(block.people, block.packed, strict=True)
                if person.strip()
            }
        except SheetError as error:
            raise answering.refusal(path, error) from error
        said = [f"Note: {path}: {note}" for note in (*columns.notes, *sheet.notes)]
    said += [f"Warning ({one.trap}): {path}: {one.sentence}" for one in sample.suspicions()]
    return found, said


def _findings(
    instrument: Instrument,
    spreads: dict[str, Spread],
    people: list[str],
    before: dict[str, Outcome],
    after: dict[str, Outcome],
) -> Iterator[_Finding]:
    for person in people:
        pairs = zip(instrument.scales, before[person].scores, after[person].scores, strict=True)
        for scale, first, second in pairs:
            spread = spreads.get(scale.slug)
            one = rules.change(scale, spread, first, second)
            yield _Finding(person, scale.slug, one, rules.sentence(scale, spread, one))


def _row(finding: _Finding) -> list[str]:
    one = finding.change
    index = "" if one.index is None else f"{one.index:.2f}"
    scores = [answering.number(value) for value in (one.before, one.after, one.difference)]
    return [finding.person, finding.scale, *scores, index, one.verdict, finding.sentence]


def _data(instrument: Instrument, spreads: dict[str, Spread], findings: list[_Finding]) -> dict[str, Any]:
    return {
        "measure": instrument.slug,
        "scales": [
            {
                "scale": scale.slug,
                "points_needed": round(rules.threshold(spread), 4) if (spread := spreads.get(scale.slug)) else None,
                "figures_from": spread.source if spread else None,
                "counts": rules.count(one.change for one in findings if one.scale == scale.slug),
            }
            for scale in instrument.scales
        ],
        "people": [
            {
                "id": one.person,
                "scale": one.scale,
                "before": answering.json_number(one.change.before),
                "after": answering.json_number(one.change.after),
                "difference": answering.json_number(one.change.difference),
                "index": answering.json_number(one.change.index),
                "verdict": one.change.verdict,
                "finding": one.sentence,
            }
            for one in findings
        ],
        "remark": "A reliable change says that something changed, not why. It is not a diagnosis.",
    }


def _tell(instrument: Instrument, spreads: dict[str, Spread], findings: list[_Finding], said: list[str]) -> None:
    for scale in instrument.scales:
        counts = rules.count(one.change for one in findings if one.scale == scale.slug)
        spread = spreads.get(scale.slug)
        words = ", ".join(f"{often} {verdict}" for verdict, often in counts.items())
        if spread is None:
            grounds = "no index, as standard deviation and reliability are not both on file"
        else:
            grounds = f"a change needs {rules.threshold(spread):.1f} points ({spread.source})"
        print(f"{scale.slug}: {words}; {grounds}.", file=sys.stderr)
    for line in said:
        print(line, file=sys.stderr)
