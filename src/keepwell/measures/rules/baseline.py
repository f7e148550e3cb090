"""A person's own usual on the weekly check-in, and when something has lastingly moved away from it.

**Usual range.** From the eighth answered week on: the stretch where about nine in ten further weeks would lie if
nothing changed (a 90 % prediction interval from the person's own earlier weeks, no other person's). The last 52
answered weeks count, so a year later the range is this year's. An extraordinary week is pulled in before it counts, so
it can't stretch the range by itself. The check-in has no known reliability; this is the person's own scatter, not a
measurement error.

**Alarm.** Each later week is compared with all the weeks before it and turned into a standard score that allows for how
few they are (self-starting charts: Hawkins 1987). The scores run through EWMA (0.2, 3 sigma) and CUSUM (0.5, 5), the
`qcc` defaults. Scores are held at 3, so that one hard week alone never raises an alarm, however hard. While an alarm
stands, the usual range stands still: what is unusual does not become usual by lasting. It ends when three answers in a
row, or the smoothed level, are close to the usual centre again. Skipped weeks and pauses are None in the sequence:
the charts forget with time instead of guessing.

An alarm is for the person alone. It says that something changed, never why, and it is not a diagnosis.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Final, Literal

from keepwell.kit import stats
from keepwell.measures.rules.series import LAMBDA, WIDTH, H, K

NEEDED: Final = 8  # answered weeks before anything is said
REMEMBERED: Final = 52  # answered weeks that make the range
CONFIDENCE: Final = 0.90
SMALLEST_SPREAD: Final = 5.0  # on 0-100: less than one answer moved by one step on one question is no news
HELD_AT: Final = 3.0
QUIET_WEEKS: Final = 3

Place = Literal["below", "within", "above"]
Direction = Literal["higher", "lower"]
Kind = Literal["ewma", "cusum", "both"]


@dataclass(frozen=True, slots=True)
class Range:
    """Where this person's weeks usually lie."""

    low: float
    high: float
    centre: float
    spread: float
    count: int  # answered weeks it rests on

    def place(self, value: float) -> Place:
        return "below" if value < self.low else "above" if value > self.high else "within"


