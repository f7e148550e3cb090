"""One page: Today for who is signed in, the front door for who is not."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render

from keepwell.people import queries as people
from keepwell.people.viewer import Request
from keepwell.today import queries


@login_not_required
def today(request: Request) -> HttpResponse:
    if request.viewer.person is None:
        # an empty server has no front door yet: whoever opens it first makes it theirs
        return render(request, "today/front.html") if people.is_set_up() else redirect("first_run")
    return render(request, "today/today.html", {"day": queries.day(request.viewer, request.now)})
