"""The pages of this room. One address, one deed."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.notify import actions, catalogue, queries
from keepwell.notify.forms import AwayForm, HoursForm
from keepwell.people.actions import Refused
from keepwell.people.models import Person
from keepwell.people.viewer import Request
from keepwell.ui import toasts


def _one(request: Request) -> Person:
    """Whose pages these are; the doors let nobody in who is not signed in."""
    person = request.viewer.person
    assert person is not None  # noqa: S101  # the middleware has asked for signing in
    return person


# ---- notes ----


@require_GET
def notes(request: Request) -> HttpResponse:
    found = queries.notes(request.viewer, request.now)
    return render(
        request, "notify/notes.html", {"notes": found, "unread": sum(1 for note in found if note.read_at is None)}
    )


@require_POST
def read_all(request: Request) -> HttpResponse:
    actions.read_notes(by=_one(request), now=request.now)
    return redirect("notify:notes")


@require_POST
def open_note(request: Request, note_id: UUID) -> HttpResponse:
    """Marks the note as read and goes where it leads."""
    note = queries.note(request.viewer, note_id)
    if note is None:
        raise Http404
    actions.read_notes(by=_one(request), note_ids=[note.id], now=request.now)
    leads = note.path if url_has_allowed_host_and_scheme(note.path, allowed_hosts=None) else ""
    return redirect(leads or "notify:notes")


# ---- hours ----


@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: Request) -> HttpResponse:
    person = _one(request)
    row = queries.hours_of(person)
    form = HoursForm(request.POST or None, hours=row, week_start=person.week_start)
    if request.method == "POST" and form.is_valid():
        actions.set_hours(by=person, now=request.now, **form.answers())
        toasts.note(request, _("Kept. The line above says when the next reminder could reach you."))
        return redirect("notify:hours")
    return _hours_page(request, form, AwayForm())


def _hours_page(request: Request, form: HoursForm, away_form: AwayForm) -> HttpResponse:
    context = {
        "form": form,
        "away_form": away_form,
        "away": queries.away(request.viewer, request.now),
        "next": queries.next_reminder(request.viewer, request.now),
        "by_email": queries.hours_of(_one(request)).by_email,
        "zone": _one(request).zone.replace("_", " "),
    }
    bad = form.is_bound or away_form.is_bound
    return render(request, "notify/hours.html", context, status=422 if bad else 200)


@require_POST
def go_away(request: Request) -> HttpResponse:
    person = _one(request)
    form = AwayForm(request.POST)
    if form.is_valid():
        try:
            actions.go_away(
                by=person, first=form.cleaned_data["first"], last=form.cleaned_data["last"], now=request.now
            )
        except Refused as refused:
            form.add_error("last", str(refused))
        else:
            toasts.note(request, _("Nothing will reach you on those days."))
            return redirect("notify:hours")
    return _hours_page(request, HoursForm(hours=queries.hours_of(person), week_start=person.week_start), form)


@require_POST
def come_back(request: Request, hold_id: UUID) -> HttpResponse:
    actions.come_back(by=_one(request), hold_id=hold_id, now=request.now)
    return redirect("notify:hours")


# ---- every message Keepwell can send ----


@require_GET
def messages(request: Request) -> HttpResponse:
    shown = queries.messages(request.viewer, get_language() or "en")
    context = {
        "reminders": [one for one in shown if one.entry.lane == catalogue.REMINDER],
        "others": [one for one in shown if one.entry.lane != catalogue.REMINDER],
        "hours": queries.hours_of(_one(request)),
    }
    return render(request, "notify/catalogue.html", context)


@require_POST
def switch_on(request: Request, kind: str) -> HttpResponse:
    return _switch(request, kind, on=True)


@require_POST
def switch_off(request: Request, kind: str) -> HttpResponse:
    return _switch(request, kind, on=False)


def _switch(request: Request, kind: str, *, on: bool) -> HttpResponse:
    if kind not in catalogue.OPTIONAL:
        raise Http404
    actions.switch_message(by=_one(request), kind=kind, on=on, now=request.now)
    return redirect("notify:catalogue")


# ---- the post ----


@require_GET
def post(request: Request) -> HttpResponse:
    state = queries.post_state(request.viewer, request.now)
    if state is None:
        raise Http404
    return render(request, "notify/post.html", {"post": state})


@require_POST
def test_post(request: Request) -> HttpResponse:
    if queries.post_state(request.viewer, request.now) is None:
        raise Http404
    actions.test_post(by=request.viewer, now=request.now)
    return redirect("notify:email_test")
