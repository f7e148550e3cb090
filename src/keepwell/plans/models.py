"""The plan and its entries, the emergency part, the week's one thing. All private to a person; all that is said is sealed.

In the clear stand only what the database must sort, find or hold unique: the week, an order, the day of the next look. Which part
an entry belongs to, its domain and the step it came from are sealed too: that somebody has written three early signs is theirs to know.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from keepwell.people.fields import SealedJSON
from keepwell.people.kinds import PrivateToPerson
from keepwell.plans.rules import answers, parts


class Plan(PrivateToPerson):
    """One living plan a person. ``kept``: {"visited": [parts passed in the builder], "away": [first day, last day] or null}."""

    kept = SealedJSON(default=dict)
    review_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person"], name="one_plan_a_person")]

    @property
    def visited(self) -> list[str]:
        return list(self.kept.get("visited", []))

    @property
    def away(self) -> tuple[str, str] | None:
        """First and last day of the leave, as written; None when there is none."""
        away = self.kept.get("away")
        return (away[0], away[1]) if away else None


class Entry(PrivateToPerson):
    """One line of a plan. ``said``: {"part", "words", "domain" or "", "step" or "", "tiny" or ""}."""

    said = SealedJSON()
    place = models.PositiveIntegerField()  # the order in which they were written, without saying when
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True)  # kept an hour so that it can be undone, then gone

    class Meta:
        ordering = ["place", "id"]
        indexes = [
            models.Index(fields=["person", "place"], name="entries_of_person"),
            models.Index(fields=["removed_at"], condition=~Q(removed_at=None), name="entries_removed"),
        ]

    @property
    def part(self) -> str:
        return str(self.said["part"])

    @property
    def words(self) -> str:
        return str(self.said["words"])

    @property
    def domain(self) -> str:
        return str(self.said.get("domain", ""))

    @property
    def step(self) -> str:
        return str(self.said.get("step", ""))

    @property
    def tiny(self) -> str:
        return str(self.said.get("tiny", ""))


class Emergency(PrivateToPerson):
    """What to do when it is very hard. ``said``: part → {"words", "people": [{"name", "phone"}], "version"}."""

    said = SealedJSON(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person"], name="one_emergency_plan_a_person")]

    def words(self, part: str) -> str:
        return str(self.said.get(part, {}).get("words", ""))

    def version(self, part: str) -> int:
        return int(self.said.get(part, {}).get("version", 0))

    @property
    def people(self) -> list[dict[str, str]]:
        return [dict(one) for one in self.said.get(parts.CALL, {}).get("people", [])]

    @property
    def says_something(self) -> bool:
        return any(one.get("words") or one.get("people") for one in self.said.values())


class Commitment(PrivateToPerson):
    """The one thing of one week. ``kept``: {"state", "words", "domain", "entry", "day", "after", "remind"}."""

    week = models.CharField(max_length=8)  # "2026-W48"
    kept = SealedJSON()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "week"], name="one_commitment_a_week")]

    def _said(self, name: str) -> str:
        value: Any = self.kept.get(name, "")
        return str(value or "")

    @property
    def state(self) -> str:
        return self._said("state") or answers.CHOSEN

    @property
    def words(self) -> str:
        return self._said("words")

    @property
    def domain(self) -> str:
        return self._said("domain")

    @property
    def entry(self) -> str:
        return self._said("entry")

    @property
    def day(self) -> str:
        """The day it is meant for, as an ISO date; empty: any day."""
        return self._said("day")

    @property
    def after(self) -> str:
        return self._said("after")

    @property
    def remind(self) -> str:
        """The time of day of the reminder, "18:30"; empty: none."""
        return self._said("remind")

    @property
    def is_open(self) -> bool:
        return self.state == answers.CHOSEN