@dataclass(frozen=True, slots=True)
class Alarm:
    """A lasting shift. `since` and `noticed` are positions in the values: where it seems to begin, where it showed."""

    kind: Kind
    direction: Direction
    since: int
    noticed: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What can be said after the newest value."""

    value: float | None
    range: Range | None  # what the newest value is compared with; None while it is too early
    place: Place | None
    alarm: Alarm | None
    answered: int

    @property
    def still_needed(self) -> int:
        """How many more answered weeks until there is a usual range."""
        return max(0, NEEDED - self.answered)


def usual_range(values: Sequence[float | None], *, lowest: float = 0, highest: float = 100) -> Range | None:
    """The range in force at the newest value; None before eight answered values."""
    return reading(values, lowest=lowest, highest=highest).range


def reading(values: Sequence[float | None], *, lowest: float = 0, highest: float = 100) -> Reading:
    """What can be said after the newest value. One value for each week in order; None for a week without an answer."""
    readings = history(values, lowest=lowest, highest=highest)
    return readings[-1] if readings else Reading(None, None, None, None, 0)


def history(values: Sequence[float | None], *, lowest: float = 0, highest: float = 100) -> list[Reading]:
    """The reading after each value, as it was at the time: later weeks never change what was said before."""
    chart = _Chart(lowest, highest)
    return [chart.take(index, value) for index, value in enumerate(values)]


class _Chart:
    """Walks through the weeks once. Everything it knows at a week comes from that week and earlier ones."""

    level: float  # the smoothed score
    share: float  # its variance
    gap: int  # weeks without an answer since the last one
    quiet: int  # answers in a row close to the usual centre, while an alarm stands
    sums: dict[int, float]  # the two cusums, by sign
    since: dict[int, int | None]  # where each of them began to rise

    def __init__(self, lowest: float, highest: float) -> None:
        self.lowest, self.highest = lowest, highest
        self.usual: list[float] = []
        self.answered = 0
        self.alarm: Alarm | None = None
        self._start_over()

    def take(self, index: int, value: float | None) -> Reading:
        if value is None:
            self.gap += 1
            return Reading(None, self._range(), None, self.alarm, self.answered)
        if not math.isfinite(value):
            raise ValueError("A check-in score is a number.")
        self.answered += 1
        if len(self.usual) < NEEDED:
            self.usual.append(value)
            if len(self.usual) == NEEDED:
                self.usual = _pull_in(self.usual)
            known = self._range()
            self.gap = 0
        else:
            known = self._range()
            self._judge(index, value)
        return Reading(value, known, known.place(value) if known else None, self.alarm, self.answered)

    def _judge(self, index: int, value: float) -> None:
        centre, spread, score = self._score(value)
        self._advance(index, score)
        if self.alarm is not None:
            self._stay_or_end(score)
            return
        direction = self._crossed()
        if direction is None:
            self.usual.append(min(max(value, centre - HELD_AT * spread), centre + HELD_AT * spread))
            del self.usual[:-REMEMBERED]
            return
        sign = 1 if direction == "higher" else -1
        since = self.since[sign]
        self.quiet = 0
        self.alarm = Alarm(self._kind(sign), direction, index if since is None else since, index)

    def _stay_or_end(self, score: float) -> None:
        assert self.alarm is not None
        sign = 1 if self.alarm.direction == "higher" else -1
        self.quiet = self.quiet + 1 if sign * score <= K else 0
        if self.quiet >= QUIET_WEEKS or sign * self.level <= K:
            self.alarm = None
            self._start_over()
        elif self._kind(sign) == "both":
            self.alarm = replace(self.alarm, kind="both")

    def _advance(self, index: int, score: float) -> None:
        kept = (1 - LAMBDA) ** (self.gap + 1)
        self.level = kept * self.level + (1 - kept) * score
        self.share = kept * kept * self.share + (1 - kept) ** 2
        for sign in (1, -1):
            before = max(0.0, self.sums[sign] - K * self.gap)
            self.sums[sign] = max(0.0, before + sign * score - K)
            if self.sums[sign] == 0:
                self.since[sign] = None
            elif before == 0 or self.since[sign] is None:
                self.since[sign] = index
        self.gap = 0

    def _score(self, value: float) -> tuple[float, float, float]:
        """Centre and spread of the usual weeks, and the value's standard score among them, held at 3."""
        n = len(self.usual)
        centre = stats.mean(self.usual)
        spread = max(stats.sd(self.usual), SMALLEST_SPREAD)
        t = (value - centre) / (spread * math.sqrt(1 + 1 / n))
        score = stats.normal_score(stats.t_cdf(t, n - 1))
        return centre, spread, min(max(score, -HELD_AT), HELD_AT)

    def _crossed(self) -> Direction | None:
        margin = WIDTH * math.sqrt(self.share) * (1 + 1e-12)  # a single score of 3 lies on the limit, not over it
        if self.level > margin or self.sums[1] > H:
            return "higher"
        if self.level < -margin or self.sums[-1] > H:
            return "lower"
        return None

    def _kind(self, sign: int) -> Kind:
        by_level = sign * self.level > WIDTH * math.sqrt(self.share) * (1 + 1e-12)
        by_sum = self.sums[sign] > H
        return "both" if by_level and by_sum else "cusum" if by_sum else "ewma"

    def _range(self) -> Range | None:
        n = len(self.usual)
        if n < NEEDED:
            return None
        centre = stats.mean(self.usual)
        spread = max(stats.sd(self.usual), SMALLEST_SPREAD)
        reach = _T[n] * spread * math.sqrt(1 + 1 / n)
        return Range(max(self.lowest, centre - reach), min(self.highest, centre + reach), centre, spread, n)

    def _start_over(self) -> None:
        self.level, self.share, self.gap, self.quiet = 0.0, 0.0, 0, 0
        self.sums = {1: 0.0, -1: 0.0}
        self.since = {1: None, -1: None}


# How many spreads the range reaches to each side, by the number of weeks it rests on.
_T: Final = {n: stats.t_quantile((1 + CONFIDENCE) / 2, n - 1) for n in range(NEEDED, REMEMBERED + 1)}


def _pull_in(values: list[float]) -> list[float]:
    """The first weeks with an extraordinary one pulled in to four robust spreads from their middle."""
    middle = median(values)
    spread = max(1.4826 * median(abs(value - middle) for value in values), SMALLEST_SPREAD)
    return [min(max(value, middle - 4 * spread), middle + 4 * spread) for value in values]
