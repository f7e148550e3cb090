"""A handful of statistics, small enough to read, so that the core needs no numeric library."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Final

_NORMAL: Final = NormalDist()


def mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def sd(values: Sequence[float]) -> float:
    """Sample standard deviation (n - 1)."""
    centre = mean(values)
    return math.sqrt(math.fsum((value - centre) ** 2 for value in values) / (len(values) - 1))


def alpha(item_variances: Sequence[float], total_variance: float) -> float | None:
    """Cronbach's alpha from the variance of each item and of their sum; None where it has no meaning."""
    k = len(item_variances)
    if k < 2 or total_variance <= 0:
        return None
    return k / (k - 1) * (1 - math.fsum(item_variances) / total_variance)


def variance_of_counts(counts: dict[int, int]) -> float:
    """Sample variance of whole numbers given as value -> how often. Exact up to the last division."""
    n = sum(counts.values())
    if n < 2:
        return 0.0
    total = sum(value * often for value, often in counts.items())
    squares = sum(value * value * often for value, often in counts.items())
    return (n * squares - total * total) / (n * (n - 1))


def t_cdf(t: float, df: int) -> float:
    """P(T <= t) for Student's t with a whole number of degrees of freedom (the finite series for whole df)."""
    if df < 1:
        raise ValueError("Degrees of freedom begin at 1.")
    theta = math.atan2(t, math.sqrt(df))
    cos, sin = math.cos(theta), math.sin(theta)
    if df % 2:
        series, term = 0.0, cos
        for k in range(1, (df - 1) // 2 + 1):
            series += term
            term *= cos * cos * (2 * k) / (2 * k + 1)
        inside = 2 / math.pi * (theta + sin * series)
    else:
        series, term = 0.0, 1.0
        for k in range(1, df // 2 + 1):
            series += term
            term *= cos * cos * (2 * k - 1) / (2 * k)
        inside = sin * series
    return 0.5 + inside / 2


def t_quantile(p: float, df: int) -> float:
    """The value Student's t stays below with probability `p`."""
    if not 0 < p < 1:
        raise ValueError("A probability between 0 and 1 is needed.")
    if p < 0.5:
        return -t_quantile(1 - p, df)
    low, high = 0.0, 1.0
    while t_cdf(high, df) < p:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        if t_cdf(middle, df) < p:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def normal_score(p: float) -> float:
    """The standard normal value with probability `p` below it, with the far tails held at about 8."""
    return _NORMAL.inv_cdf(min(max(p, 1e-15), 1 - 1e-15))
