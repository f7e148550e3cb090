"""One page: Today for who is signed in, the front door for who is not."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.notify import queries


@login_not_required
def today(request: HttpRequest) -> HttpResponse:
    if request.viewer.person is None:
        return render(request, "today/front.html")
    return render(request, "today/today.html", {"dues": queries.dues(request.viewer, request.now)})
