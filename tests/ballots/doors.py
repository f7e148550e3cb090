"""This room has no address yet; its one private table holds a yes or no and ids, always of one length."""

from __future__ import annotations

from tests.house.doors import Door

DOORS: dict[str, Door] = {}
NOT_WORDS = {"ballots.PersonalSlip.inside": "a yes or no and the ids of ballots, padded to one length"}
