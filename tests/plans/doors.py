"""Who meets what at the addresses of the plan."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from keepwell.kit.periods import week_from_key
from keepwell.plans import actions
from keepwell.plans.rules import parts
from tests.house.doors import Door, canary
from tests.support import Cast

DOORS: dict[str, Door] = {}

NOT_WORDS = {"plans.Plan.kept": "names of parts and days"}


def scene(cast: Cast, now: datetime) -> dict[str, Any]:
    part = next(iter(parts.ACTIVITIES))
    entry = actions.add_entry(
        by=cast.ada, part=part, words=canary("plans.Entry.said"), domain=next(iter(parts.DOMAINS)), now=now
    )
    actions.write_emergency(
        by=cast.ada, part=next(iter(parts.EMERGENCY)), words=canary("plans.Emergency.said"), version=0, now=now
    )
    actions.choose(
        by=cast.ada,
        week=week_from_key("2026-W48", cast.ada.week_start),
        words=canary("plans.Commitment.kept"),
        day=date(2026, 11, 27),
        now=now,
    )
    return {"entry": entry, "part": part}
