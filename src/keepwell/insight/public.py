"""The one page of this room that needs nobody: it is all gone."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from keepwell.people.viewer import Request

KEY_BACKUPS_LAST = timedelta(days=7)
STORE_BACKUPS_LAST = timedelta(days=35)


@login_not_required
@require_GET
def gone(request: Request) -> HttpResponse:
    today = request.now.date()
    return render(
        request, "insight/gone.html", {"unreadable_by": today + KEY_BACKUPS_LAST, "no_copy_after": today + STORE_BACKUPS_LAST}
    )
