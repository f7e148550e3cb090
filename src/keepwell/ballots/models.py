"""Periods with their frozen tree, the box of ballots, what was released, and each person's own slip."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from keepwell.ballots.rules.asked import Asked, from_list
from keepwell.ballots.rules.release import CHOICES, FLOOR
from keepwell.ballots.rules.tree import Tree
from keepwell.people.fields import SealedJSON
from keepwell.people.kinds import OfTheHouse, PrivateToPerson, SharedInAgency


class PeriodKey(OfTheHouse):
    """The private half of a period's key pair, wrapped with the release key. Lies in the key store; gone once the period is closed."""

    period_id = models.UUIDField(unique=True)
    release_version = models.PositiveIntegerField()
    wrapped = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now)  # so that the sweep leaves alone what is just being made


class Period(OfTheHouse):
    """Twenty-eight days of one agency. Everything that decides who counts where is frozen when it opens."""

    OPEN, CLOSING, CLOSED, GIVEN_UP = "open", "closing", "closed", "given-up"
    STATES: ClassVar[list[tuple[str, str]]] = [(state, state) for state in (OPEN, CLOSING, CLOSED, GIVEN_UP)]

    agency = models.ForeignKey("people.Agency", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=STATES, default=OPEN)
    public_key = models.BinaryField()
    k = models.PositiveSmallIntegerField()
    tree = models.JSONField()  # {node: the node above}: ids only, no names
    asked = models.JSONField()  # what is counted in this period: [[slug, kind, group], …]
    founding = models.BooleanField(default=False)
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "starts_on"], name="one_period_at_a_time"),
            models.CheckConstraint(condition=Q(k__in=CHOICES) & Q(k__gte=FLOOR), name="period_k_is_never_below_five"),
            models.CheckConstraint(condition=Q(state__in=["open", "closing", "closed", "given-up"]), name="period_has_a_state"),
            models.CheckConstraint(condition=Q(closes_at__gt=models.F("opens_at")), name="period_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["closes_at"], condition=Q(state__in=["open", "closing"]), name="period_to_close")]

    @property
    def reporting_tree(self) -> Tree:
        return Tree(self.tree)

    @property
    def catalogue(self) -> tuple[Asked, ...]:
        return from_list(self.asked)


class RaisedK(OfTheHouse):
    """An agency asked for larger groups, from the first period that begins on or after this day. Never taken back."""

    agency = models.ForeignKey("people.Agency", on_delete=models.PROTECT, related_name="+")
    k = models.PositiveSmallIntegerField()
    from_day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "k"], name="k_raised_once"),
            models.CheckConstraint(condition=Q(k__in=[k for k in CHOICES if k > FLOOR]), name="k_is_only_raised"),
        ]


class Roster(SharedInAgency):
    """In which leaf an account stands for a period. Says where somebody works, which their colleagues know; nothing about replies.

    Kept only until the next period has taken over from it. ``leaf`` is empty for whoever leads the agency.
    """

    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="roster")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    leaf = models.CharField(max_length=60, blank=True)
    counts = models.BooleanField()  # false in the first period on whose roster an account stands

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "person"], name="one_leaf_a_period")]


class Ballot(OfTheHouse):
    """A sealed ballot. In the clear: a random id, agency, period. No date, no order, nobody.

    On SQLite the table has no row numbers (see the first migration), so that not even the file keeps an order.
    """

    agency = models.ForeignKey("people.Agency", on_delete=models.PROTECT, related_name="+", db_index=False)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()


class Release(OfTheHouse):
    """What was released of one node, once and for ever: the store refuses to change or delete it."""

    agency = models.ForeignKey("people.Agency", on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    node = models.CharField(max_length=60)
    cells = models.JSONField()
    number = models.PositiveIntegerField()  # its place in the agency's chain
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "node"], name="released_once"),
            models.UniqueConstraint(fields=["agency", "number"], name="one_chain_an_agency"),
        ]


class PaddedJSON(SealedJSON):
    """JSON that is always as long as any other, so that its length tells nothing."""

    LENGTH = 512

    def to_plain_bytes(self, value: Any) -> bytes:
        said = super().to_plain_bytes(value)
        if len(said) > self.LENGTH:
            raise ValueError("A slip has no room for so much.")
        return said.ljust(self.LENGTH)


class PersonalSlip(PrivateToPerson):
    """A person's own record of being counted in an agency: the choice, and which open ballots are theirs. Yes and no look alike."""

    agency = models.ForeignKey("people.Agency", on_delete=models.CASCADE, related_name="+")
    inside = PaddedJSON()  # {"counted": bool, "ballots": {period: ballot}}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "agency"], name="one_slip_an_agency")]


class ProofRun(OfTheHouse):
    """What `keepwell prove privacy` last found on this server."""

    ran_at = models.DateTimeField(db_index=True)
    seconds = models.PositiveIntegerField()
    variant = models.CharField(max_length=12, choices=[(v, v) for v in ("", "no-remainder", "weekly")], blank=True)
    holds = models.BooleanField()
    agencies = models.PositiveIntegerField()
    seed = models.BigIntegerField()
    figures = models.JSONField()  # [{"id", "what", "figure", "bound", "holds"}, …]
