"""How a whole form is written when a page says no more than `{{ form }}`, and what is said of a field that can't be taken as it is."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _


class Renderer(TemplatesSetting):
    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"


_CHANGED = _("Choose one of these; the list may have changed.")

# Instead of "This field is required." and its like: what to do. A form's own words come before these.
WORDS: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {"required": _("Something belongs here.")},
    forms.ChoiceField: {"required": _("Choose one of these."), "invalid_choice": _CHANGED},
    forms.MultipleChoiceField: {
        "required": _("Choose at least one."),
        "invalid_choice": _("Choose from these; the list may have changed."),
    },
    forms.ModelChoiceField: {"required": _("Choose one of these."), "invalid_choice": _CHANGED},
    forms.BooleanField: {"required": _("Tick this to go on.")},
    forms.EmailField: {"invalid": _("Write an address like name@example.org.")},
    forms.URLField: {"invalid": _("Write a web address like https://example.org.")},
    forms.DateField: {"invalid": _("Write a day that is in the calendar.")},
    forms.TimeField: {"invalid": _("Write a time like 9:30 or 16:00.")},
    forms.IntegerField: {"invalid": _("Write a whole number.")},
    forms.FileField: {"required": _("Choose a file first."), "empty": _("This file is empty. Choose another one.")},
}


def speak_kindly() -> None:
    """Once at start: these words for every form, the sign-in library's too."""
    for kind, words in WORDS.items():
        own: dict[str, Any] = kind.__dict__.get("default_error_messages", {})
        kind.default_error_messages = {**own, **words}
