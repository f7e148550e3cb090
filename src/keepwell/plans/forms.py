"""The forms of this room. Every limit is told in a sentence, and what was typed stays in the field."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core import validators
from django.forms.boundfield import BoundWidget
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from keepwell.kit.periods import Week, local_date, local_instant
from keepwell.people.models import Person
from keepwell.plans import library, queries
from keepwell.plans.models import Commitment, Emergency, Entry
from keepwell.plans.rules import dates, parts

OWN = "own"
SHOWN = 8  # lines of a plan to choose from before the rest is folded


class Words(forms.CharField):
    """Free text with a limit that is said kindly. Line ends are counted once, as they are kept."""

    def __init__(self, *, most: int, rows: int = 3, hint: bool = True, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        attrs = {"rows": rows, "dir": "auto", **({"data-hint": ""} if hint else {})}
        super().__init__(widget=forms.Textarea(attrs=attrs), strip=False, **kwargs)
        self.most = most

    def to_python(self, value: Any) -> str:
        return parts.tidy(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.most:
            over = len(value) - self.most
            raise forms.ValidationError(
                ngettext(
                    "This is %(over)d character longer than fits here. Shorten it a little, or make it two.",
                    "This is %(over)d characters longer than fits here. Shorten it a little, or make it two.",
                    over,
                )
                % {"over": over}
            )


class Short(forms.CharField):
    """One short line. The browser does not cut it off silently; a sentence says what is too long."""

    def __init__(self, *, most: int, **attrs: str) -> None:
        label, help_text = attrs.pop("label", ""), attrs.pop("help_text", "")
        widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
        super().__init__(required=False, label=label, help_text=help_text, widget=widget)
        self.validators = [validators.ProhibitNullCharactersValidator(), _AtMost(most)]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class _AtMost(validators.MaxLengthValidator):
    message = gettext_lazy("This is longer than fits here. Shorten it a little; nothing is lost.")


def _domain_field(required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Which of the four is it closest to?"),
        required=required,
        widget=forms.RadioSelect,
        choices=[(slug, one.label) for slug, one in library.words().domains.items()],
    )


class EntryForm(forms.Form):
    """One line of one part. ``id`` is made with the form, so that sending it twice writes it once."""

    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, part: str, entry: Entry | None = None, must: bool = False, **kwargs: Any
    ) -> None:
        initial = kwargs.pop("initial", {})
        if entry is not None:
            initial = {"words": entry.words, "domain": entry.domain, "version": entry.version, **initial}
        else:
            initial = {"id": uuid.uuid4(), **initial}
        super().__init__(data, initial=initial, **kwargs)
        self.part, self.must = part, must
        self.fields["words"] = Words(most=parts.LONGEST_ENTRY, label=library.words().parts[part].question)
        if part in parts.ACTIVITIES:
            self.fields["domain"] = _domain_field()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        if self.must and not said["words"]:
            self.add_error("words", _("Write a line first, or go on without one."))
        elif said["words"] and self.part in parts.ACTIVITIES and not said["domain"]:
            self.add_error("domain", _("Choose one of the four. Close enough is fine."))
        return said

    @property
    def says_something(self) -> bool:
        return bool(self.cleaned_data["words"])


class EmergencyForm(forms.Form):
    """One part of the emergency plan; for "whom I call" also names and numbers, which may be anybody who agreed."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, part: str, emergency: Emergency | None, initial: Mapping[str, Any] | None = None
    ) -> None:
        calling = part == parts.CALL
        people = emergency.people if emergency and calling else []
        start: dict[str, Any] = {
            "words": emergency.words(part) if emergency else "",
            "version": emergency.version(part) if emergency else 0,
        }
        for n, one in enumerate(people):
            start |= {f"name_{n}": one["name"], f"phone_{n}": one["phone"]}
        super().__init__(data, initial={**start, **(initial or {})})
        self.part = part
        # Numbers of one's own people belong here, so nothing in the browser looks for them.
        label = _("Anything else to know") if calling else library.words().parts[part].question
        if calling:
            shown = min(max(len(people) + 1, 3), parts.MOST_PEOPLE)
            for n in range(shown):
                self.fields[f"name_{n}"] = Short(most=parts.LONGEST_NAME, label=_("Name"), dir="auto")
                self.fields[f"phone_{n}"] = Short(
                    most=parts.LONGEST_PHONE, label=_("Number"), inputmode="tel", dir="ltr"
                )
            self.shown = shown
        self.fields["words"] = Words(most=parts.LONGEST_TEXT, rows=4, hint=not calling, label=label)

    def rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Name and number, row by row."""
        for n in range(getattr(self, "shown", 0)):
            yield self[f"name_{n}"], self[f"phone_{n}"]

    @property
    def people(self) -> list[dict[str, str]]:
        said = self.cleaned_data
        shown = range(getattr(self, "shown", 0))
        return [
            {"name": said[f"name_{n}"], "phone": said[f"phone_{n}"]}
            for n in shown
            if said[f"name_{n}"] or said[f"phone_{n}"]
        ]


def _date_input(**attrs: Any) -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "w-short", **attrs})


class ReviewForm(forms.Form):
    """When to look at the plan again: three easy answers, or a day of one's own."""

    SPANS = (4, 8, 13)

    def __init__(self, data: Any = None, *, today: date, review_on: date | None = None) -> None:
        self.today = today
        days = [today + timedelta(weeks=weeks) for weeks in self.SPANS]
        chosen = review_on if review_on and review_on > today else days[0]
        span = next((day.isoformat() for day in days if day == chosen), OWN)
        super().__init__(data, initial={"span": span, "own": chosen if span == OWN else None})
        choices = [
            (
                day.isoformat(),
                ngettext("In %(n)d week, %(day)s", "In %(n)d weeks, %(day)s", weeks) % {"n": weeks, "day": _day(day)},
            )
            for weeks, day in zip(self.SPANS, days, strict=True)
        ]
        self.fields["span"] = forms.ChoiceField(
            label=library.words().review["question"],
            widget=forms.RadioSelect,
            choices=[*choices, (OWN, _("Another day"))],
        )
        last = today + dates.REVIEW_AT_MOST
        self.fields["own"] = forms.DateField(
            label=_("Which day"),
            required=False,
            widget=_date_input(min=(today + timedelta(days=1)).isoformat(), max=last.isoformat()),
            error_messages={"invalid": gettext_lazy("That day could not be read. Write it like 2026-12-21.")},
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "span" not in said or "own" not in said:
            return said
        if said["span"] != OWN:
            said["review_on"] = date.fromisoformat(said["span"])
        elif said["own"] is None:
            self.add_error("own", _("Choose a day."))
        elif not dates.review_fits(said["own"], self.today):
            self.add_error("own", _("Choose a day that is still to come, within a year. Nothing is lost."))
        else:
            said["review_on"] = said["own"]
        return said


def _day(day: date) -> str:
    return date_format(day, pgettext("date pattern: Wednesday 25 November", "l j F"))


class CommitmentForm(forms.Form):
    """The week's one thing: from the plan or in one's own words; a day, what it comes after, and a reminder, each optional."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    week = forms.CharField(required=False, max_length=8, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        person: Person,
        week: Week,
        activities: Sequence[Entry],
        row: Commitment | None,
        now: datetime,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.person, self.now, self.the_week = person, now, week
        self.activities = {str(one.id): one for one in activities}
        start: dict[str, Any] = {"version": row.version if row else 0, "week": week.key}
        if row and row.words:
            listed = row.entry in self.activities and self.activities[row.entry].words == row.words
            start |= {"what": row.entry if listed else OWN, "own": "" if listed else row.words}
            start |= {"day": row.day, "after": row.after, "remind": row.remind}
        super().__init__(data, initial={**start, **(initial or {})})
        words = library.words().commitment
        choices = [(key, one.words) for key, one in self.activities.items()]
        self.fields["what"] = forms.ChoiceField(
            label=words["what"],
            help_text=words["what_hint"],
            required=False,
            widget=forms.RadioSelect,
            choices=[*choices, (OWN, _("Something else, in my own words"))],
            error_messages={
                "invalid_choice": gettext_lazy(
                    "That line is no longer in your plan. Choose another, or write your own."
                )
            },
        )
        self.fields["own"] = Words(
            most=parts.LONGEST_ENTRY, rows=2, label=_("In my own words") if choices else words["what"]
        )
        today = local_date(now, person.zone)
        self.fields["day"] = forms.ChoiceField(
            label=words["when"],
            help_text=words["when_hint"],
            required=False,
            widget=forms.RadioSelect,
            choices=[
                ("", _("Any day")),
                *((day.isoformat(), _weekday(day, today)) for day in week.days() if day >= today),
            ],
            error_messages={
                "invalid_choice": gettext_lazy("That day is no longer ahead. Choose another; the rest is still here.")
            },
        )
        self.fields["after"] = Short(
            most=120,
            label=_("After what"),
            help_text=_("Such as: after the last visit"),
            dir="auto",
            **{"data-hint": ""},
        )
        self.fields["remind"] = forms.TimeField(
            label=words["reminder"],
            help_text=words["reminder_hint"],
            required=False,
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "w-short"}),
            error_messages={"invalid": gettext_lazy("That time could not be read. Write it like 18:30.")},
        )

    @property
    def first_choices(self) -> list[BoundWidget]:
        """The lines of the plan shown at once; the rest is folded."""
        return list(self["what"])[:-1][:SHOWN]

    @property
    def more_choices(self) -> list[BoundWidget]:
        return list(self["what"])[:-1][SHOWN:]

    @property
    def more_is_chosen(self) -> bool:
        return str(self["what"].value() or "") in list(self.activities)[SHOWN:]

    @property
    def has_more(self) -> bool:
        """Whether the folded part says something, or has a fault to show."""
        folded = ("after", "remind")
        return any(self[name].value() or self[name].errors for name in folded)

    @property
    def own_choice(self) -> BoundWidget:
        return list(self["what"])[-1]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        what, own, day, remind = said["what"] or (OWN if said["own"] else ""), said["own"], said["day"], said["remind"]
        entry = self.activities.get(what)
        said["words"] = entry.words if entry else own
        said["entry"], said["domain"] = (entry.id, entry.domain) if entry else (None, "")
        said["on"] = date.fromisoformat(day) if day else None
        if not what:
            self.add_error("what", _("Choose something, or write your own."))
        elif what == OWN and not own:
            self.add_error("own", _("Write a few words, or choose something from your plan."))
        if said["week"] and said["week"] != self.the_week.key:
            self.add_error("day", _("A new week has begun meanwhile. Look at the day again; the rest is still here."))
            hand_on(self, week=self.the_week.key)
        elif remind is not None:
            self._clean_reminder(said["on"], remind)
        return said

    def _clean_reminder(self, day: date | None, at: time) -> None:
        if day is None:
            self.add_error("day", _("Choose the day of the reminder."))
            return
        instant = local_instant(day, at, self.person.zone)
        if instant <= self.now:
            self.add_error("remind", _("That time has passed. Choose a later one."))
            return
        possible = queries.next_reminder(self.person, instant)
        if possible != instant:
            self.add_error("remind", _closed(possible))


def _closed(possible: datetime | None) -> str:
    if possible is None:
        return _(
            "In your hours every day is a day off, so nothing is sent. Leave the reminder empty, or change your hours."
        )
    here = timezone.localtime(possible)
    return _(
        "Nothing is sent then: it lies in your quiet hours, on a day off or in a leave. The next moment is %(day)s, %(time)s."
    ) % {"day": _day(here.date()), "time": date_format(here, "TIME_FORMAT")}


def _weekday(day: date, today: date) -> str:
    if day == today:
        return _("Today")
    return str(capfirst(date_format(day, "l")))


class PauseForm(forms.Form):
    last = forms.DateField(
        label=gettext_lazy("Away until"),
        help_text=gettext_lazy("The last day you are away. Nothing is sent until then."),
        error_messages={
            "required": gettext_lazy("Choose the last day you are away."),
            "invalid": gettext_lazy("That day could not be read. Write it like 2026-12-21."),
        },
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, auto_id="pause_%s")
        self.today = today
        self.fields["last"].widget = _date_input(min=today.isoformat(), max=(today + dates.LEAVE_AT_MOST).isoformat())

    def clean_last(self) -> date:
        last: date = self.cleaned_data["last"]
        if not dates.leave_fits(self.today, last):
            raise forms.ValidationError(_("Choose a last day from today on, within half a year. Nothing is lost."))
        return last


def hand_on(form: forms.Form, **hidden: object) -> None:
    """New values for the hidden fields of a form that is shown again; what was typed stays."""
    data = QueryDict(mutable=True)
    for name in form.data:
        data.setlist(name, [form.data[name]])
    for name, value in hidden.items():
        data[name] = str(value)
    form.data = data


def with_example(typed: str, examples: Iterable[str], which: str) -> str:
    """What stands in the field after an example was tapped: what was typed, and the example below it."""
    chosen = dict(enumerate(examples)).get(int(which)) if which.isascii() and which.isdigit() else None
    typed = parts.tidy(typed)
    if chosen is None or chosen in typed:
        return typed
    return f"{typed}\n{chosen}" if typed else chosen
