"""The gate: which figures of a period may be shown. Given how many answered in each leaf, and nothing else, it decides.

    pass up     a node's own people (its leads and direct members) that are 1…k−1 count with the node above instead
    root        is released with at least max(k, 10); its own people that are fewer than k are left out of it
    child       is released with at least k, top down under released nodes; if 1…k−1 people would be left over beside the
                released children, the smallest of these is held back too
    below 20    a node other than the root shows the two strains only; yes and no and reply rates need 20 anywhere

Why no smaller group can be worked out: take a released node without its released children. These remainders are disjoint, and
every sum, difference or other combination of released figures is a combination of them; each is empty or has at least k people.
`keepwell prove privacy` checks the same without trusting this argument. Decisions look at counts only, so which figures are
shown says nothing of what anybody answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from keepwell.ballots.rules.asked import SCALE, STRAINS, WHOLE, YES_NO, Asked
from keepwell.ballots.rules.tree import ROOT, Tree, leads_of

FLOOR: Final = 5  # no setting, page or command goes below
CHOICES: Final = (5, 10, 15, 20)  # the edges of the size bands, so that a preview needs nothing but past releases
ROOT_FLOOR: Final = 10
ENOUGH: Final = 20  # from here on more than the two strains is shown
BANDS: Final = 10  # of the scale


@dataclass(frozen=True)
class Decision:
    """``released`` top down; ``lands`` tells for each leaf to which node's own people it counts (None: left out)."""

    released: tuple[str, ...]
    totals: Mapping[str, int]
    lands: Mapping[str, str | None]


def decide(tree: Tree, counts: Mapping[str, int], k: int, *, root_alone: bool = False) -> Decision:
    """Which nodes are released, by how many answered in each leaf."""
    if k < FLOOR:
        raise ValueError(f"Groups smaller than {FLOOR} are never shown.")
    own = {node: counts.get(node, 0) + counts.get(leads_of(node), 0) for node in tree.parents}
    came_from: dict[str, list[str]] = {node: [node, leads_of(node)] for node in tree.parents}
    for node in reversed(tree.top_down):
        above = tree.parents[node]
        if above is not None and tree.children[node] and 0 < own[node] < k:
            own[above] += own[node]
            came_from[above] += came_from[node]
            own[node], came_from[node] = 0, []
    lands: dict[str, str | None] = {leaf: node for node, leaves in came_from.items() for leaf in leaves}
    if 0 < own[ROOT] < k and tree.children[ROOT]:
        own[ROOT] = 0
        lands.update(dict.fromkeys(came_from[ROOT], None))
    totals = add_up(tree, own)
    return Decision(tuple(_released(tree, totals, k, root_alone)), totals, lands)


def add_up(tree: Tree, own: Mapping[str, int]) -> dict[str, int]:
    """Each node with everything below it."""
    totals = {node: own.get(node, 0) for node in tree.parents}
    for node in reversed(tree.top_down):
        above = tree.parents[node]
        if above is not None:
            totals[above] += totals[node]
    return totals


def _released(tree: Tree, totals: Mapping[str, int], k: int, root_alone: bool) -> list[str]:
    if totals[ROOT] < max(k, ROOT_FLOOR):
        return []
    released = [ROOT]
    if root_alone:
        return released
    for node in released:
        shown = [child for child in tree.children[node] if totals[child] >= k]
        released += hold_back(totals, node, shown, k)
    return released


def hold_back(totals: Mapping[str, int], node: str, shown: Sequence[str], k: int) -> list[str]:
    """The remainder rule: nobody may stand among the 1…k−1 people who are in a node and in none of its released children."""
    left_over = totals[node] - sum(totals[child] for child in shown)
    if shown and 0 < left_over < k:
        smallest = min(shown, key=lambda child: (totals[child], child))
        return [child for child in shown if child != smallest]
    return list(shown)


# ---- what is shown of a released node ----


@dataclass(slots=True)
class Tally:
    """What a leaf's ballots come to: how many, and for each value how many gave it and its sum."""

    ballots: int = 0
    answered: list[int] = field(default_factory=list)
    sums: list[int] = field(default_factory=list)

    def add(self, values: Sequence[int | None]) -> None:
        if not self.answered:
            self.answered, self.sums = [0] * len(values), [0] * len(values)
        self.ballots += 1
        for n, value in enumerate(values):
            if value is not None:
                self.answered[n] += 1
                self.sums[n] += value


