"""Who meets what at the front: Today for those who are signed in, the front door for everybody else."""

from __future__ import annotations

from tests.house.doors import EVERYBODY, Door, but, everyone

DOORS = {
    "today": Door(but(EVERYBODY, half="second-factor"), but(EVERYBODY, half="second-factor")),
    "healthz": Door(EVERYBODY),
    "readyz": Door(everyone(503)),  # no clock beats while tests run
}
