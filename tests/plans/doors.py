"""The door table's rows of this room: everybody has their own plan, and nobody has another's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from keepwell.plans import actions, queries
from keepwell.plans.rules import parts
from tests.house.doors import AT_HOME, Door, canary, only
from tests.support import Cast

HERS = only("ada")


def _entry(scene: dict[str, Any]) -> dict[str, Any]:
    return {"entry_id": scene["entry"].id}


DOORS = {
    "plans:plan": Door(AT_HOME),
    "plans:build": Door(AT_HOME),
    "plans:part": Door(AT_HOME, AT_HOME, at=lambda scene: {"part": parts.KEEP}),
    "plans:steps": Door(AT_HOME),
    "plans:add_step": Door(post=AT_HOME, data=lambda scene: {"step": "bottle-in-reach"}),
    "plans:entry": Door(
        HERS, HERS, at=_entry, data=lambda scene: {"words": "another word", "domain": "body", "version": 1}
    ),
    "plans:remove": Door(post=HERS, at=_entry),
    "plans:restore": Door(post=HERS, at=_entry),
    "plans:keep": Door(post=HERS, at=_entry),
    "plans:unkeep": Door(post=HERS, at=_entry),
    "plans:commitment": Door(AT_HOME, AT_HOME, data=lambda scene: {"what": "own", "own": "A walk"}),
    "plans:answer": Door(post=AT_HOME, data=lambda scene: {"week": scene["commitment"].week, "state": "done"}),
    "plans:unanswer": Door(post=AT_HOME, at=lambda scene: {"week": scene["commitment"].week}),
    "plans:pause": Door(AT_HOME, AT_HOME, data=lambda scene: {"last": scene["now"].date().isoformat()}),
    "plans:come_back": Door(post=AT_HOME),
    "plans:emergency": Door(AT_HOME),
    "plans:print": Door(AT_HOME),
    "plans:pdf": Door(AT_HOME),
}

NOT_WORDS = {"plans.Plan.kept": "names of the builder's parts and two dates, no words of theirs"}


def scene(cast: Cast, now: datetime) -> dict[str, Any]:
    entry = actions.add_entry(
        by=cast.ada, part=parts.NOW_HELPFUL, words=canary("plans.Entry.said"), domain="body", now=now
    )
    actions.write_emergency(by=cast.ada, part=parts.DO, words=canary("plans.Emergency.said"), version=0, now=now)
    actions.write_emergency(
        by=cast.ada,
        part=parts.CALL,
        words="",
        people=[{"name": canary("whom I call"), "phone": "555 0143"}],
        version=0,
        now=now,
    )
    commitment = actions.choose(
        by=cast.ada,
        week=queries.this_week(cast.ada, now),
        words=canary("plans.Commitment.kept"),
        after=canary("after"),
        now=now,
    )
    return {"entry": entry, "commitment": commitment}
