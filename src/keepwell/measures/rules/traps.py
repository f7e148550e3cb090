"""What real files do to a score without anyone noticing. Each trap is suspected by name; none is repaired in silence.

The strongest sign is how well the answers hang together (Cronbach's alpha) under each way they could have been meant:
reversing what is already reversed, or by the order of another form, tears apart answers that belong together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import compress
from typing import Final

from keepwell.kit import stats
from keepwell.measures.rules.instrument import Instrument
from keepwell.measures.rules.scoring import Key, NoAnswer

ENOUGH_PEOPLE: Final = 30
CLEARLY_BETTER: Final = 0.10
TOO_LOOSE: Final = 0.30


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A trap that the answers point to, and what to do about it."""

    trap: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Consistency:
    """How the answers of one scale hang together, as scored and as the file stores them."""

    scale: str
    people: int
    scored: float | None
    stored: float | None
    others: tuple[tuple[str, float | None], ...]  # other forms and orders


class Sample:
    """Takes in complete rows and remembers only counts, of at most `limit` rows."""

    def __init__(self, key: Key, limit: int = 50_000) -> None:
        self.key = key
        self.limit = limit
        self.people = 0
        self.cells: list[Counter[str]] = [Counter() for _ in range(key.instrument.items)]
        self.packed: Counter[int] = Counter()

    @property
    def full(self) -> bool:
        return self.people >= self.limit

    def take(self, columns: Sequence[Sequence[str]], packed: Sequence[int]) -> None:
        """The cells of each item, and the packed sums, of the same rows; rows with a gap are passed over."""
        answered, items = self.key.answered, self.key.instrument.items
        counts = Counter(packed)
        if any(answered(one) != items for one in counts):
            whole = [answered(one) == items for one in packed]
            columns = [tuple(compress(column, whole)) for column in columns]
            counts = Counter(compress(packed, whole))
        self.people += counts.total()
        self.packed.update(counts)
        for met, column in zip(self.cells, columns, strict=True):
            for cell in set(column):
                met[cell] += column.count(cell)

    def consistency(self) -> list[Consistency]:
        """For each scale: how its answers hang together, under every way they could have been meant."""
        key = self.key
        variances = [stats.variance_of_counts(counts) for counts in self._values()]
        found = []
        for index, scale in enumerate(key.instrument.scales):
            of_items = [variances[item - 1] for item in scale.items]
            scored = stats.alpha(of_items, self._variance(partial(key.scale_total, index=index)))
            alphas = {
                (one.trap, one.name): stats.alpha(of_items, self._variance(partial(key.alternative_total, index=at)))
                for at, one in enumerate(key.alternatives)
                if one.scale == scale.slug
            }
            others = tuple((f"{trap} {name}", value) for (trap, name), value in alphas.items() if trap != "stored")
            found.append(Consistency(scale.slug, self.people, scored, alphas.get(("stored", "")), others))
        return found

    def _variance(self, total: Callable[[int], int]) -> float:
        counts: Counter[int] = Counter()
        for packed, often in self.packed.items():
            counts[total(packed)] += often
        return stats.variance_of_counts(counts)

    def _values(self) -> list[Counter[int]]:
        found = []
        for cells in self.cells:
            values: Counter[int] = Counter()
            for cell, often in cells.items():
                value = self.key.value(cell)
                if value is not None:
                    values[value] += often
            found.append(values)
        return found

    def suspicions(self) -> list[Suspicion]:
        if self.people < ENOUGH_PEOPLE:
            return []
        return [*self._from_alpha(), *self._from_range()]

    def _from_alpha(self) -> Iterable[Suspicion]:
        for one in self.consistency():
            if one.scored is None:
                continue
            rivals = [("stored", one.stored), *one.others]
            better = [(name, value) for name, value in rivals if value is not None]
            name, best = max(better, key=lambda rival: rival[1], default=("", -9.0))
            if best - one.scored >= CLEARLY_BETTER:
                yield self._rival(one.scale, name, one.scored, best)
            elif one.scored < TOO_LOOSE and len(self.key.instrument.scale_by_slug[one.scale].items) > 2:
                yield Suspicion(
                    "loose",
                    f"{one.scale}: the answers hardly hang together (alpha {one.scored:.2f}). Are these the right "
                    "columns, in the order of the form?",
                )

    def _rival(self, scale: str, name: str, scored: float, best: float) -> Suspicion:
        figures = f"alpha is {scored:.2f} as scored and would be {best:.2f}"
        if name == "stored" and self.key.coding.pre_reversed:
            return Suspicion(
                "not-reversed", f"{scale}: the items don't look reversed yet ({figures}). Leave out --pre-reversed."
            )
        if name == "stored":
            return Suspicion(
                "double-reversal",
                f"{scale}: the items look already reversed, and were reversed a second time ({figures} as they "
                "stand). If the file stores them reversed, add --pre-reversed.",
            )
        kind, _, which = name.partition(" ")
        if kind == "form":
            return Suspicion(
                "wrong-form",
                f"{scale}: the answers fit the form {which} better than {self.key.form} ({figures} by it). "
                f"Find out which form people filled in; if it was that one, use --form {which}.",
            )
        return Suspicion(
            "item-order",
            f"{scale}: the columns look like a copy with another order of items, the reversed one at {which} "
            f"({figures} by it). Name the columns by the codes of the key with --items.",
        )

    def _from_range(self) -> Iterable[Suspicion]:
        """The lowest answer never given while the highest is: perhaps the file counts from one higher."""
        values = self.key.instrument.values
        seen: Counter[int] = Counter()
        for counts in self._values():
            seen.update(counts)
        if len(values) > 2 and not seen[values[0]] and seen[values[-1]] and self.key.coding.base is None:
            yield Suspicion(
                "base-offset",
                f"Nobody gave the lowest answer ({values[0]}) to any item, in {self.people} complete rows. If the file "
                f"counts from {values[1]}, its answers are one too high: add --base {values[1]}.",
            )