def size_band(people: int) -> str:
    """5–9, 10–14, 15–19, 20 and more."""
    if people < FLOOR:
        raise ValueError("A group this small has no size that may be said.")
    return "20+" if people >= ENOUGH else f"{people // 5 * 5}-{people // 5 * 5 + 4}"


def mean_band(total: int, people: int) -> int:
    """In which tenth of the scale the mean lies, 0 to 9; both ends of the scale are inside."""
    return min(total * BANDS // (people * WHOLE), BANDS - 1)


def third(total: int, people: int) -> str:
    """The share that said yes, in thirds."""
    if 3 * total < people * WHOLE:
        return "few"
    return "most" if 3 * total > 2 * people * WHOLE else "some"


def reply_band(replied: int, asked: int) -> str:
    """0–49, 50–74, 75 and more per cent."""
    if 4 * replied >= 3 * asked:
        return "75+"
    return "50-74" if 2 * replied >= asked else "0-49"


def gather(tree: Tree, lands: Mapping[str, str | None], by_leaf: Mapping[str, int]) -> dict[str, int]:
    """Sums of the leaves at every node, by where each leaf counts. The only way from leaves to figures."""
    own: dict[str, int] = {}
    for leaf, value in by_leaf.items():
        node = lands[leaf]
        if node is not None:
            own[node] = own.get(node, 0) + value
    return add_up(tree, own)


@dataclass(frozen=True)
class Cell:
    """What is released of one node: `as_json` is the whole of it."""

    node: str
    size: str
    bands: Mapping[str, int]
    shares: Mapping[str, str]
    replied: str | None

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"size": self.size, "bands": dict(self.bands)}
        if self.shares:
            told["shares"] = dict(self.shares)
        if self.replied is not None:
            told["replied"] = self.replied
        return told


def picture(
    tree: Tree,
    asked: Sequence[Asked],
    tallies: Mapping[str, Tally],
    on_roster: Mapping[str, int],
    k: int,
    *,
    root_alone: bool = False,
) -> list[Cell]:
    """Everything that is released of a period, root first.

    Each value passes the gate by itself, with the people who gave that value: skipping a question makes its group smaller.
    """
    ballots = {leaf: tally.ballots for leaf, tally in tallies.items()}
    base = decide(tree, ballots, k, root_alone=root_alone)
    bands: dict[str, dict[str, int]] = {node: {} for node in base.released}
    shares: dict[str, dict[str, str]] = {node: {} for node in base.released}
    for n, one in enumerate(asked):
        given = {leaf: tally.answered[n] for leaf, tally in tallies.items() if tally.ballots}
        gate = decide(tree, given, k, root_alone=root_alone)
        sums = gather(tree, gate.lands, {leaf: tallies[leaf].sums[n] for leaf in given})
        for node in set(gate.released) & set(base.released):
            people = gate.totals[node]
            if not may_show(one, node, min(people, base.totals[node])):
                continue
            if one.kind == SCALE:
                bands[node][one.slug] = mean_band(sums[node], people)
            elif one.kind == YES_NO:
                shares[node][one.slug] = third(sums[node], people)
    rostered = gather(tree, base.lands, on_roster)
    return [
        Cell(
            node,
            size_band(base.totals[node]),
            bands[node],
            shares[node],
            reply_band(base.totals[node], rostered[node]) if base.totals[node] >= ENOUGH else None,
        )
        for node in base.released
    ]


def may_show(one: Asked, node: str, people: int) -> bool:
    """Below twenty: the two strains, and at the root the other scales."""
    return people >= ENOUGH or one.slug in STRAINS or (node == ROOT and one.kind == SCALE)


# ---- who counts, and which k ----


def counts_from_now(on_earlier_roster: bool, founding: bool) -> bool:
    """An account counts from the second period on whose roster it stands; those of an agency's first period at once."""
    return on_earlier_roster or founding


def k_in_force(raised: Sequence[int]) -> int:
    """The highest that was ever chosen and has begun; never below the floor, whatever the rows say."""
    return max([FLOOR, *(k for k in raised if k in CHOICES)])
