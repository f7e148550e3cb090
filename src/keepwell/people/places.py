"""Countries and time zones to choose from. Countries are those Keepwell has crisis lines for, and "another"."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _

COUNTRIES = [
    ("US", _("United States")),
    ("MX", _("Mexico")),
    ("CA", _("Canada")),
    ("GB", _("United Kingdom")),
    ("ES", _("Spain")),
    ("ZZ", _("Another country")),
]

_REGIONS = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@lru_cache(maxsize=1)
def zones() -> list[tuple[str, str]]:
    """Every zone of the tables with a region's name; what people know as “America/New York”."""
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if zone.startswith(_REGIONS))]
