"""Who meets what at the addresses of my trends and my data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from keepwell.insight.models import Export
from tests.house.doors import AT_HOME, EVERYBODY, Door, canary, only
from tests.support import Cast

DOORS = {
    "insight:trends": Door(AT_HOME),
    "insight:data": Door(AT_HOME),
    "insight:ask_export": Door(post=AT_HOME),
    "insight:download": Door(only("ada"), at=lambda scene: {"export_id": scene["export"].id}),
    # The same answer whether there is such a thing or not, so that pressing twice is no fault.
    "insight:drop_export": Door(post=AT_HOME, at=lambda scene: {"export_id": scene["export"].id}),
    "insight:things": Door(AT_HOME),
    "insight:erase_thing": Door(
        post=AT_HOME, at=lambda scene: {"room": "plans", "table": "entries", "row_id": scene["entry"].id}
    ),
    "insight:erase": Door(AT_HOME, AT_HOME),
    "insight:gone": Door(EVERYBODY),
}


def scene(cast: Cast, now: datetime) -> dict[str, Any]:
    archive = canary("insight.Export.archive").encode()
    return {"export": Export.objects.create(person=cast.ada, state=Export.READY, asked_at=now, ready_at=now, archive=archive)}
