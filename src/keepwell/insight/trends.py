"""My trends: one's own weeks, for one's own eyes. Reads this room's neighbours below by their queries and owns no record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from keepwell.measures import library, queries, telling
from keepwell.measures.queries import History
from keepwell.measures.rules import checkin
from keepwell.people.viewer import Request
from keepwell.ui.charts import Chart

# What may be chosen: weeks back, None for everything. The first is shown when nothing is chosen.
SPANS: dict[str, tuple[object, int | None]] = {
    "12-weeks": (gettext_lazy("12 weeks"), 12),
    "6-months": (gettext_lazy("6 months"), 26),
    "all": (gettext_lazy("Everything"), None),
}
DEFAULT = "12-weeks"


@dataclass(frozen=True)
class Tagged:
    """How many of the check-ins shown carry a tag."""

    label: str
    times: int


@require_GET
def trends(request: Request) -> HttpResponse:
    """Two strains on the same axis, two quieter lines, what weighed; each with its table and its sentence."""
    person = request.viewer.person
    if person is None or "measures" not in request.viewer.rooms:
        raise Http404
    words = library.guidance().trends
    history = _history(request)
    if not history.rows:
        return render(request, "insight/trends_none.html", {"words": words})
    asked = request.GET.get("span", DEFAULT)
    chosen = asked if asked in SPANS else DEFAULT
    last = SPANS[chosen][1]
    today = checkin.today_of(request.now, person.zone)
    this_week = checkin.filed(queries.this_week(person, request.now))
    shown = set(history.weeks[-last:] if last else history.weeks)
    rows = [row for row in history.rows if row.week in shown]
    labels = library.questions().stressors
    return render(
        request,
        "insight/trends.html",
        {
            "words": words,
            "early": all(history.reading(construct).range is None for construct in checkin.STRAINS),
            "spans": [(slug, label, slug == chosen) for slug, (label, _weeks) in SPANS.items()],
            "strains": [
                telling.strain_chart(
                    history,
                    construct,
                    last=last,
                    say=telling.latest_said(
                        history, construct, this_week=this_week, today=today, week_start=person.week_start
                    ),
                    week_start=person.week_start,
                )
                for construct in checkin.STRAINS
            ],
            "others": _others(history, last, request),
            "tagged": [Tagged(labels[slug].label if slug in labels else slug, n) for slug, n in queries.tags(rows)],
            "count": len(rows),
            "weeks": [
                (week, telling.day_said(week.start, today))
                for week in (checkin.shown(row.week, person.week_start) for row in reversed(rows))
            ],
        },
    )


def _history(request: Request) -> History:
    """Up to this week if it is answered, else up to the last one: a week that is not over yet is no gap."""
    history = queries.history(request.viewer, request.now)
    if history.last is not None and history.last.week < history.until:
        return History(history.rows, max(history.last.week, history.until - timedelta(weeks=1)))
    return history


def _others(history: History, last: int | None, request: Request) -> list[Chart]:
    person = request.viewer.person
    assert person is not None  # nosec B101
    today = checkin.today_of(request.now, person.zone)
    return [
        telling.quiet_chart(history, construct, last=last, today=today, week_start=person.week_start)
        for construct in (checkin.PRESENCE, checkin.STRENGTHS)
    ]

