"""Doors every request passes: who is looking, is a second factor due, and what to do with a form sent after signing out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user, logout
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from keepwell.people import actions, keyring
from keepwell.people.models import Person
from keepwell.people.viewer import ANYBODY, Request, viewer_for

Answer = Callable[[Request], HttpResponse]

LAST_PERSON = "kw_last"  # a signed note in the browser of who was last here; only used to give a lost form back
_AGENCY = "agency"
SHARED_DEVICE = "kw_shared"  # in the session: when this shared device was last used
SHARED_DEVICE_IDLE = timedelta(minutes=30)
_NEVER_KEPT = ("account_", "mfa_", "usersessions_", "arrive", "kept_form", "second_factor")  # forms that may hold a password or a code


class Viewer:
    """Sets ``request.viewer`` and remembers opened keys for this request only."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: Request) -> HttpResponse:
        # Not lazily: every page of somebody signed in asks, and each look through a lazy object costs.
        request.user = user = get_user(request)
        request.viewer = viewer_for(user, request.session.get(_AGENCY)) if user.is_authenticated else ANYBODY
        with keyring.remembered():
            response = self.answer(request)
            if response.streaming:
                return response
        user = request.user
        # whoever signs in takes the note over: a form must never be kept for the person who was here before
        if user.is_authenticated and _last_pk(request) != str(user.pk):
            response.set_cookie(
                LAST_PERSON,
                signing.dumps(str(user.pk), salt=LAST_PERSON),
                max_age=None if SHARED_DEVICE in request.session else settings.SESSION_COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        elif not user.is_authenticated and getattr(request, "signed_out", False):
            response.delete_cookie(LAST_PERSON, samesite="Lax")
        return response


class SharedDevice:
    """On a device that others use too, half an hour without a request ends the session; the browser's end does as well."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: Request) -> HttpResponse:
        last = request.session.get(SHARED_DEVICE)
        if last is not None:
            at = request.now.timestamp()
            if at - last > SHARED_DEVICE_IDLE.total_seconds():
                logout(request)
            elif at - last > 60:  # not at every request: each time is a write
                request.session[SHARED_DEVICE] = at
        return self.answer(request)


class KeepForm:
    """A half-filled form survives a lost session.

    A form that arrives after the session ended is sealed with the key of the person who was last signed in here and given back
    to that person, and only to them, after they have signed in again.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: Request) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: Request, view: Answer, args: object, kwargs: object) -> HttpResponse | None:
        if request.method != "POST" or request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        to_sign_in = f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.path})}"
        person = last_person(request)
        match = request.resolver_match
        secret = bool(match and (match.view_name or "").startswith(_NEVER_KEPT))
        if person is None or secret or request.FILES:
            messages.info(request, _("You had been signed out, so nothing was changed. Sign in and send it again."))
            return redirect(to_sign_in)
        actions.keep_form(person=person, path=request.path, fields=dict(request.POST.lists()), now=request.now)
        return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': reverse('kept_form')})}")


class SignIn:
    """Pages are for people who are signed in unless they say otherwise; who answers for others shows a second factor."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: Request) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: Request, view: Answer, args: object, kwargs: object) -> HttpResponse | None:
        if not getattr(view, "login_required", True) and not (request.user.is_authenticated and _is_today(request)):
            return None
        if not request.user.is_authenticated:
            return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}")
        if request.viewer.sees_others and not second_factor_shown(request) and not _is_on_the_way(request):
            return redirect("second_factor")
        return None


def second_factor_shown(request: Request) -> bool:
    """Whether this session has shown one, or made one."""
    if settings.DEMO:
        return True  # nothing there is anybody's, and nobody should have to invent a factor to look around
    shown = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in shown)


def _is_today(request: Request) -> bool:
    """The front door is public; once somebody is signed in it is their own page, and no longer public."""
    return bool(request.resolver_match and request.resolver_match.view_name == "today")


def _is_on_the_way(request: Request) -> bool:
    """Pages needed to add a second factor, to arrive, to sign out and to leave stay open."""
    match = request.resolver_match
    name = (match.view_name or "") if match else ""
    return name.startswith(("mfa_", "account_", "arrive")) or name in {"second_factor", "kept_form", "demo_enter"}


def last_person(request: Request) -> Person | None:
    """Who was last signed in in this browser, if they did not sign out themselves."""
    pk = _last_pk(request)
    return Person.objects.filter(pk=pk, is_active=True).first() if pk else None


def _last_pk(request: Request) -> str | None:
    try:
        return str(signing.loads(request.COOKIES.get(LAST_PERSON, ""), salt=LAST_PERSON, max_age=settings.SESSION_COOKIE_AGE))
    except signing.BadSignature:
        return None
