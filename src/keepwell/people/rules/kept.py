"""Which of the fields of a form that was kept are somebody's own words, to show them again before they are sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_CHOSEN = re.compile(r"[a-z0-9_.:/+-]*")  # what a form puts behind a tick, a choice, a date or a number


def own_words(fields: Mapping[str, Sequence[str]]) -> tuple[list[str], int]:
    """What was written, in order, and how many answers were only chosen."""
    written: list[str] = []
    chosen = 0
    for values in fields.values():
        for value in values:
            if not value.strip():
                continue
            if _CHOSEN.fullmatch(value) and len(value) < 60:
                chosen += 1
            else:
                written.append(value.strip())
    return written, chosen
