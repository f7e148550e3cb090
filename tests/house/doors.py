"""The door table: who meets what at every address. The machinery; the rows are each room's own, in `tests/<room>/doors.py`.

A room's rows, by the name of the address:

    from tests.house.doors import AT_HOME, EVERYBODY, Door, only, canary

    DOORS = {
        "trends": Door(AT_HOME),                                            # every signed-in person's own page; GET only
        "plan_entry": Door(only("ada"), AT_HOME_BUT, at=lambda scene: {"entry_id": scene["entry"].id}),
        "help": Door(EVERYBODY),
    }

    def scene(cast, now):              # ada's private records of this room, by the room's own actions
        return {"entry": actions.add_entry(by=cast.ada, words=canary("plans.Entry.said"), now=now)}

    NOT_WORDS = {"measures.CheckIn.answers": "numbers only"}               # sealed fields no canary fits into

`Door(get, post, at, data)`: `get` and `post` say what each visitor meets; without `post` the page has none (405). `at` gives the
arguments of the address from the merged scenes of all rooms, `data` what is posted (nothing, if left out; then "open" also holds
for a form that comes back with its faults). What a visitor meets is one of
    "open"           the page, or for POST the deed or the form again
    "moved"          sent on to a page of ours
    "shut"           404: for all they can tell there is nothing there
    "sign-in"        sent to sign in
    "second-factor"  sent to show or add a second factor
    "method"         405
or a number. Every visitor but the owner must meet no canary in any byte, header or mail.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

ROOMS = sorted(path.parent.name for path in Path(__file__).parents[1].glob("*/doors.py") if path.parent.name != "house")

# Everybody who may stand before a door. `half` is ben after the password and before the second factor; `locked` was ada's team-mate.
OWNER = "ada"
SIGNED_IN = ("ada", "rosa", "ben", "kai", "mia", "pia", "cleo", "adam", "tess", "dov", "noor", "uma", "lena")
VISITORS = (*SIGNED_IN, "anonymous", "half", "locked")

Meets = Mapping[str, str | int]

CANARY = "kanarie-zingt"


def canary(name: str) -> str:
    """A text nobody would write by chance, which names the field it lies in."""
    return f"{CANARY} {name}"


def everyone(answer: str | int) -> Meets:
    return dict.fromkeys(VISITORS, answer)


EVERYBODY: Meets = everyone("open")
"""A public page."""

AT_HOME: Meets = {**dict.fromkeys(SIGNED_IN, "open"), "anonymous": "sign-in", "locked": "sign-in", "half": "second-factor"}
"""A page each signed-in person has for themselves."""

NOBODY: Meets = {**dict.fromkeys(SIGNED_IN, "shut"), "anonymous": "sign-in", "locked": "sign-in", "half": "second-factor"}

ARRIVING: Meets = {**AT_HOME, "half": "open"}
"""A page one may need before the second factor is there."""

MOVED: Meets = {**AT_HOME, **dict.fromkeys(SIGNED_IN, "moved")}


def only(*names: str, answer: str | int = "open") -> Meets:
    """These, and to every other signed-in person there is nothing there."""
    return {**NOBODY, **dict.fromkeys(names, answer)}


def but(base: Meets, **others: str | int) -> Meets:
    """As `base`, save for those named: `but(AT_HOME, lena="shut")`."""
    unknown = set(others) - set(VISITORS)
    assert not unknown, f"nobody in the table is called {unknown}"
    return {**base, **others}


@dataclass(frozen=True)
class Door:
    """What stands at one address."""

    get: Meets | None = None
    post: Meets | None = None
    at: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    data: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # where this page's differ from every other's, with the reason beside

    def expected(self, method: str, visitor: str) -> set[str | int]:
        asked, other = (self.get, self.post) if method == "GET" else (self.post, self.get)
        if asked is not None:
            return {asked[visitor]}
        # No such deed here: 405 for whoever may come in, and no more than that for those who may not.
        stands = other[visitor] if other is not None else "open"
        return {"method"} if stands in ("open", "moved") else {"method", stands}


def answer_of(response: HttpResponse, method: str) -> str | int:
    """The table's word for what came back."""
    status, place = response.status_code, urlsplit(response.headers.get("Location", ""))
    if status in (301, 302, 303):
        if place.path == reverse("account_login"):
            return "sign-in"
        if place.path == reverse("second_factor"):
            return "second-factor"
        if place.netloc:
            return f"elsewhere: {place.netloc}"
        return "open" if method == "POST" else "moved"
    if status in (200, 204) or (method == "POST" and status == 422):
        return "open"
    return {404: "shut", 405: "method"}.get(status, status)


@dataclass(frozen=True)
class Table:
    """All rooms' rows together."""

    doors: dict[str, Door]
    rooms: dict[str, str]  # name of the address → room that brought it
    twice: list[str]
    not_words: dict[str, str]
    scenes: dict[str, Callable[[Any, Any], dict[str, Any]]]


def assemble() -> Table:
    doors: dict[str, Door] = {}
    rooms: dict[str, str] = {}
    twice: list[str] = []
    not_words: dict[str, str] = {}
    scenes = {}
    for room in ROOMS:
        module = importlib.import_module(f"tests.{room}.doors")
        for name, door in module.DOORS.items():
            if name in doors:
                twice.append(f"{name}: {rooms[name]} and {room}")
            doors[name], rooms[name] = door, room
        not_words.update(getattr(module, "NOT_WORDS", {}))
        if hasattr(module, "scene"):
            scenes[room] = module.scene
    return Table(doors, rooms, twice, not_words, scenes)


def addresses(
    patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "", space: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    """Every address of the house: its full name and its pattern."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*space, pattern.namespace) if pattern.namespace else space
            yield from addresses(pattern.url_patterns, route, inner)
        else:
            yield ":".join((*space, pattern.name)) if pattern.name else "", route
