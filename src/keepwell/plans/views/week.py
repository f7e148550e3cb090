"""This week's one thing, how it went, and a pause for leave."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from keepwell.people.viewer import Request
from keepwell.plans import actions, forms, library, queries
from keepwell.plans.rules import answers
from keepwell.plans.views.here import back, mine, today_of
from keepwell.ui import toasts


@require_http_methods(["GET", "POST"])
def commitment(request: Request) -> HttpResponse:
    """This week's one thing: choose it, or see it. A POST chooses."""
    person = mine(request)
    page = queries.week_page(request.viewer, request.now)
    whole = queries.whole_plan(request.viewer, request.now)
    row, stands = page.commitment, None
    start = {"what": request.GET["entry"]} if "entry" in request.GET else None
    form = forms.CommitmentForm(
        request.POST if request.method == "POST" else None,
        person=person,
        week=page.week,
        activities=whole.activities,
        row=row,
        now=request.now,
        initial=start,
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.choose(
                by=person,
                week=page.week,
                words=said["words"],
                domain=said["domain"],
                entry=said["entry"],
                day=said["on"],
                after=said["after"],
                remind=said["remind"],
                version=said["version"] or 0,
                now=request.now,
            )
        except actions.Changed as changed:
            stands = changed.stands
            forms.hand_on(form, version=stands.version)
        else:
            toasts.note(request, _("Noted for this week."))
            return redirect("plans:commitment")
    choosing = request.method == "POST" or row is None or not row.words or "change" in request.GET or start is not None
    return render(
        request,
        "plans/week.html",
        {
            "page": page,
            "row": row,
            "when": actions.when_said(row.day, row.after) if row and row.words else "",
            "form": form,
            "stands": stands,
            "choosing": choosing,
            "words": library.words(),
            "states": _states(),
            "past": [{"week": week, "row": one, "state": _states()[one.state]} for week, one in page.past],
            "pause_form": forms.PauseForm(today=today_of(request, person)),
        },
    )


def _states() -> dict[str, str]:
    return {
        answers.CHOSEN: _("Chosen"),
        answers.DONE: _("Done"),
        answers.PARTLY: _("Partly"),
        answers.NOT_THIS_WEEK: _("Not this week"),
        answers.PAUSED: pgettext("a week", "Away"),
    }


@require_POST
def answer(request: Request) -> HttpResponse:
    """How it went; from Today's card or the page of the week. The three answers weigh the same."""
    person = mine(request)
    week, state = request.POST.get("week", ""), request.POST.get("state", "")
    if state not in answers.ANSWERS:
        raise Http404
    try:
        actions.answer(by=person, week_key=week, state=state, now=request.now)
    except actions.Refused as refused:
        toasts.note(request, str(refused))
    else:
        toasts.note(request, _("Noted for this week."), undo=reverse("plans:unanswer", args=[week]))
    return back(request, reverse("plans:commitment"))


@require_POST
def unanswer(request: Request, week: str) -> HttpResponse:
    """Takes an answer back: the week is as it was chosen."""
    try:
        actions.answer(by=mine(request), week_key=week, state=answers.CHOSEN, now=request.now)
    except actions.Refused as refused:
        toasts.note(request, str(refused))
    return redirect("plans:commitment")


@require_http_methods(["GET", "POST"])
def pause(request: Request) -> HttpResponse:
    person = mine(request)
    form = forms.PauseForm(request.POST if request.method == "POST" else None, today=today_of(request, person))
    if request.method == "POST" and form.is_valid():
        actions.pause(by=person, last=form.cleaned_data["last"], now=request.now)
        toasts.note(request, _("Paused. It is here when you are back."), undo=reverse("plans:come_back"))
        return redirect("plans:commitment")
    away = queries.week_page(request.viewer, request.now).away
    return render(request, "plans/pause.html", {"form": form, "away": away, "words": library.words()})


@require_POST
def come_back(request: Request) -> HttpResponse:
    actions.come_back(by=mine(request), now=request.now)
    return redirect("plans:commitment")
