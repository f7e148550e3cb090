"""The shape of a team tree: who is within whom. Pure; ``parents`` maps each team to the team it is part of, or None."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Key = TypeVar("Key")


def within(parents: Mapping[Key, Key | None], top: Key) -> set[Key]:
    """A team and every team in it, however deep."""
    found, grown = {top}, True
    while grown:
        more = {one for one, parent in parents.items() if parent in found} - found
        found, grown = found | more, bool(more)
    return found


def would_loop(parents: Mapping[Key, Key | None], team: Key, parent: Key) -> bool:
    """Whether putting ``team`` into ``parent`` would make a ring."""
    return parent in within(parents, team)
