"""Which places of the house a person sees in the navigation, and which one they are in.

A place appears only when it has a page for this viewer: their responsibilities and their agency's rooms decide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from keepwell.people import policy
from keepwell.people.viewer import Request, Viewer


@dataclass(frozen=True)
class Place:
    slug: str
    label: str
    url: str
    current: bool


def places(viewer: Viewer, path: str) -> list[Place]:
    """The places of this viewer, in the order of the bar."""
    if viewer.person is None:
        return []
    shown: list[tuple[str, str, str, tuple[str, ...]]] = [("today", _("Today"), reverse("today"), ("/notes",))]
    if "plans" in viewer.rooms:
        shown.append(("care", _("My care"), reverse("plans:plan"), ("/plan", "/check-in", "/trends")))
    elif "measures" in viewer.rooms:
        shown.append(("care", _("My care"), reverse("insight:trends"), ("/check-in", "/trends")))
    if policy.may_see_people(viewer) or policy.may_look_after_server(viewer):
        shown.append(("agency", _("Agency"), reverse("agency"), ("/agency", "/setup")))
    return [
        Place(slug, label, url, path == url or path.startswith(within)) for slug, label, url, within in shown
    ]


class Places:
    """Sets ``request.places``, worked out only when a page draws the navigation."""

    def __init__(self, answer: Callable[[Request], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: Request) -> HttpResponse:
        request.places = SimpleLazyObject(lambda: places(request.viewer, request.path))  # type: ignore[attr-defined]  # read by ui's frame
        return self.answer(request)
