"""The reporting tree: agency → programme → team, and teams within teams. Everybody stands in one leaf of it, or in none.

A node is named by a key: ``agency``, ``programme:<id>``, ``team:<id>``. The members of a node stand in the leaf of its own name;
whoever leads a node stands in the leaf ``<node>/leads`` of the node above. The tree and everybody's leaf are frozen when a period
begins, so that nothing done in its course moves anybody from one figure into another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

ROOT: Final = "agency"
LEADS: Final = "/leads"


def leads_of(node: str) -> str:
    """The leaf of those who lead something right below this node."""
    return node + LEADS


def node_of(leaf: str) -> str:
    """The node in which a leaf lies."""
    return leaf.removesuffix(LEADS)


@dataclass(frozen=True)
class Tree:
    """Each node's parent; the root's is None."""

    parents: Mapping[str, str | None]

    def __post_init__(self) -> None:
        if self.parents.get(ROOT, "") is not None or [n for n, p in self.parents.items() if p is None] != [ROOT]:
            raise ValueError("A reporting tree has one root, the agency.")
        if any(parent not in self.parents for parent in self.parents.values() if parent is not None):
            raise ValueError("A node hangs on one that is not in the tree.")
        if len(self.top_down) != len(self.parents):
            raise ValueError("The tree has a ring in it.")

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {node: [] for node in self.parents}
        for node, parent in self.parents.items():
            if parent is not None and parent in found:
                found[parent].append(node)
        return {node: tuple(sorted(below)) for node, below in found.items()}

    @cached_property
    def top_down(self) -> tuple[str, ...]:
        """Every node, each after the one above it."""
        order = [ROOT]
        for node in order:
            order.extend(self.children[node])
        return tuple(order)

    def above(self, node: str) -> Iterator[str]:
        """The node itself, the one above it, and so on to the root."""
        at: str | None = node
        while at is not None:
            yield at
            at = self.parents[at]

    def leaf(self, member_of: str, leading: Collection[str] = ()) -> str | None:
        """The one leaf of somebody who is a member of a node and leads others; None for whoever leads the agency.

        Nobody stands in a node they lead, nor below one: they would read a figure to which they know one answer. Who leads
        several nodes stands among the leads of the nearest node that lies above all of them.
        """
        led = [node for node in leading if node in self.parents]
        if not led:
            return member_of if member_of in self.parents else ROOT
        if ROOT in led:
            return None
        shared = self._nearest_above(led)
        return leads_of(shared)

    def _nearest_above(self, nodes: Iterable[str]) -> str:
        paths = [list(self.above(node))[1:] for node in nodes]
        return next(node for node in paths[0] if all(node in path for path in paths[1:]))
