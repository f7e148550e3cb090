"""Forms of the settings pages: one page, one deed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Field
from django.utils.translation import gettext_lazy as _

from keepwell.people.models import Person
from keepwell.people.rules import zones


def choices_of(name: str) -> list[tuple[Any, Any]]:
    """What a person may choose for one of their own fields."""
    field = Person._meta.get_field(name)
    return list(field.flatchoices) if isinstance(field, Field) else []


class Called(forms.Form):
    called = forms.CharField(
        label=_("What should we call you?"),
        max_length=80,
        help_text=_("A first name is enough. Only Keepwell uses it, to speak to you."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )


class InTime(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=choices_of("language"))
    zone = forms.ChoiceField(label=_("Time zone"), choices=zones.by_part)
    week_start = forms.TypedChoiceField(label=_("The week begins on"), coerce=int, choices=choices_of("week_start"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        kept = str(self.initial.get("zone") or "")
        zone = self.fields["zone"]
        if kept and not zones.known(kept) and isinstance(zone, forms.ChoiceField):
            zone.choices = [(kept, kept), *zones.by_part()]  # an old name a person once chose stays theirs


class Theme(forms.Form):
    theme = forms.ChoiceField(
        label=_("Light or dark"), required=False, widget=forms.RadioSelect, choices=choices_of("theme")
    )


class Leave(forms.Form):
    sure = forms.BooleanField(
        label=_("I can still open one of these mailboxes after I leave"),
        error_messages={
            "required": _("Add a private address first, or tick that you keep one of these. Nothing was changed.")
        },
    )
