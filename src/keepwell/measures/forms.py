"""What a sent page says, read once and plainly. A value that is none of ours counts as not said."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from django.http import QueryDict

from keepwell.measures.rules.checkin import HIGHEST, Item

NOTHING: Final = -1  # neither answered nor skipped
SKIP: Final = "skip"
_VALUES: Final = frozenset(str(value) for value in range(HIGHEST + 1))


def value_of(text: str) -> int:
    return int(text) if text in _VALUES else NOTHING


def one_answer(sent: QueryDict) -> int | None:
    """0 to 4, None where it was skipped, ``NOTHING`` where neither was said."""
    if sent.get(SKIP):
        return None
    return value_of(sent.get("answer", ""))


def answers(sent: QueryDict, items: Iterable[Item]) -> dict[str, int | None]:
    """Each sentence that something was said about."""
    found: dict[str, int | None] = {}
    for item in items:
        text = sent.get(f"a-{item.slug}", "")
        if text == SKIP:
            found[item.slug] = None
        elif value_of(text) != NOTHING:
            found[item.slug] = value_of(text)
    return found


def had(sent: QueryDict) -> dict[str, int | None]:
    """What the page had shown as answered when it was drawn."""
    try:
        shown = json.loads(sent.get("had", "{}"))
    except ValueError:
        return {}
    if not isinstance(shown, dict):
        return {}
    return {
        str(slug): value
        for slug, value in shown.items()
        if value is None or (isinstance(value, int) and not isinstance(value, bool))
    }
