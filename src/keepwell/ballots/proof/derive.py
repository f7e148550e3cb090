"""AGG-1: can figures be added and taken away until a sum over fewer than k people is left? Answered exactly, without rounding.

The attacker is given more than is ever shown: each released mean without its band, who answered, and where everybody stands. What
they can then work out are the linear combinations of released sums. People whose columns in that system are the same can't be told
apart by any combination, so whatever is derived is about a union of such classes. If every class that occurs at all has at least
k people, nothing smaller can be derived, and no arithmetic is needed to know it. Where a class is smaller, a union U of small
classes with fewer than k people is derivable exactly if the rank of the system falls when U's columns are taken out: that is when
some combination touches U and nobody else. Ranks are found in whole fractions; a prime field is used to look first, never to decide.

Periods share no unknowns (a person's value of one period is not that of another, and nothing is released twice), so each period,
and within it each value with its own gate, is a system of its own. What *can* be guessed from people staying who they are from
period to period is AGG-2's question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

from keepwell.ballots.proof.agencies import WEEKS, Lived
from keepwell.ballots.rules.release import Decision, decide, gather

PRIME = 2**61 - 1
Vector = tuple[Fraction, ...]


def counted(roster: Mapping[int, str], names: Iterable[int]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for name in names:
        found[roster[name]] += 1
    return dict(found)


def inside(lived: Lived, gate: Decision, names: Iterable[int]) -> dict[str, frozenset[int]]:
    """Who is in the sum of each released node: asked of the code that adds up, by giving each leaf a digit of its own."""
    by_leaf: dict[str, list[int]] = defaultdict(list)
    for name in names:
        by_leaf[lived.roster[name]].append(name)
    order = list(by_leaf)
    sums = gather(lived.tree, gate.lands, {leaf: 1 << (8 * n) for n, leaf in enumerate(order)})
    found = {}
    for node in gate.released:
        digits = [(sums[node] >> (8 * n)) & 255 for n in range(len(order))]
        if any(digit > 1 for digit in digits):
            raise AssertionError("A leaf was added twice.")
        found[node] = frozenset(name for n, leaf in enumerate(order) if digits[n] for name in by_leaf[leaf])
    return found


def frozen_sets(lived: Lived) -> Iterator[dict[str, frozenset[int]]]:
    """The released sums of a period: one system for what everybody gave, one for a value that some skipped."""
    for names in (list(lived.weeks), [name for name in lived.weeks if name not in lived.skipped]):
        gate = decide(lived.tree, counted(lived.roster, names), lived.k, root_alone=lived.first)
        yield inside(lived, gate, names)


def small_sets(lived: Lived) -> int:
    """How many sets of 1…k−1 people can be worked out of what is released of this period."""
    found = 0
    for sums in frozen_sets(lived):
        rows = list(sums.values())
        columns = {name: tuple(Fraction(name in row) for row in rows) for name in frozenset().union(*rows)}
        found += derivable({name: (column,) for name, column in columns.items()}, lived.k)
    return found


def small_sets_with_weeks(lived: Lived) -> int:
    """The same, had every week been released beside the period. The unknowns are then each person's weeks."""
    weekly: list[tuple[int, frozenset[int]]] = []
    for week in range(WEEKS):
        names = [name for name, weeks in lived.weeks.items() if week in weeks]
        gate = decide(lived.tree, counted(lived.roster, names), lived.k, root_alone=lived.first)
        weekly += [(week, who) for who in inside(lived, gate, names).values()]
    whole = list(next(frozen_sets(lived)).values())
    columns = {}
    for name, weeks in lived.weeks.items():
        per_week = []
        for week in range(WEEKS):
            in_weeks = [Fraction(week in weeks and week == at and name in who) for at, who in weekly]
            in_whole = [Fraction(1, len(weeks)) if week in weeks and name in who else Fraction(0) for who in whole]
            per_week.append(tuple(in_weeks + in_whole))
        if any(any(column) for column in per_week):
            columns[name] = tuple(per_week)
    return derivable(columns, lived.k, unions=False)


def derivable(columns: Mapping[int, tuple[Vector, ...]], k: int, *, unions: bool = True) -> int:
    """How many unions of alike people, smaller than k, some combination touches alone (single classes only without ``unions``)."""
    alike: dict[tuple[Vector, ...], int] = defaultdict(int)
    for column in columns.values():
        alike[column] += 1
    small = [one for one, people in alike.items() if people < k]
    if not small:
        return 0
    everything = [column for one in alike for column in one]
    full = rank(everything)
    found: list[frozenset[int]] = []
    for size in range(1, (k if unions else 2)):
        for chosen in combinations(range(len(small)), size):
            union = frozenset(chosen)
            if sum(alike[small[n]] for n in chosen) >= k or any(known <= union for known in found):
                continue
            taken = {small[n] for n in chosen}
            rest = [column for one in alike if one not in taken for column in one]
            if _rank_mod(rest) < full and rank(rest) < full:
                found.append(union)
    return len(found)


def rank(columns: Sequence[Vector]) -> int:
    """The rank of a matrix given by its columns, in whole fractions."""
    pivots: list[tuple[int, list[Fraction]]] = []
    for column in dict.fromkeys(columns):
        left = list(column)
        for at, pivot in pivots:
            if left[at]:
                by = left[at]
                left = [a - by * b for a, b in zip(left, pivot, strict=True)]
        at = next((n for n, value in enumerate(left) if value), -1)
        if at >= 0:
            pivots.append((at, [value / left[at] for value in left]))
    return len(pivots)


def _rank_mod(columns: Sequence[Vector]) -> int:
    """Never more than the rank itself: rows that depend on each other do so in any field."""
    pivots: list[tuple[int, list[int]]] = []
    for column in dict.fromkeys(columns):
        left = [value.numerator * pow(value.denominator, -1, PRIME) % PRIME for value in column]
        for at, pivot in pivots:
            if left[at]:
                by = left[at]
                left = [(a - by * b) % PRIME for a, b in zip(left, pivot, strict=True)]
        at = next((n for n, value in enumerate(left) if value), -1)
        if at >= 0:
            by = pow(left[at], -1, PRIME)
            pivots.append((at, [value * by % PRIME for value in left]))
    return len(pivots)
