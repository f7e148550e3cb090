"""The first page of an empty server, and the one page of six short steps that follows."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from keepwell.people import actions, queries
from keepwell.people.forms.agency import FirstRun
from keepwell.people.viewer import Request
from keepwell.people.views.agency import managing


@login_not_required
def first_run(request: Request) -> HttpResponse:
    """Make this server somebody's. Once that is done the page sends everybody to the front door."""
    if queries.is_set_up():
        return redirect("today")
    form = FirstRun(request.POST or None, initial={"country": "US", "zone": "America/New_York"})
    if request.method != "POST" or not form.is_valid():
        return render(request, "people/agency/first_run.html", {"form": form}, status=422 if request.method == "POST" else 200)
    given = form.cleaned_data
    language = get_language() or "en"
    try:
        member = actions.first_run(
            agency_name=given["agency_name"],
            country=given["country"],
            zone=given["zone"],
            language=language,
            hosted_by=given["hosted_by"],
            host_contact=given["host_contact"],
            email=given["email"],
            hello=actions.Hello(given["called"], given["password"], language=language, zone=given["zone"]),
            now=request.now,
        )
    except actions.Refused:
        return redirect("today")  # two tabs: the other one was quicker
    assert member.person is not None  # just made  # nosec B101
    EmailAddress.objects.get_or_create(user=member.person, email=member.person.email, defaults={"primary": True, "verified": False})
    login(request, member.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    record_authentication(request, member.person, method="password", email=member.person.email)
    UserSession.objects.create_from_request(request)
    return redirect("setup")


@require_GET
@managing
def setup(request: Request) -> HttpResponse:
    return render(request, "people/agency/setup.html", {"steps": queries.setup_steps(request.viewer)})
