"""Countries to choose from: those Keepwell has crisis lines for, and "another"."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

COUNTRIES = [
    ("US", _("United States")),
    ("MX", _("Mexico")),
    ("CA", _("Canada")),
    ("GB", _("United Kingdom")),
    ("ES", _("Spain")),
    ("ZZ", _("Another country")),
]
