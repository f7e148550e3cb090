"""`keepwell score`: a spreadsheet of answers in, scores out, with everything odd about the file said aloud."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from keepwell.cli import answering
from keepwell.cli.writing import written
from keepwell.faults import Refused
from keepwell.kit.sheets import Sheet, SheetError, guard
from keepwell.measures.rules.answers import Columns, Scored, find_columns, score_sheet
from keepwell.measures.rules.instrument import Instrument
from keepwell.measures.rules.scoring import CodingError, Key, Outcome
from keepwell.measures.rules.traps import ENOUGH_PEOPLE, Consistency, Sample, Suspicion

if TYPE_CHECKING:
    from keepwell.cli import Subparsers

EXAMPLES = """examples:
  keepwell score pss-10 answers.csv
  keepwell score pss-10 survey.xlsx --items PSS_ --out scores.csv
  keepwell score rses survey.csv --items Q --form 1965 --base 1 --missing 0
  keepwell score swls survey.csv --items swls_a,swls_b,swls_c,swls_d,swls_e --json

What is written: the person's column, one column for each score, how many items were answered, the band with its
source, and warnings. A score with too few answers stays empty; a missing answer never counts as 0.
A score is a number to think with. It is not a diagnosis.
"""


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "score",
        help="score a spreadsheet of answers to a published measure",
        description="Score a CSV or XLSX file of answers. `keepwell measures list` names the measures.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("measure", help="the slug of the measure, e.g. pss-10")
    parser.add_argument("file", help="CSV, TSV or XLSX; - reads what comes in")
    answering.add_arguments(parser)
    parser.add_argument("--out", metavar="FILE", help="where to write; without it, to the screen")
    parser.add_argument("--json", action="store_true", help="write JSON instead of CSV")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    instrument = answering.find_measure(args.measure)
    if args.out and args.file != "-" and _same(args.out, args.file):
        raise Refused("--out names the file of answers itself; choose another name.", code=2)
    try:
        key = Key(instrument, answering.coding_of(args))
    except CodingError as error:
        raise Refused(f"{error}{_best_form(instrument, args)}", code=2) from error
    report = _Report(key)
    with answering.open_sheet(args.file, args.sheet) as sheet, written(args.out) as out:
        try:
            columns = find_columns(sheet, instrument, args.items, args.id)
            blocks = report.watch(score_sheet(sheet, key, columns, report.sample))
            write = _write_json if args.json else _write_csv
            write(out, sheet, key, columns, blocks)
        except SheetError as error:
            raise answering.refusal(args.file, error) from error
        report.notes = [*columns.notes, *sheet.notes]
        if args.json:
            out.write(json.dumps(report.as_data(), ensure_ascii=False)[1:] + "\n")
    report.tell()
    return 0


class _Report:
    """What is said beside the scores."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.sample = Sample(key)
        self.rows = 0
        self.incomplete = 0
        self.notes: list[str] = []

    def watch(self, blocks: Iterable[Scored]) -> Iterator[Scored]:
        full, answered = self.key.instrument.items, self.key.answered
        for block in blocks:
            self.rows += len(block.packed)
            counts = Counter(block.packed)
            self.incomplete += sum(often for packed, often in counts.items() if answered(packed) != full)
            yield block

    def as_data(self) -> dict[str, Any]:
        instrument = self.key.instrument
        return {
            "count": self.rows,
            "incomplete": self.incomplete,
            "measure": instrument.slug,
            "form": self.key.form,
            "source": instrument.official,
            "consistency": [_consistency(one) for one in self.sample.consistency()],
            "warnings": [{"trap": one.trap, "sentence": one.sentence} for one in self._suspicions()],
            "notes": self.notes,
            "remark": "A score is not a diagnosis.",
        }

    def tell(self) -> None:
        rows = "row" if self.rows == 1 else "rows"
        form = f", form {self.key.form}" if self.key.instrument.needs_form else ""
        self._say(
            f"{self.key.instrument.short}{form}: {self.rows} {rows} scored, {self.incomplete} with items unanswered."
        )
        for one in self.sample.consistency():
            if one.scored is not None and one.stored is not None and one.people >= ENOUGH_PEOPLE:
                kind = "if reversed" if self.key.coding.pre_reversed else "as the file stores them"
                among = f"the first {one.people}" if self.sample.full else str(one.people)
                self._say(
                    f"{one.scale}: alpha {one.scored:.3f} as scored, {one.stored:.3f} {kind} ({among} complete rows)."
                )
        for note in self.notes:
            self._say(f"Note: {note}")
        for suspicion in self._suspicions():
            self._say(f"Warning ({suspicion.trap}): {suspicion.sentence}")

    def _suspicions(self) -> list[Suspicion]:
        return self.sample.suspicions()

    @staticmethod
    def _say(sentence: str) -> None:
        print(sentence, file=sys.stderr)


