"""Settings: one list, and a short page for each deed."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from keepwell.people import actions
from keepwell.people.forms.me import Called, InTime, Leave, Theme
from keepwell.people.middleware import SHARED_DEVICE
from keepwell.people.models import Person
from keepwell.people.rules import zones
from keepwell.people.viewer import Request
from keepwell.people.views.public import told_privacy
from keepwell.ui import toasts


def _one(request: Request) -> Person:
    """The person whose settings these are; the doors let nobody else in."""
    person = request.viewer.person
    assert person is not None  # noqa: S101  # the middleware asks for signing in before any of these pages
    return person


@require_safe
def settings_list(request: Request) -> HttpResponse:
    person = _one(request)
    addresses = EmailAddress.objects.filter(user=person)
    context = {
        "place": zones.place(person.zone),
        "language": person.get_language_display(),
        "theme_words": person.get_theme_display(),
        "addresses": len(addresses),
        "to_confirm": sum(not one.verified for one in addresses),
        "member": request.viewer.member,
    }
    return render(request, "people/me/list.html", context)


def _page(request: Request, template: str, form: forms.Form, **more: Any) -> HttpResponse:
    return render(request, template, {"form": form, **more})


def called(request: Request) -> HttpResponse:
    person = _one(request)
    form = Called(request.POST if request.method == "POST" else None, initial={"called": person.called})
    if request.method == "POST" and form.is_valid():
        actions.call_oneself(by=person, called=form.cleaned_data["called"], now=request.now)
        toasts.note(request, _("Noted."))
        return redirect("me")
    return _page(
        request, "people/me/called.html", form, agency_name=request.viewer.member.name if request.viewer.member else ""
    )


def in_time(request: Request) -> HttpResponse:
    person = _one(request)
    initial = {"language": person.language, "zone": person.zone, "week_start": person.week_start}
    form = InTime(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.place_in_time(
            by=person, language=told["language"], zone=told["zone"], week_start=told["week_start"], now=request.now
        )
        request.session.pop("kw_language", None)
        with override(told["language"]):
            toasts.note(request, _("Noted."))
        return redirect("me")
    return _page(request, "people/me/in_time.html", form)


def theme(request: Request) -> HttpResponse:
    person = _one(request)
    form = Theme(request.POST if request.method == "POST" else None, initial={"theme": person.theme})
    if request.method == "POST" and form.is_valid():
        actions.choose_theme(by=person, theme=form.cleaned_data["theme"], now=request.now)
        request.session.pop("kw_theme", None)
        toasts.note(request, _("Noted."))
        return redirect("me")
    return _page(request, "people/me/theme.html", form)


@require_safe
def who_sees(request: Request) -> HttpResponse:
    """Who can see what: everything of one's own is closed; what an agency sees is said for each agency."""
    viewer = request.viewer
    memberships = [member for member in (viewer.member, *viewer.others) if member is not None]
    prefetch_related_objects(memberships, "team")
    context = {"memberships": memberships, "host": told_privacy(viewer.agency).host}
    return render(request, "people/me/who_sees.html", context)


@require_safe
def security(request: Request) -> HttpResponse:
    """Password, second factor, recovery codes and where one is signed in."""
    person = _one(request)
    keys = list(Authenticator.objects.filter(user=person))
    codes = next((key for key in keys if key.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "passkeys": [key for key in keys if key.type == Authenticator.Type.WEBAUTHN],
        "one_time_code": any(key.type == Authenticator.Type.TOTP for key in keys),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "sessions": UserSession.objects.filter(user=person).count(),
        "has_password": person.has_usable_password(),
        "shared": SHARED_DEVICE in request.session,
    }
    return render(request, "people/me/security.html", context)


def leave_agency(request: Request) -> HttpResponse:
    """Ends a place in the agency, never the person."""
    person, member = _one(request), request.viewer.member
    if member is None:
        return redirect("me")
    addresses = list(EmailAddress.objects.filter(user=person, verified=True)) or [
        EmailAddress(user=person, email=person.email)
    ]
    form = Leave(request.POST if request.method == "POST" else None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_membership(by=request.viewer, member=member, now=request.now)
        except actions.Refused:
            refused = _(
                "You are the only administrator here. Make somebody else one first; then you can leave. Nothing was changed."
            )
        else:
            request.session.pop("agency", None)
            toasts.note(
                request, _("You have left %(agency)s. Your own space stays yours.") % {"agency": member.agency.name}
            )
            return redirect("me")
    return _page(request, "people/me/leave.html", form, member=member, addresses=addresses, refused=refused)


@require_POST
def other_agency(request: Request) -> HttpResponse:
    """Who has places in two agencies looks at one at a time."""
    wanted = request.POST.get("agency", "")
    if any(str(one.agency_id) == wanted for one in request.viewer.others):
        request.session["agency"] = wanted
    return redirect(reverse("me_who_sees"))
