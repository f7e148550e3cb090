"""Numbers into words and charts. What a result says, in the reader's language; where nothing is judged and nothing praised.

Two strains, two charts, the same axis. A sentence stands beside each, the usual range from the eighth week on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from keepwell.measures import library
from keepwell.measures.library import Thing
from keepwell.measures.models import CheckIn
from keepwell.measures.queries import History
from keepwell.measures.rules import checkin
from keepwell.measures.rules.baseline import Range, Reading
from keepwell.measures.rules.checkin import ABOVE, BELOW, BURNOUT, EARLY, FATIGUE, MISSING, RISING, STRAINS, WITHIN
from keepwell.ui.charts import Chart, Kind, Point

RESULT_WEEKS = 13
KINDS: dict[str, Kind] = {BURNOUT: "burn", FATIGUE: "cf"}

# Where the rows of "what may help now" lead. People to talk to stand on the result itself.
HERE = {"people:talk_to": "#people", "measures:trends": "insight:trends"}


# ---- dates ----


def day_said(day: date, today: date) -> str:
    """23 November; with the year when it is another one."""
    pattern = pgettext("date pattern: 23 November", "j F")
    return date_format(day, pattern if day.year == today.year else "DATE_FORMAT")


def day_short(day: date, long: bool = False) -> str:
    """23 Nov; with the year where the axis is longer than one."""
    return _short(day, long, get_language())


@lru_cache(maxsize=1024)
def _short(day: date, long: bool, _language: str | None) -> str:
    """The same few dates stand under every chart of everybody."""
    if long:
        return date_format(day, pgettext("date pattern: 23 Nov 2026", "j M Y"))
    return date_format(day, pgettext("date pattern: 25 Nov", "j M"))


@lru_cache(maxsize=1024)
def _month(day: date, _language: str | None) -> str:
    return date_format(day, pgettext("date pattern: Nov 26", "M y"))


def month_short(day: date) -> str:
    return _month(day, get_language())


# ---- one strain in one sentence ----


def whole(usual: Range) -> tuple[int, int]:
    """The range in whole numbers, such that a score is inside the one exactly when it is inside the other."""
    low, high = math.ceil(usual.low), math.floor(usual.high)
    return (low, high) if low <= high else (round(usual.centre), round(usual.centre))


def strain_said(readings: Sequence[Reading], weeks: Sequence[date], *, when: str, today: date, week_start: int) -> str:
    """What, against the person's own usual, for how long. ``when`` is "this week" or the week's name."""
    if not readings or readings[-1].value is None:
        return _("Not enough answers %(when)s for a score.") % {"when": when}
    reading = readings[-1]
    said: dict[str, object] = {"value": f"{reading.value:.0f}", "when": when}
    if reading.range is None or reading.place is None:
        left = reading.still_needed
        said["left"] = left
        return ngettext(
            "%(value)s %(when)s. After %(left)s more week your usual range shows here.",
            "%(value)s %(when)s. After %(left)s more weeks your usual range shows here.",
            left,
        ) % said
    said["low"], said["high"] = whole(reading.range)
    if reading.place == "within":
        sentence = _("%(value)s %(when)s, inside your usual %(low)s to %(high)s.") % said
    elif reading.place == "below":
        sentence = _("%(value)s %(when)s, below your usual %(low)s to %(high)s.") % said
    else:
        before = checkin.weeks_above(readings) - 1
        said["before"] = before
        sentence = (
            ngettext(
                "%(value)s %(when)s, above your usual %(low)s to %(high)s, as in the check-in before it.",
                "%(value)s %(when)s, above your usual %(low)s to %(high)s, as in the %(before)s check-ins before it.",
                before,
            )
            if before
            else _("%(value)s %(when)s, above your usual %(low)s to %(high)s.")
        ) % said
    alarm = reading.alarm
    if alarm is not None and not said.get("before"):  # what the chart plainly shows is not said twice
        since = {"since": day_said(checkin.shown(weeks[alarm.since], week_start).start, today)}
        sentence += " " + (
            _("It has been higher than usual for you since about %(since)s.") % since
            if alarm.direction == "higher"
            else _("It has been lower than usual for you since about %(since)s.") % since
        )
    return sentence


def latest_said(history: History, construct: str, *, this_week: date, today: date, week_start: int) -> str:
    """The same of the newest week that has a score, whichever that is."""
    readings, weeks = history.readings[construct], history.weeks
    newest = max((n for n, reading in enumerate(readings) if reading.value is not None), default=None)
    if newest is None:
        return _("No scores yet.")
    start = day_said(checkin.shown(weeks[newest], week_start).start, today)
    when = _("this week") if weeks[newest] == this_week else _("in the week of %(day)s") % {"day": start}
    return strain_said(readings[: newest + 1], weeks, when=when, today=today, week_start=week_start)


def shape_said(values: Sequence[float | None]) -> str:
    """What the line looks like, for somebody who hears the chart."""
    given = [value for value in values if value is not None]
    if not given:
        return _("No scores yet.")
    said = {"low": f"{min(given):.0f}", "high": f"{max(given):.0f}", "weeks": len(given)}
    text = ngettext(
        "One weekly score: %(high)s, on a scale from 0 to 100.",
        "%(weeks)s weekly scores between %(low)s and %(high)s, on a scale from 0 to 100.",
        len(given),
    ) % said
    gaps = len(values) - len(given)
    if gaps:
        text += " " + ngettext("%(gaps)s week without one.", "%(gaps)s weeks without one.", gaps) % {"gaps": gaps}
    return text


def title_of(construct: str) -> str:
    return {
        BURNOUT: _("Burnout"),
        FATIGUE: _("Compassion fatigue"),
        checkin.STRENGTHS: _("Using what you are good at"),
        checkin.PRESENCE: _("Being present"),
    }[construct]


# ---- charts ----


def points(
    weeks: Sequence[date], values: Sequence[float | None], rows: Sequence[CheckIn], week_start: int
) -> tuple[Point, ...]:
    there = {row.week for row in rows}
    long = len(weeks) > 53
    starts = [checkin.shown(week, week_start).start for week in weeks]
    return tuple(
        Point(
            day_short(start, long),
            value,
            note=_("not enough answers") if value is None and week in there else "",
            tick=month_short(start) if long else "",
        )
        for week, start, value in zip(weeks, starts, values, strict=True)
    )


def strain_chart(history: History, construct: str, *, last: int | None, say: str, week_start: int) -> Chart:
    """One strain over the last ``last`` weeks (None: all of them), with its sentence."""
    weeks, values = history.weeks, history.values(construct)
    start = max(0, len(weeks) - last) if last else 0
    reading = history.reading(construct)
    return Chart(
        kind=KINDS[construct],
        title=title_of(construct),
        say=say,
        points=points(weeks[start:], values[start:], history.rows, week_start),
        description=shape_said(values[start:]),
        usual=whole(reading.range) if reading.range else None,
        key=construct,
    )


def quiet_chart(history: History, construct: str, *, last: int | None, today: date, week_start: int) -> Chart:
    """One of the two lines that are no strain: more is more, and no range is drawn."""
    weeks, values = history.weeks, history.values(construct)
    start = max(0, len(weeks) - last) if last else 0
    given = [(week, value) for week, value in zip(weeks, values, strict=True) if value is not None]
    say = _("No answers yet.")
    if given:
        newest = checkin.shown(given[-1][0], week_start).start
        say = _("%(value)s in the week of %(day)s.") % {"value": given[-1][1], "day": day_said(newest, today)}
    return Chart(
        kind="plain",
        title=title_of(construct),
        say=say,
        points=points(weeks[start:], values[start:], history.rows, week_start),
        description=shape_said(values[start:]),
        key=construct,
    )


# ---- a result ----


@dataclass(frozen=True)
class Proposal:
    """One thing that may help now, with where it is done and what the button there says."""

    thing: Thing
    link: str  # a URL name, an anchor of the page, or nothing
    go: str
    icon: str


@dataclass(frozen=True)
class Told:
    """A result in words: never a number by itself."""

    kicker: str
    heading: str
    charts: tuple[Chart, ...]
    means: tuple[str, ...]
    means_not: tuple[str, ...]
    load_tags: str  # the tagged stressors that are a matter of load, as the person tapped them
    now: tuple[Proposal, ...]
    tagged: tuple[Thing, ...]  # one suggestion for each of the other tags
    memories: bool  # compassion fatigue is among it: own memories may come back


def told(row: CheckIn, history: History, *, this_week: bool, today: date, week_start: int) -> Told:
    """The result of one week, with everything before it."""
    guidance = library.guidance()
    standing = {construct: checkin.standing(history.reading(construct)) for construct in STRAINS}
    slug = checkin.pattern(standing[BURNOUT], standing[FATIGUE])
    pattern = guidance.patterns[slug]
    start = checkin.shown(row.week, week_start).start
    week = day_said(start, today)
    fill = {
        "{week}": week,
        "{count}": str(len(history.rows)),
        "{left}": str(checkin.still_needed(history.reading(BURNOUT), history.reading(FATIGUE))),
    }
    kicker, heading = checkin.kicker_and_heading(_heading(standing[BURNOUT], standing[FATIGUE], pattern, guidance))
    missing = MISSING in standing.values()
    means = [*([guidance.not_enough["text"]] if missing else []), *([] if missing and slug == "neither" else pattern.means)]
    load = [guidance.stressors[s] for s in row.stressors if s in guidance.stressors and guidance.stressors[s].load]
    every = {thing.slug: thing for thing in (*load, *pattern.things)}
    chosen = checkin.first_things(
        [thing.slug for thing in load], [thing.slug for thing in pattern.things], load_first=pattern.load_first
    )
    labels = library.questions().stressors
    led = bool(load) and pattern.load_first
    when = _("this week") if this_week else _("in that week")
    return Told(
        kicker=_filled(kicker, fill) or _("Week of %(week)s") % {"week": week},
        heading=_filled(heading, fill),
        charts=tuple(
            strain_chart(
                history,
                construct,
                last=RESULT_WEEKS,
                say=strain_said(
                    history.readings[construct], history.weeks, when=when, today=today, week_start=week_start
                ),
                week_start=week_start,
            )
            for construct in STRAINS
        ),
        means=tuple(_filled(text, fill) for text in means),
        means_not=tuple(_filled(text, fill) for text in pattern.means_not),
        load_tags=", ".join(labels[thing.slug].label for thing in load if thing.slug in labels) if led else "",
        now=tuple(_proposal(every[one]) for one in chosen),
        tagged=tuple(
            guidance.stressors[s] for s in row.stressors if s in guidance.stressors and s not in chosen
        ),
        memories=slug in (FATIGUE, "both"),
    )


def _heading(burnout: str, fatigue: str, pattern: library.Pattern, guidance: library.Guidance) -> str:
    name = checkin.authored_heading(burnout, fatigue)
    if name and name in pattern.headings:
        return pattern.headings[name]
    if burnout == fatigue == MISSING:
        return _("Both scores are missing, because some sentences were left out.")
    if MISSING in (burnout, fatigue) and not {ABOVE, RISING} & {burnout, fatigue}:
        return guidance.not_enough["heading"]
    return f"{_burnout_said()[burnout]} {_fatigue_said()[fatigue]}"


def _burnout_said() -> dict[str, str]:
    return {
        ABOVE: _("Burnout is higher than your usual range."),
        RISING: _("Burnout has been higher than usual for you for some weeks."),
        WITHIN: _("Burnout is where it usually is."),
        BELOW: _("Burnout is lower than your usual range."),
        EARLY: _("For burnout it is too early to say."),
        MISSING: _("There is no score for burnout."),
    }


def _fatigue_said() -> dict[str, str]:
    return {
        ABOVE: _("Compassion fatigue is higher than your usual range."),
        RISING: _("Compassion fatigue has been higher than usual for you for some weeks."),
        WITHIN: _("Compassion fatigue is where it usually is."),
        BELOW: _("Compassion fatigue is lower than your usual range."),
        EARLY: _("For compassion fatigue it is too early to say."),
        MISSING: _("There is no score for compassion fatigue."),
    }


def _filled(text: str, fill: dict[str, str]) -> str:
    for name, value in fill.items():
        text = text.replace(name, value)
    return text


def _proposal(thing: Thing) -> Proposal:
    link = HERE.get(thing.link, thing.link)
    go, icon = {
        "#people": (_("People to talk to"), "talk"),
        "help": (_("Help now"), "help"),
        "plans:plan": (_("My plan"), "care"),
        "plans:commitment": (_("Choose one small thing"), "leaf"),
        "plans:emergency": (_("My hard-day page"), "d-me"),
        "insight:trends": (_("My trends"), "today"),
    }.get(link, (_("Open"), "leaf"))
    return Proposal(thing, link, go, icon)


def seconds_left(here: int, of: int) -> str:
    """How long the rest takes, for somebody who hears the page."""
    seconds = (of - here + 1) * 5
    return _("about %(seconds)s seconds left") % {"seconds": seconds}


def return_day(day: date, today: date) -> str:
    return _("tomorrow") if day == today + timedelta(days=1) else day_said(day, today)