def _write_csv(out: TextIO, sheet: Sheet, key: Key, columns: Columns, blocks: Iterable[Scored]) -> None:
    scales = key.instrument.scales
    person = sheet.headers[columns.person] if columns.person is not None else "row"
    out.write(",".join([_cell(person), *(scale.slug for scale in scales), "answered", "band", "warnings"]) + "\n")
    tail = _Tails(key).__getitem__
    for block in blocks:
        names = [name if name.isalnum() else _cell(name) for name in block.people]
        out.writelines([name + end for name, end in zip(names, map(tail, block.packed), strict=True)])


class _Tails(dict[int, str]):
    """Packed sum -> the rest of its line. The same sums come again and again."""

    def __init__(self, key: Key) -> None:
        super().__init__()
        self.key = key

    def __missing__(self, packed: int) -> str:
        if len(self) >= 100_000:
            self.clear()
        outcome = self.key.outcome(packed)
        cells = [answering.number(score) for score in outcome.scores]
        cells += [str(outcome.answered), _cell(band_text(self.key.instrument, outcome))]
        cells.append(_cell(warning_text(self.key.instrument, outcome)))
        line = self[packed] = "," + ",".join(cells) + "\n"
        return line


def _write_json(out: TextIO, sheet: Sheet, key: Key, columns: Columns, blocks: Iterable[Scored]) -> None:
    """One object; rows are written as they come and the report closes it."""
    instrument = key.instrument
    out.write('{"rows": [')
    first = True
    for block in blocks:
        for person, packed in zip(block.people, block.packed, strict=True):
            outcome = key.outcome(packed)
            scores = zip(instrument.scales, outcome.scores, strict=True)
            row = {
                "id": person,
                **{scale.slug: answering.json_number(score) for scale, score in scores},
                "answered": outcome.answered,
                "band": band_text(instrument, outcome),
                "warnings": warning_text(instrument, outcome),
            }
            out.write(("" if first else ",\n") + json.dumps(row, ensure_ascii=False))
            first = False
    out.write("], ")


def band_text(instrument: Instrument, outcome: Outcome) -> str:
    """“mild [Bride 2007 …]”, with the name of the scale where several have bands."""
    banded = [(scale, band) for scale, band in zip(instrument.scales, outcome.bands, strict=True) if band is not None]
    if not banded:
        return ""
    sources: dict[str, None] = {}
    words = []
    for scale, band in banded:
        banding = instrument.banding_of(scale.slug)
        if banding is not None:
            sources[banding.source] = None
        words.append(band.name if scale.slug == "total" else f"{scale.slug} {band.name}")
    return f"{'; '.join(words)} [{'; '.join(sources)}]"


def warning_text(instrument: Instrument, outcome: Outcome) -> str:
    open_items = instrument.items - outcome.answered
    if not open_items:
        return ""
    without = [scale.slug for scale, score in zip(instrument.scales, outcome.scores, strict=True) if score is None]
    said = f"{open_items} of {instrument.items} items unanswered"
    return f"{said}: no {', '.join(without)}" if without else said


def _consistency(one: Consistency) -> dict[str, Any]:
    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 4)

    return {
        "scale": one.scale,
        "people": one.people,
        "alpha": rounded(one.scored),
        "alpha_as_stored": rounded(one.stored),
    }


def _best_form(instrument: Instrument, args: argparse.Namespace) -> str:
    """Where the form was not said: which one the answers fit best, as advice and never as a choice."""
    if args.form or not instrument.needs_form or args.file == "-":
        return ""
    alphas: dict[str, float] = {}
    for form in instrument.forms:
        args.form = form
        try:
            key = Key(instrument, answering.coding_of(args))
            sample = Sample(key, limit=10_000)
            with answering.open_sheet(args.file, args.sheet) as sheet:
                for _ in score_sheet(sheet, key, find_columns(sheet, instrument, args.items, args.id), sample):
                    if sample.full:
                        break
        except (CodingError, SheetError, Refused):
            return ""
        scored = sample.consistency()[0].scored
        if scored is not None:
            alphas[form] = scored
    if not alphas:
        return ""
    best = max(alphas, key=alphas.__getitem__)
    return f" The answers in this file fit {best} best (alpha {alphas[best]:.2f}); that is a hint, not a proof."


def _cell(text: str) -> str:
    """One CSV cell: disarmed, and quoted where it has to be."""
    text = str(guard(text))
    if any(mark in text for mark in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _same(one: str, other: str) -> bool:
    try:
        return Path(one).samefile(other)
    except OSError:
        return False
