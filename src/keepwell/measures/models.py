"""One row a person and week. In the clear: whose it is and which week. No time of day, no date on which it was answered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from keepwell.people.fields import SealedJSON
from keepwell.people.kinds import PrivateToPerson


class CheckIn(PrivateToPerson):
    """A week's check-in. Kept from the first answer on; finished by one tap, and open to correction until the week ends."""

    OPEN, FINISHED = "open", "finished"
    STATES: ClassVar[list[tuple[str, str]]] = [(OPEN, OPEN), (FINISHED, FINISHED)]

    week = models.DateField()  # the Monday it is kept under, see `rules.checkin`
    answers = SealedJSON()  # {item: 0…4, or null where skipped}; an item not reached is absent
    stressors = SealedJSON()  # [slug, …]
    scores = SealedJSON()  # {construct: 0…100 or null}: what the answers came to when they were given
    state = models.CharField(max_length=8, choices=STATES, default=OPEN)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "week"], name="one_check_in_a_week"),
            models.CheckConstraint(condition=Q(state__in=["open", "finished"]), name="check_in_open_or_finished"),
        ]
        indexes = [models.Index(fields=["week"], name="check_in_to_purge")]

    @property
    def finished(self) -> bool:
        return self.state == self.FINISHED
