"""Did one person's score really change between two times, or could the measure's own noise explain it?

Reliable Change Index (Jacobson & Truax 1991): the difference over the standard error of a difference,
sqrt(2) * sd * sqrt(1 - reliability); beyond 1.96 such a difference would come from noise alone once in twenty times.
There is no index where the standard deviation and reliability of a scale are not both on file: nothing is borrowed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from keepwell.measures.rules.instrument import Scale, Spread

LIMIT: Final = 1.96  # 95 %

Verdict = Literal["better", "worse", "higher", "lower", "no sign", "no index", "no score"]


@dataclass(frozen=True, slots=True)
class Change:
    """One person, one scale, two times. The verdict is “no sign” where noise alone could explain the difference."""

    before: float | None
    after: float | None
    difference: float | None
    index: float | None
    verdict: Verdict


def noise(spread: Spread) -> float:
    """Standard error of the difference of two scores of one person to whom nothing happened."""
    return math.sqrt(2) * spread.sd * math.sqrt(1 - spread.reliability)


def threshold(spread: Spread, limit: float = LIMIT) -> float:
    """How many points a score has to move."""
    return limit * noise(spread)


def band(spread: Spread, score: float, low: float, high: float, limit: float = LIMIT) -> tuple[float, float]:
    """Measurement noise around one score, for a trend: where the person's true score probably lies."""
    reach = limit * spread.sd * math.sqrt(1 - spread.reliability)
    return max(low, score - reach), min(high, score + reach)


def change(
    scale: Scale, spread: Spread | None, before: float | None, after: float | None, limit: float = LIMIT
) -> Change:
    if before is None or after is None:
        return Change(before, after, None, None, "no score")
    difference = after - before
    if spread is None:
        return Change(before, after, difference, None, "no index")
    index = difference / noise(spread)
    return Change(before, after, difference, index, _verdict(scale, index, limit))


def count(changes: Iterable[Change]) -> dict[Verdict, int]:
    return dict(Counter(one.verdict for one in changes))


def sentence(scale: Scale, spread: Spread | None, one: Change) -> str:
    """The finding in words, for the person it is about."""
    name = scale.name
    if one.difference is None or one.before is None or one.after is None:
        missing = (
            "either time"
            if one.before is None and one.after is None
            else ("the first time" if one.before is None else "the second time")
        )
        return f"{name}: too few answers {missing} to compare."
    moved = (
        f"went from {_plain(one.before)} to {_plain(one.after)}" if one.difference else f"stayed at {_plain(one.after)}"
    )
    if spread is None:
        return f"{name} {moved}. Whether that is more than noise can't be said: the figures for it are not on file."
    needed = f"{threshold(spread):.1f}"
    if one.verdict == "no sign":
        return f"{name} {moved}. A difference of less than {needed} can come from the measure itself."
    way = {"better": " for the better", "worse": " for the worse"}.get(one.verdict, "")
    return f"{name} {moved}. That is more than the measure's own noise ({needed} points): a reliable change{way}."


def _verdict(scale: Scale, index: float, limit: float) -> Verdict:
    if abs(index) <= limit:
        return "no sign"
    if scale.higher == "neither":
        return "higher" if index > 0 else "lower"
    return "better" if (index > 0) == (scale.higher == "better") else "worse"


def _plain(score: float) -> str:
    return f"{score:.2f}".rstrip("0").rstrip(".")
