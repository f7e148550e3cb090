"""`python tools/bench_measures.py`: how fast a large file is scored, and how often a personal alarm is right.

Ratios measured in one run; nothing here passes or fails. pandas and BioPsyKit stand beside where they are installed.
"""

from __future__ import annotations

import csv
import importlib
import importlib.util
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from keepwell.kit import sheets
from keepwell.measures.rules import baseline, instrument
from keepwell.measures.rules.answers import find_columns, score_sheet
from keepwell.measures.rules.scoring import Key
from keepwell.measures.rules.traps import Sample

ROWS = 100_000
PEOPLE = 400
WEEKS = 60
SHIFT_AT = 20


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="keepwell-bench-") as folder:
        rate(Path(folder) / "answers.csv")
    alarms()


# ---- a million answers ----


def rate(path: Path) -> None:
    chance, measure = _chance(1), instrument.load()["pss-10"]
    with path.open("w", encoding="utf-8") as file:
        file.write("id," + ",".join(f"PSS_{item:02d}" for item in range(1, 11)) + "\n")
        file.writelines(f"{n},{','.join(chance.choices('01234', k=10))}\n" for n in range(ROWS))
    ways: dict[str, Callable[[], object]] = {
        "parse only: Python's csv (C)": lambda: _parse(path),
        "read and score: Keepwell": lambda: _score(measure, path, traps=False),
        "read, score, look for traps: Keepwell": lambda: _score(measure, path, traps=True),
    }
    if importlib.util.find_spec("pandas"):
        pandas = importlib.import_module("pandas")
        ways["parse only: pandas (C)"] = lambda: pandas.read_csv(path)
        if importlib.util.find_spec("biopsykit"):
            pss = importlib.import_module("biopsykit.questionnaires.questionnaires").pss
            ways["read and score: BioPsyKit"] = lambda: pss(pandas.read_csv(path).set_index("id"))
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(5):
        for name, way in ways.items():
            start = time.process_time()
            way()
            best[name] = min(best[name], time.process_time() - start)
    print(f"{ROWS * 10:,} answers, processor time, best of five")
    for name, seconds in best.items():
        print(f"  {name:<40} {seconds * 1000:7.1f} ms  {ROWS * 10 / seconds / 1e6:6.1f} million answers a second")


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - invented answers, the same in every run


def _parse(path: Path) -> int:
    with path.open(newline="", encoding="utf-8") as file:
        return sum(1 for _ in csv.reader(file))


def _score(measure: instrument.Instrument, path: Path, *, traps: bool) -> int:
    key = Key(measure)
    with sheets.read(path) as sheet:
        columns = find_columns(sheet, measure, "PSS_")
        blocks = score_sheet(sheet, key, columns, Sample(key) if traps else None)
        return sum(len([key.outcome(packed) for packed in block.packed]) for block in blocks)


# ---- alarms on simulated people ----

Rule = Callable[[list[float | None]], Iterator[int]]  # the weeks in which a rise is announced


def alarms() -> None:
    rules: dict[str, Rule] = {
        "own baseline (Keepwell)": _own,
        "fixed threshold, 60": _threshold,
        "rise of 15 in a week": _difference,
    }
    print(f"\n{PEOPLE} simulated people, {WEEKS} weeks, one in ten skipped; usual level 20 to 60, spread 12")
    print(f"  {'':<26} {'calm: alarms in':>18} {'calm: people with':>18}   noticed within 8 weeks of a lasting rise of")
    print(
        f"  {'':<26} {'100 weeks':>18} {'one in 26 weeks':>18}   {'1 sd':>6} {'1.5 sd':>6} {'2 sd':>6}   median delay (2 sd)"
    )
    for carried in (0.0, 0.3):
        print(f"  weeks {'independent' if not carried else f'carried over by {carried}'}")
        for name, rule in rules.items():
            _line(name, rule, carried)


def _line(name: str, rule: Rule, carried: float) -> None:
    chance = _chance(7)
    calm = [list(rule(_life(chance, 0, carried))) for _ in range(PEOPLE)]
    watched = PEOPLE * (WEEKS - baseline.NEEDED)
    often = 100 * sum(map(len, calm)) / watched
    touched = sum(any(week < baseline.NEEDED + 26 for week in weeks) for weeks in calm) / PEOPLE
    noticed, delay = [], 0.0
    for shift in (1.0, 1.5, 2.0):
        delays = []
        for _ in range(PEOPLE):
            after = [week - SHIFT_AT for week in rule(_life(chance, shift, carried)) if week >= SHIFT_AT]
            delays.append(after[0] if after else WEEKS)
        noticed.append(sum(weeks < 8 for weeks in delays) / PEOPLE)
        delay = statistics.median(delays)
    shares = " ".join(f"{share:>6.0%}" for share in noticed)
    print(f"    {name:<24} {often:>18.2f} {touched:>18.0%}   {shares}   {delay:.0f} weeks")


def _life(chance: random.Random, shift: float, carried: float) -> list[float | None]:
    level, spread, state = chance.uniform(20, 60), 12, 0.0
    weeks: list[float | None] = []
    for week in range(WEEKS):
        state = carried * state + chance.gauss(0, (1 - carried**2) ** 0.5)
        score = level + spread * (state + (shift if week >= SHIFT_AT else 0))
        weeks.append(None if chance.random() < 0.1 else min(100, max(0, round(score / 6.25) * 6.25)))
    return weeks


def _own(weeks: list[float | None]) -> Iterator[int]:
    before: set[int] = set()
    for one in baseline.history(weeks):
        if one.alarm is not None and one.alarm.direction == "higher" and one.alarm.noticed not in before:
            before.add(one.alarm.noticed)
            yield one.alarm.noticed


def _threshold(weeks: list[float | None]) -> Iterator[int]:
    over = False
    for week, score in enumerate(weeks):
        if score is not None:
            if score >= 60 and not over and week >= baseline.NEEDED:
                yield week
            over = score >= 60


def _difference(weeks: list[float | None]) -> Iterator[int]:
    last: float | None = None
    for week, score in enumerate(weeks):
        if score is not None:
            if last is not None and score - last >= 15 and week >= baseline.NEEDED:
                yield week
            last = score


if __name__ == "__main__":
    main()
