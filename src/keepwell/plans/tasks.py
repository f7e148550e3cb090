"""What the clock asks of this room. Each call does at most one batch and may be repeated at any time."""

from __future__ import annotations

from datetime import datetime

from keepwell.plans import actions


def roll(now: datetime) -> int:
    """A week has turned: its due rows go, and removed lines that nobody put back are deleted. The number of rows let go."""
    return actions.close_past_weeks(now=now) + actions.drop_removed(now=now)
