"""Who may come in, and where a form leads back to. Only the owner of a plan ever gets past `mine`."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from keepwell.kit.periods import local_date
from keepwell.people.models import Person
from keepwell.people.viewer import Request


def mine(request: Request) -> Person:
    """Who is looking, if this room is switched on for them."""
    person = request.viewer.person
    if person is None or "plans" not in request.viewer.rooms:
        raise Http404
    return person


def today_of(request: Request, person: Person) -> date:
    return local_date(request.now, person.zone)


def back(request: Request, fallback: str) -> HttpResponseRedirect:
    """To the page the form came from, if it says so and the page is one of ours."""
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(there if safe and there.startswith("/") else fallback)
