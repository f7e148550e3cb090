"""Two doors for whoever watches this server: is it up, and is it ready. Public, and they name nobody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from keepwell.notify import queries
from keepwell.people.viewer import Request
from keepwell.store import is_migrated

QUIET_TOO_LONG: Final = timedelta(seconds=30)
PARTS: Final = ("post", "chores")

_migrated: set[str] = set()  # once applied they stay applied, for the code of this process


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks no database."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@never_cache
@require_safe
def readyz(request: Request) -> JsonResponse:
    """Everything that is needed is there; else 503 and the reasons."""
    reasons = why_not_ready(request.now)
    return JsonResponse({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)


def why_not_ready(now: datetime) -> list[str]:
    reasons: list[str] = []
    for alias, name in (("default", "store"), ("keys", "key store")):
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
            if alias not in _migrated and not is_migrated(connections[alias]):
                reasons.append(f"The {name} is not up to date with this version. Run: keepwell serve")
                continue
            _migrated.add(alias)
        except DatabaseError:
            reasons.append(f"The {name} does not answer.")
    return reasons or why_clock_is_not(now)


def why_clock_is_not(now: datetime) -> list[str]:
    """Which part of the clock gave no sign lately."""
    beats = queries.heartbeats()
    return [
        f"The clock ({part}) has given no sign for more than {QUIET_TOO_LONG.seconds} seconds."
        if part in beats
        else f"The clock ({part}) has not started."
        for part in PARTS
        if part not in beats or now - beats[part] > QUIET_TOO_LONG
    ]
