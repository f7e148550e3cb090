"""Bad input at every address at once: huge, odd and empty.

Each room tries its own forms one by one; here no form can be forgotten, because the addresses come from the door table.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.house import doors
from tests.house.test_doors import _visit, scene  # the same store and the same sessions

__all__ = ["scene"]
pytestmark = [pytest.mark.django_db(databases=["default", "keys"])]

MEGABYTE = "w" * (1024 * 1024)
ODD = {
    "huge": MEGABYTE,
    "emoji": "🌿👩🏽‍🚒 zero\u200bwidth e\u0301",
    "right to left": "\u202eאני עייפה\u202c متعبة",
    "zero byte": "a\x00b",
    "lone surrogate": "a\\ud800b",
    "markup": "<script>alert(1)</script>{{ 7*7 }}{% now 'Y' %}",
    "wrong date": "31/02/2026",
    "far date": "9999-12-31",
    "date before time": "0001-01-01",
    "number": "-99999999999999999999999999",
    "nothing": "",
}
TABLE = doors.assemble()
SENDS = sorted(name for name, door in TABLE.doors.items() if door.post is not None)
# Who may do something there, so that the form is read and not the door shut.
TRIED = ("ada", "adam", "anonymous")


@pytest.mark.slow
@pytest.mark.parametrize("name", SENDS)
def test_whatever_is_sent_is_answered_with_words(name: str, scene: dict[str, Any]) -> None:
    door = TABLE.doors[name]
    address = reverse(name, kwargs=door.at(scene) if door.at else None)
    given = door.data(scene) if door.data else {"words": "", "name": "", "day": "", "email": ""}
    faults = []
    for kind, odd in ODD.items():
        for visitor in TRIED:
            cache.clear()
            sent = {field: value if hasattr(value, "read") else odd for field, value in given.items()}
            response, _touched = _visit(scene["clients"][visitor], "POST", address, sent)
            if response.status_code >= 500 and response.status_code != 503:
                error = getattr(response, "exc_info", None)
                faults.append(f"{visitor} sends {kind}: {response.status_code} {error[1]!r}"[:300] if error else f"{visitor} sends {kind}")
            if "<script>alert(1)" in response.content.decode(errors="replace"):
                faults.append(f"{visitor} sends {kind}: it came back as markup")
    assert faults == [], "\n".join(faults)
