"""From answers to scores, one person at a time or millions of rows, by the same key.

An answer adds one whole number to its person's sum, and that number carries everything at once in fields of bits: the
keyed value in the sum of each scale it belongs to, one in each count of answers, and the value under every other
reading of the file that could be meant (see `traps`). Groups of cells that were met before are looked up whole, so a
large file costs a few look-ups a row; the whole numbers make every score exact whatever the order of rows.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import getitem
from typing import Final, Generic, TypeVar

from keepwell.measures.rules.instrument import Band, Instrument, Scale

UNANSWERED: Final = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "."})
_WHOLE: Final = re.compile(r"([+-]?\d{1,9})(?:\.0*)?")
_GROUP_SIZE: Final = 1500  # about how many different stretches of cells are worth working out beforehand
UNREADABLE: Final = -(1 << 8192)  # stays below zero whatever is added: such a line is read cell by cell
_MEMORY: Final = 100_000  # remembered groups and outcomes; beyond it they are forgotten, so memory stays flat

_Seen = TypeVar("_Seen")


class CodingError(ValueError):
    """The file can't be read that way: the sentence says what to ask for instead."""


class NoAnswer(ValueError):
    """A cell that is neither an answer nor a blank."""


@dataclass(frozen=True, slots=True)
class Coding:
    """How a file stores answers, where it differs from the key."""

    form: str = ""
    base: int | None = None  # the number that stands for the lowest answer
    missing: frozenset[str] = frozenset()
    pre_reversed: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """Scores in the order of the scales; None where too little was answered."""

    scores: tuple[float | None, ...]
    bands: tuple[Band | None, ...]
    answered: int


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way the stored answers of a scale could have been meant."""

    scale: str
    trap: str  # "stored", "form" or "order"
    name: str
    reversed: frozenset[int]


class Key:
    """An instrument and a coding, ready to score."""

    def __init__(self, instrument: Instrument, coding: Coding | None = None) -> None:
        coding = coding or Coding()
        self.instrument = instrument
        self.coding = coding
        self.form = _form(instrument, coding.form)
        self.reversed = frozenset() if coding.pre_reversed else instrument.forms[self.form]
        self.stored = _stored(instrument, coding)
        self.missing = _missing(coding, self.stored)
        self.alternatives = _alternatives(instrument, self.form, self.reversed, coding.pre_reversed)
        self._layout()

    # ---- one person ----

    def value(self, cell: str) -> int | None:
        """The answer a cell holds, in the numbers of the key; None for no answer. Raises `NoAnswer`."""
        text = cell.strip()
        if text.lower() in UNANSWERED or text in self.missing:
            return None
        whole = _WHOLE.fullmatch(text)
        if whole is None:
            raise NoAnswer(self._not_a_number(text))
        number = int(whole[1])
        if str(number) in self.missing:
            return None
        try:
            return self.stored[number]
        except KeyError:
            raise NoAnswer(f"{text} is no answer here: answers are {self.answers}.") from None

    @property
    def answers(self) -> str:
        """What may stand in a cell, in words."""
        numbers = list(self.stored)
        if numbers == list(range(numbers[0], numbers[-1] + 1)) and len(numbers) > 2:
            return f"{numbers[0]} to {numbers[-1]}"
        return ", ".join(str(number) for number in numbers)

    def score(self, answers: Sequence[int | None]) -> Outcome:
        """One person's answers in the order of the items, in the numbers of the key."""
        if len(answers) != self.instrument.items:
            raise ValueError(f"{self.instrument.short} has {self.instrument.items} items, not {len(answers)}.")
        return self.outcome(sum(self.weight(item, value) for item, value in enumerate(answers, start=1)))

    # ---- many rows ----

    def groups(self) -> list[Group]:
        """The items in the parts that are looked up together, with the look-ups."""
        together = int(math.log(_GROUP_SIZE, len(self.instrument.values)))
        end = self.instrument.items + 1
        return [Group(self, range(start, min(start + together, end))) for start in range(1, end, together)]

    def weight(self, item: int, value: int | None) -> int:
        """What one answer adds to its person's packed sum."""
        if value is None:
            return 0
        mirrored = self.instrument.reverse(value)
        packed = 1 << self._answered
        for scale, (total, count) in self._places:
            if item in scale.items:
                packed += ((mirrored if item in self.reversed else value) << total) + (1 << count)
        for reversed_items, members, at in self._other_places:
            if item in members:
                packed += (mirrored if item in reversed_items else value) << at
        return packed

    def outcome(self, packed: int) -> Outcome:
        known = self._outcomes.get(packed)
        if known is None:
            if len(self._outcomes) >= _MEMORY:
                self._outcomes.clear()
            known = self._outcomes[packed] = self._unpack(packed)
        return known

    def answered(self, packed: int) -> int:
        return packed >> self._answered & self._mask

    def scale_total(self, packed: int, index: int) -> int:
        """The keyed sum of one scale, before mean or multiplier."""
        return packed >> self._places[index][1][0] & self._mask

    def alternative_total(self, packed: int, index: int) -> int:
        return packed >> self._other_places[index][2] & self._mask

    def _unpack(self, packed: int) -> Outcome:
        scores: list[float | None] = []
        bands: list[Band | None] = []
        for scale, (total, count) in self._places:
            score = scale.score(packed >> total & self._mask, packed >> count & self._mask)
            scores.append(score)
            bands.append(_band(self.instrument, scale, score))
        return Outcome(tuple(scores), tuple(bands), self.answered(packed))

    def _layout(self) -> None:
        highest = self.instrument.values[-1] * self.instrument.items
        bits = max(highest, self.instrument.items).bit_length()
        places = iter(range(0, 1 << 30, bits))
        self._mask = (1 << bits) - 1
        self._answered = next(places)
        self._places = [(scale, (next(places), next(places))) for scale in self.instrument.scales]
        scales = self.instrument.scale_by_slug
        self._other_places = [(one.reversed, scales[one.scale].items, next(places)) for one in self.alternatives]
        self._outcomes: dict[int, Outcome] = {}

    def _not_a_number(self, text: str) -> str:
        shown = text if len(text) <= 30 else text[:29] + "…"
        if text.startswith("="):
            return f"{shown} is a formula without a saved result: open the file, save it, and score it again."
        if re.fullmatch(r"[+-]?\d+,\d+", text):
            return f"{shown} has a decimal comma: answers are whole numbers, {self.answers}."
        if re.fullmatch(r"[+-]?\d+\.\d+", text):
            return f"{shown} lies between two answers: answers are whole numbers, {self.answers}."
        return f"“{shown}” is not a number: answers are {self.answers}."


