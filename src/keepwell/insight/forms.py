"""The one question before everything is erased."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class EraseEverything(forms.Form):
    sure = forms.BooleanField(
        label=_("Yes, erase everything that is mine"),
        error_messages={"required": _("Nothing was erased. Tick the box if you want it all gone.")},
    )
