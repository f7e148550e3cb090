"""Who meets what at the addresses of my trends and my data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from keepwell.insight.models import Export
from tests.house.doors import Door, canary
from tests.support import Cast

DOORS: dict[str, Door] = {}


def scene(cast: Cast, now: datetime) -> dict[str, Any]:
    archive = canary("insight.Export.archive").encode()
    return {"export": Export.objects.create(person=cast.ada, state=Export.READY, asked_at=now, ready_at=now, archive=archive)}
