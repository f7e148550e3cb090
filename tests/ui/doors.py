"""Who meets what at the addresses of the frame."""

from __future__ import annotations

from tests.house.doors import EVERYBODY, Door, everyone

DOORS = {
    # Where one goes is nobody's business there: not even that one came from here.
    "leave": Door(
        everyone("elsewhere: en.wikipedia.org"), everyone("elsewhere: en.wikipedia.org"), headers={"Referrer-Policy": "no-referrer"}
    ),
    "language": Door(post=EVERYBODY),
    "theme": Door(post=EVERYBODY),
    "favicon": Door(everyone("moved")),
    "robots": Door(EVERYBODY),
    "style": Door(everyone("shut"), everyone("shut")),  # in development only
}
