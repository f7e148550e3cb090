"""Two charts that notice a lasting shift in a run of numbers: EWMA and CUSUM, as R's `qcc` draws them.

EWMA: Roberts 1959. CUSUM: Page 1954. Defaults are those of `qcc`: lambda 0.2 with limits at 3 sigma; k 0.5 and h 5.
A value that was not given is None. Nothing is invented in its place: the smoothed level forgets as time passes, so the
next value weighs more and its limits are wider, and a cusum sinks by k for each silent step, as it does at the centre.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LAMBDA: Final = 0.2
WIDTH: Final = 3.0
K: Final = 0.5
H: Final = 5.0


@dataclass(frozen=True, slots=True)
class Ewma:
    """The smoothed level and its limits at each step (None where no value was given)."""

    levels: tuple[float | None, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    above: tuple[int, ...]  # where the level is over its upper limit, counted from 0
    below: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cusum:
    """Accumulated deviation upwards and downwards in units of sigma, both counted as positive."""

    up: tuple[float, ...]
    down: tuple[float, ...]
    above: tuple[int, ...]
    below: tuple[int, ...]
    up_since: tuple[int | None, ...]  # at each step: where the present rise began, the estimate of when it changed
    down_since: tuple[int | None, ...]


def ewma(
    values: Sequence[float | None], *, centre: float, sd: float, weight: float = LAMBDA, width: float = WIDTH
) -> Ewma:
    _check(sd)
    if not 0 < weight <= 1:
        raise ValueError("The weight of the newest value (lambda) lies between 0 and 1.")
    levels: list[float | None] = []
    margins: list[float | None] = []
    level, share, gap = centre, 0.0, 0
    for value in values:
        if value is None:
            gap += 1
            levels.append(None)
            margins.append(None)
            continue
        kept = (1 - weight) ** (gap + 1)
        gap = 0
        level = kept * level + (1 - kept) * value
        share = kept * kept * share + (1 - kept) ** 2  # variance of the level, in units of the values' own
        levels.append(level)
        margins.append(width * sd * math.sqrt(share))
    return Ewma(
        tuple(levels),
        tuple(None if margin is None else centre - margin for margin in margins),
        tuple(None if margin is None else centre + margin for margin in margins),
        tuple(
            n
            for n, (z, m) in enumerate(zip(levels, margins, strict=True))
            if z is not None and m is not None and z - centre > m
        ),
        tuple(
            n
            for n, (z, m) in enumerate(zip(levels, margins, strict=True))
            if z is not None and m is not None and centre - z > m
        ),
    )


def cusum(values: Sequence[float | None], *, centre: float, sd: float, k: float = K, h: float = H) -> Cusum:
    _check(sd)
    scores = [None if value is None else (value - centre) / sd for value in values]
    up, up_since = _accumulate(scores, k)
    down, down_since = _accumulate([None if score is None else -score for score in scores], k)
    return Cusum(
        up,
        down,
        tuple(n for n, total in enumerate(up) if total > h and scores[n] is not None),
        tuple(n for n, total in enumerate(down) if total > h and scores[n] is not None),
        up_since,
        down_since,
    )


def _accumulate(scores: Sequence[float | None], k: float) -> tuple[tuple[float, ...], tuple[int | None, ...]]:
    total, since = 0.0, None
    totals: list[float] = []
    starts: list[int | None] = []
    for n, score in enumerate(scores):
        total = max(0.0, total + (score or 0.0) - k)
        since = None if total == 0 else n if since is None else since
        totals.append(total)
        starts.append(since)
    return tuple(totals), tuple(starts)


def _check(sd: float) -> None:
    if not sd > 0:
        raise ValueError("The values don't vary, so there is no scale to judge a change by.")
