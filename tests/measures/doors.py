"""Who meets what at the addresses of the check-in. Ada has finished this week's; nobody else has begun."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from keepwell.measures.queries import this_week
from tests.house.doors import AT_HOME, MOVED, Door, but, canary, only
from tests.measures import story
from tests.support import Cast

# An address names a week, never a person: everybody finds their own there, and where they have none, nothing of ada's.
OWN_ELSE_MOVED = but(MOVED, ada="open")


def _week(scene: dict[str, Any]) -> dict[str, Any]:
    return {"week": scene["week"]}


def _question(scene: dict[str, Any]) -> dict[str, Any]:
    return {"week": scene["week"], "number": 3}


DOORS = {
    "measures:checkin": Door(MOVED),
    "measures:all_now": Door(MOVED),
    "measures:result": Door(MOVED),
    "measures:later": Door(post=AT_HOME),
    "measures:week": Door(OWN_ELSE_MOVED, at=_week),
    "measures:question": Door(AT_HOME, at=_question),
    "measures:answer": Door(post=AT_HOME, at=_question, data=lambda scene: {"answer": "2"}),
    "measures:tags": Door(AT_HOME, at=_week),
    "measures:finish": Door(post=AT_HOME, at=_week, data=lambda scene: {"tag": ["paperwork"], "were": ""}),
    "measures:all": Door(AT_HOME, at=_week),
    "measures:keep_all": Door(post=AT_HOME, at=_week, data=lambda scene: {"a-rest-refills": "3"}),
    "measures:erase": Door(only("ada"), only("ada"), at=_week),
}


def scene(cast: Cast, now: datetime) -> dict[str, Any]:
    row = story.do_check_in(cast.ada, now)
    # What no page would take: so that a page which shows a sealed field to anybody else sings.
    row.answers = {**row.answers, canary("measures.CheckIn.answers"): 3}
    row.stressors = [*row.stressors, canary("measures.CheckIn.stressors")]
    row.scores = {**row.scores, canary("measures.CheckIn.scores"): 40}
    row.save()
    return {"check_in": row, "week": this_week(cast.ada, now).key}
