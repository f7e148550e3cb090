"""Time zones as a person chooses them: places people live in, by part of the world."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

_PARTS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@lru_cache(maxsize=1)
def by_part() -> list[tuple[str, list[tuple[str, str]]]]:
    """For a list with headings: part of the world, then (zone, place)."""
    grouped: dict[str, list[tuple[str, str]]] = {part: [] for part in _PARTS}
    for zone in sorted(available_timezones()):
        part, _, _ = zone.partition("/")
        if part in grouped:
            grouped[part].append((zone, place(zone)))
    return [("UTC", [("UTC", "UTC")]), *grouped.items()]


def place(zone: str) -> str:
    """ "America/Argentina/Salta" → "Salta"; "America/New_York" → "New York"."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def known(zone: str) -> bool:
    return zone == "UTC" or (zone in available_timezones() and zone.partition("/")[0] in _PARTS)