class _Cell(dict[str, int]):
    """What a cell of one item adds. A cell that was not met is read once."""

    def __init__(self, key: Key, item: int) -> None:
        super().__init__()
        self.key = key
        self.item = item

    def __missing__(self, cell: str) -> int:
        if len(self) >= _MEMORY:
            self.clear()
        weight = self[cell] = self.key.weight(self.item, self.key.value(cell))
        return weight


class Group:
    """Some items that follow each other, and what their cells add together."""

    def __init__(self, key: Key, items: range) -> None:
        self.items = items
        self._cells = [_Cell(key, item) for item in items]
        self.by_cells = _Remembered(self._of_cells)

    def of_line(self, delimiter: str) -> Callable[[str], int]:
        """The look-up from a stretch of a line with one character for each cell, the delimiter before it: “,3,1,4”.

        It answers `UNREADABLE` where the stretch is not like that.
        """

        def read(stretch: str) -> int:
            cells = tuple(stretch[1::2])
            plain = len(stretch) == 2 * len(self._cells) and set(stretch[::2]) == {delimiter}
            if not plain or delimiter in cells or any(cell.isspace() for cell in cells):
                return UNREADABLE
            return self._of_cells(cells)

        return _Remembered(read).__getitem__

    def _of_cells(self, cells: tuple[str, ...]) -> int:
        return sum(map(getitem, self._cells, cells))


class _Remembered(dict[_Seen, int], Generic[_Seen]):
    """What was met once is looked up from then on."""

    def __init__(self, work_out: Callable[[_Seen], int]) -> None:
        super().__init__()
        self.work_out = work_out

    def __missing__(self, seen: _Seen) -> int:
        if len(self) >= _MEMORY:
            self.clear()
        packed = self[seen] = self.work_out(seen)
        return packed


def score(instrument: Instrument, answers: Sequence[int | None], form: str = "") -> Outcome:
    """One person's answers (in the numbers of the key, in the order of the items), scored."""
    return Key(instrument, Coding(form=form)).score(answers)


def _band(instrument: Instrument, scale: Scale, score: float | None) -> Band | None:
    banding = instrument.banding_of(scale.slug)
    return banding.band(score) if banding is not None and score is not None else None


def _form(instrument: Instrument, form: str) -> str:
    if form in instrument.forms:
        return form
    listed = "; ".join(f"{slug}: {instrument.form_names.get(slug, slug)}" for slug in instrument.forms)
    if form:
        raise CodingError(f"{instrument.short} has no form {form!r}. It has {listed}.")
    if instrument.needs_form:
        raise CodingError(
            f"{instrument.short} is printed in different orders, and the order decides what is reversed. "
            f"Say which one people filled in with --form. {listed}."
        )
    return instrument.only_form


def _stored(instrument: Instrument, coding: Coding) -> dict[int, int]:
    """The number in a cell -> the answer in the numbers of the key."""
    if coding.base is None:
        return {value: value for value in instrument.values}
    return {coding.base + step: value for step, value in enumerate(instrument.values)}


def _missing(coding: Coding, stored: dict[int, int]) -> frozenset[str]:
    codes = frozenset(code.strip() for code in coding.missing)
    for code in sorted(codes):
        if _WHOLE.fullmatch(code) and int(float(code)) in stored:
            raise CodingError(
                f"{code} can't mean “no answer”: it is an answer here ({min(stored)} to {max(stored)}). "
                "If the file counts from another number, say so with --base."
            )
    return codes


def _alternatives(
    instrument: Instrument, form: str, chosen: frozenset[int], pre_reversed: bool
) -> tuple[Alternative, ...]:
    found: list[Alternative] = []
    for scale in instrument.scales:
        members = frozenset(scale.items)
        seen = {chosen & members}
        none: frozenset[int] = frozenset()
        options = [("stored", "", instrument.forms[form] if pre_reversed else none)]
        options += [("form", slug, items) for slug, items in instrument.forms.items() if slug != form]
        if not pre_reversed:
            options += [("order", name, items) for name, items in instrument.other_orders.items()]
        for trap, name, items in options:
            # A scale whose items are all reversed looks the same both ways: its answers can't tell.
            if items & members in seen or len(items & members ^ chosen & members) == len(members):
                continue
            seen.add(items & members)
            found.append(Alternative(scale.slug, trap, name, items))
    return tuple(found)
