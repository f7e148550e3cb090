"""Entering a demonstration as one of its cast. Routed only where the store is a demonstration, and only on this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from allauth.account.internal.flows.login import record_authentication
from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST

from keepwell.demo.cast import CAST
from keepwell.people import queries
from keepwell.people.models import Person
from keepwell.people.viewer import Request


@dataclass(frozen=True)
class OnTheFrontPage:
    name: str
    part: str
    enter_url: str


class Cast:
    """Hands the front page its list of people to enter as."""

    def __init__(self, answer: Callable[[Request], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: Request) -> HttpResponse:
        request.cast = SimpleLazyObject(on_the_front_page)  # type: ignore[attr-defined]  # read by the front page's template
        return self.answer(request)


def on_the_front_page() -> list[OnTheFrontPage]:
    return [
        OnTheFrontPage(one.name.split()[0], one.says, reverse("demo_enter", args=[one.slug])) for one in CAST if one.says
    ]


@login_not_required
@require_POST
def enter(request: Request, slug: str) -> HttpResponse:
    """Sign in as one of the cast, second factor and all: in a demonstration nobody has to invent anything."""
    installation = queries.installation()
    named = next((one for one in CAST if one.slug == slug), None)
    if installation is None or not installation.demonstration or named is None:
        raise Http404
    person = get_object_or_404(Person, email=named.email)
    login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
    for method in ("password", "mfa"):
        record_authentication(request, person, method=method)
    UserSession.objects.create_from_request(request)
    return redirect("today")


urlpatterns = [path("demo/enter/<slug:slug>/", enter, name="demo_enter")]
