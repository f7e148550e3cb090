"""What the clock asks of this room: open periods that begin, close those whose time has come."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.db.models import Count, Exists, OuterRef

from keepwell.ballots import closing, release_key
from keepwell.ballots.models import Period
from keepwell.ballots.queries import waiting_without_key
from keepwell.ballots.rules.release import ROOT_FLOOR
from keepwell.people.models import Agency, Member

log = logging.getLogger("keepwell.ballots")


def roll(now: datetime) -> int:
    """Open and close periods. What goes wrong in one agency stops no other."""
    done = 0
    if release_key.is_there():
        covered = Period.objects.filter(agency=OuterRef("pk"), opens_at__lte=now, closes_at__gt=now)
        here = Member.objects.filter(ended_on=None, person__isnull=False).values("agency").annotate(n=Count("pk")).filter(n__gte=ROOT_FLOOR)
        for agency in Agency.objects.filter(~Exists(covered), id__in=here.values("agency")):
            done += _one(lambda agency=agency: closing.open_period(agency=agency, now=now) is not None)  # type: ignore[misc]  # bound in the loop
    for period_id in waiting_without_key(now):
        done += _one(lambda period_id=period_id: closing.close(period_id=period_id, now=now))  # type: ignore[misc]  # bound in the loop
    return done + closing.tidy(now=now)


def _one(deed: Callable[[], bool]) -> int:
    try:
        return int(deed())
    except Exception as fault:
        log.error("Counting failed in one agency: %s. It is tried again.", type(fault).__name__)
        return 0
