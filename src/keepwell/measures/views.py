"""The check-in's pages. An address names its week, so that a page left open over midnight still belongs to its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.kit.periods import Week
from keepwell.measures import actions, forms, library, queries, telling
from keepwell.measures.models import CheckIn
from keepwell.measures.rules import checkin
from keepwell.people import queries as people
from keepwell.people.actions import Refused
from keepwell.people.models import Person
from keepwell.people.viewer import Request
from keepwell.ui import toasts

View = Callable[..., HttpResponse]


def own(view: View) -> View:
    """A page of one's own, of a room that is switched on; hands over the person, and the week if the address names one."""

    @wraps(view)
    def inner(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        person = request.viewer.person
        if person is None or "measures" not in request.viewer.rooms:
            raise Http404
        if "week" in kwargs:
            kwargs["week"] = queries.week_named(person, kwargs["week"])
            if kwargs["week"] is None:
                raise Http404
        return view(request, person, *args, **kwargs)

    return inner


# ---- asking ----


@own
@require_GET
def start(request: Request, person: Person) -> HttpResponse:
    """Where one left off; the result if this week's is finished."""
    week = queries.this_week(person, request.now)
    row = queries.check_in(request.viewer, week)
    if row is not None and row.finished:
        return redirect("measures:week", week.key)
    return _onward(week, row, after=0)


def _onward(week: Week, row: CheckIn | None, after: int) -> HttpResponse:
    """The next sentence that waits; after the last, those passed over earlier; then the tags."""
    items, answers = library.items(), row.answers if row else {}
    number = checkin.first_open(items, answers, after) or checkin.first_open(items, answers)
    return redirect("measures:question", week.key, number) if number else redirect("measures:tags", week.key)


def _still_open(request: Request, person: Person, week: Week) -> HttpResponse | None:
    if actions.may_be_changed(by=person, week=week, now=request.now):
        return None
    if queries.check_in(request.viewer, week) is None:
        raise Http404
    messages.info(request, _("That week has ended, so its check-in stays as it is. Nothing you had answered is lost."))
    return redirect("measures:checkin")


@own
@require_GET
def question(request: Request, person: Person, week: Week, number: int) -> HttpResponse:
    """One sentence, five answers."""
    return _still_open(request, person, week) or _question(request, week, number)


def _question(request: Request, week: Week, number: int, wrong: str = "", status: int = 200) -> HttpResponse:
    questions = library.questions()
    if not 1 <= number <= len(questions.items):
        raise Http404
    row = queries.check_in(request.viewer, week)
    item = questions.items[number - 1]
    return render(
        request,
        "measures/question.html",
        {
            "questions": questions,
            "item": item,
            "number": number,
            "of": len(questions.items),
            "left": telling.seconds_left(number, len(questions.items)),
            "given": row.answers.get(item.slug) if row else None,
            "week": week,
            "before": number - 1,
            "wrong": wrong,
        },
        status=status,
    )


@own
@require_POST
def answer(request: Request, person: Person, week: Week, number: int) -> HttpResponse:
    items = library.items()
    if not 1 <= number <= len(items):
        raise Http404
    given = forms.one_answer(request.POST)
    if given == forms.NOTHING:
        return _question(request, week, number, _("Nothing is chosen yet. Choose one of the five, or skip this one."), 422)
    try:
        row = actions.answer(by=person, week=week, item=items[number - 1].slug, value=given, now=request.now)
    except Refused as refused:
        messages.info(request, str(refused))
        return redirect("measures:checkin")
    return _onward(week, row, after=number)


@own
@require_GET
def tags(request: Request, person: Person, week: Week) -> HttpResponse:
    """What weighed on you: optional, and the one tap to finish."""
    closed = _still_open(request, person, week)
    if closed:
        return closed
    questions = library.questions()
    row = queries.check_in(request.viewer, week)
    return render(
        request,
        "measures/tags.html",
        {
            "questions": questions,
            "week": week,
            "of": len(questions.items),
            "tapped": row.stressors if row else [],
        },
    )


@own
@require_POST
def finish(request: Request, person: Person, week: Week) -> HttpResponse:
    try:
        actions.finish(
            by=person,
            week=week,
            stressors=request.POST.getlist("tag"),
            were=request.POST.get("were", "").split(),
            now=request.now,
        )
    except Refused as refused:
        messages.info(request, str(refused))
        return redirect("measures:checkin")
    return redirect("measures:week", week.key)


# ---- the same on one page ----


@own
@require_GET
def all_of_this_week(request: Request, person: Person) -> HttpResponse:
    return redirect("measures:all", queries.this_week(person, request.now).key)


@own
@require_GET
def all_questions(request: Request, person: Person, week: Week) -> HttpResponse:
    """All nine and the tags on one page: for a slow network, for a screen reader, for correcting."""
    closed = _still_open(request, person, week)
    if closed:
        return closed
    questions = library.questions()
    row = queries.check_in(request.viewer, week)
    answers: Mapping[str, int | None] = row.answers if row else {}
    return render(
        request,
        "measures/all.html",
        {
            "questions": questions,
            "week": week,
            "asked": [
                {"item": item, "given": answers.get(item.slug), "skipped": item.slug in answers and answers[item.slug] is None}
                for item in questions.items
            ],
            "tapped": row.stressors if row else [],
            "had": json.dumps(dict(answers), separators=(",", ":")),
            "finished": bool(row and row.finished),
        },
    )


@own
@require_POST
def keep_all(request: Request, person: Person, week: Week) -> HttpResponse:
    try:
        actions.answer_all(
            by=person,
            week=week,
            answers=forms.answers(request.POST, library.items()),
            had=forms.had(request.POST),
            stressors=request.POST.getlist("tag"),
            were=request.POST.get("were", "").split(),
            now=request.now,
        )
    except Refused as refused:
        messages.info(request, str(refused))
        return redirect("measures:checkin")
    return redirect("measures:week", week.key)


# ---- the result ----


@own
@require_GET
def latest(request: Request, person: Person) -> HttpResponse:
    """The newest result; the check-in itself where there is none yet."""
    rows = queries.check_ins(request.viewer, request.now, most=1)
    if not rows:
        return redirect("measures:checkin")
    return redirect("measures:week", checkin.shown(rows[0].week, person.week_start).key)


@own
@require_GET
def week(request: Request, person: Person, week: Week) -> HttpResponse:
    """What a week came to: two charts, what it means, what may help now, whom to talk to."""
    history = queries.history(request.viewer, request.now, until=week)
    row = history.last
    if row is None or row.week != checkin.filed(week):
        if actions.may_be_changed(by=person, week=week, now=request.now):
            return redirect("measures:checkin")
        raise Http404
    today = checkin.today_of(request.now, person.zone)
    this_week = week.key == queries.this_week(person, request.now).key
    told = telling.told(row, history, this_week=this_week, today=today, week_start=person.week_start)
    return render(
        request,
        "measures/week.html",
        {
            "told": told,
            "week": week,
            "guidance": library.guidance(),
            "may_correct": actions.may_be_changed(by=person, week=week, now=request.now),
            "people": list(people.talk_to(request.viewer)),
        },
    )


@own
@require_http_methods(["GET", "POST"])
def erase(request: Request, person: Person, week: Week) -> HttpResponse:
    """Asks once, then erases this one check-in."""
    row = queries.check_in(request.viewer, week)
    if row is None:
        raise Http404
    if request.method == "POST":
        actions.erase_check_in(by=person, check_in_id=row.id, now=request.now)
        toasts.note(request, _("That check-in is erased."))
        return redirect("today")
    day = telling.day_said(week.start, checkin.today_of(request.now, person.zone))
    return render(request, "measures/erase.html", {"week": week, "day": day})


# ---- not today ----


@own
@require_POST
def later(request: Request, person: Person) -> HttpResponse:
    day = actions.later(by=person, now=request.now)
    if day is not None:
        said = telling.return_day(day, checkin.today_of(request.now, person.zone))
        toasts.note(request, _("Not today. It is here again %(day)s.") % {"day": said})
    return redirect("today")
