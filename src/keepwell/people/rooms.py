"""The rooms an agency can switch on and off. What is off leaves no trace: no link, no due row, no page."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# slug → what it is, in the words of the page on which an administrator switches
SWITCHABLE: dict[str, tuple[str | Promise, str | Promise]] = {
    "measures": (_("Weekly check-in and trends"), _("Nine taps a week for each person, seen by that person alone.")),
    "plans": (_("Self-care plan"), _("A private plan over body, mind, people and spirit, and one small thing a week.")),
}
