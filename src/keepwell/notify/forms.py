"""The form of a person's hours, and the one for being away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from keepwell.notify.catalogue import Words
from keepwell.notify.models import Hours


class _Clock(forms.TimeField):
    def __init__(self, label: Words) -> None:
        widget = forms.TimeInput(attrs={"type": "time", "class": "w-short"}, format="%H:%M")
        super().__init__(label=label, widget=widget)


class HoursForm(forms.Form):
    working_days = forms.MultipleChoiceField(
        label=_("Days you work"),
        help_text=_("Nothing reaches you on the others."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[(str(number), name) for number, name in WEEKDAYS.items()],
    )
    work_from = _Clock(_("Work begins"))
    work_to = _Clock(_("Work ends"))
    quiet_from = _Clock(_("Quiet from"))
    quiet_to = _Clock(_("Quiet until"))
    by_email = forms.BooleanField(
        label=_("Send reminders by e-mail"), help_text=_("Otherwise they wait in your notes here."), required=False
    )
    say_more = forms.BooleanField(
        label=_("Say what a reminder is about"),
        help_text=_("Otherwise it only says that something waits for you. Either way it never says what you wrote."),
        required=False,
    )

    def __init__(self, *args: Any, hours: Hours, week_start: int = 0, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "working_days": [str(n) for n, flag in enumerate(hours.working_days) if flag == "1"],
            **{
                name: getattr(hours, name)
                for name in ("work_from", "work_to", "quiet_from", "quiet_to", "by_email", "say_more")
            },
        }
        super().__init__(*args, **kwargs)
        days = self.fields["working_days"]
        assert isinstance(days, forms.MultipleChoiceField)  # noqa: S101  # declared above
        in_order = list(WEEKDAYS.items())
        days.choices = [(str(n), capfirst(name)) for n, name in in_order[week_start:] + in_order[:week_start]]

    def answers(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        days = set(data.pop("working_days"))
        return {"working_days": "".join("1" if str(n) in days else "0" for n in range(7)), **data}


class AwayForm(forms.Form):
    first = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date", "class": "w-short"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date", "class": "w-short"}, format="%Y-%m-%d")
    )