def hint(instrument: Instrument, key: Key, cells: Iterable[str]) -> str:
    """What a file with answers outside the range may have meant, as a sentence; empty where nothing fits."""
    numbers: Counter[int] = Counter()
    for cell in cells:
        text = cell.strip()
        try:
            numbers[int(float(text))] += 1
        except (ValueError, OverflowError):
            continue
    # A code for “no answer” (99, -9) is a lone number far out; answers lie together.
    near = {number for number in numbers if -2 <= number <= max(key.stored) + 2}
    if not near or numbers.keys() <= key.stored.keys():  # the fault is not one of numbers
        return ""
    low, high, steps = min(near), max(near), len(instrument.values)
    first, last = min(key.stored), max(key.stored)
    far = sorted(set(numbers) - near)
    codes = f" --missing {','.join(str(number) for number in far)}" if far and len(far) <= 3 else ""
    said = f" (and {', '.join(str(number) for number in far)} as codes for no answer)" if codes else ""
    if (low, high) == (first, last) and codes:
        return f"The file seems to use {', '.join(str(number) for number in far)} for “no answer”: add{codes}."
    if low == first - 1 == 0 and high == last:
        return "If 0 means “no answer” here, and not an answer, add --missing 0."
    if low == 0 and first == 0 and high == last + 1:
        zeros = numbers[0] / sum(numbers.values())
        if zeros < 0.05:
            return (
                f"The file seems to count from 1 to {steps} with 0 for “no answer”{said}: "
                f"then add --base 1 --missing 0{codes.replace(' --missing ', ',')}."
            )
    if low == first - 1 == 0 and high < last:
        return "If 0 is the lowest answer in this file, add --base 0; if it means “no answer”, add --missing 0."
    if low != first and high - low < steps and abs(low - first) <= 1:
        return f"The file seems to count from {low}{said}: if {low} is the lowest answer, add --base {low}{codes}."
    return ""


def readable(key: Key, cell: str) -> str | None:
    """What is wrong with a cell, or None."""
    try:
        key.value(cell)
    except NoAnswer as wrong:
        return str(wrong)
    return None
