"""Due rows, notes, hours and holds (private to a person) and the outbox (of the house)."""

from __future__ import annotations

from datetime import time

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from keepwell.people.fields import SealedJSON, SealedText
from keepwell.people.kinds import OfTheHouse, PrivateToPerson


class Due(PrivateToPerson):
    """Something that is coming for a person: written by a room in the same transaction as the thing itself.

    ``kind`` is a stable slug ("check-in", "commitment", "plan-review"); ``occasion`` tells one from the next ("2026-W48").
    ``words`` are sealed: {"title": …, "sub": …} and whatever Today's partial for that kind shows.
    """

    room = models.SlugField(max_length=20)
    kind = models.SlugField(max_length=40)
    occasion = models.CharField(max_length=80)
    due_at = models.DateTimeField()  # from when Today shows it as now; before that it is "ahead"
    until = models.DateTimeField(null=True)  # after this it is shown nowhere
    remind_at = models.DateTimeField(null=True)  # when post may mention it; emptied once it has
    path = models.CharField(max_length=200)
    words = SealedJSON()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "occasion"], name="due_once")]
        indexes = [
            models.Index(fields=["person", "due_at"], name="due_for_person"),
            # said as IS NOT NULL: SQLite does not use an index that is said as NOT (… IS NULL)
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="due_to_remind"),
            models.Index(fields=["kind", "until"], condition=Q(until__isnull=False), name="due_to_roll"),
        ]


class Note(PrivateToPerson):
    """A message kept inside Keepwell, read when the person likes; gone after 30 days."""

    kind = models.SlugField(max_length=40)
    occasion = models.CharField(max_length=80)
    words = SealedJSON()
    path = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "occasion"], name="note_once")]
        indexes = [models.Index(fields=["person", "-made_at"], name="notes_of_person")]


class Hours(PrivateToPerson):
    """A person's working days and hours, quiet hours, and how they want to be reached. Local wall-clock times."""

    working_days = models.CharField(max_length=7, default="1111100")  # Monday first, 1 is a working day
    work_from = models.TimeField(default=time(9))
    work_to = models.TimeField(default=time(17))
    quiet_from = models.TimeField(default=time(20))
    quiet_to = models.TimeField(default=time(7, 30))
    by_email = models.BooleanField(default=True)
    say_more = models.BooleanField(default=False)  # false: no word in a message says what it is about
    not_kinds = models.JSONField(default=list)  # slugs of catalogue entries this person switched off

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person"], name="hours_of_person")]


class Hold(PrivateToPerson):
    """A stretch in which nothing outside the safety lane is sent: what would have gone waits until it ends."""

    KINDS = [("away", _("Away")), ("visit", _("Visit")), ("meeting", _("Meeting")), ("busy", _("Busy"))]

    kind = models.CharField(max_length=10, choices=KINDS)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=models.F("begins_at")), name="hold_has_length")]
        indexes = [models.Index(fields=["person", "ends_at"], name="holds_of_person")]


class Message(OfTheHouse):
    """The outbox. One row is one message on one channel; it is done only after the mail server has taken it.

    ``envelope`` is sealed with the house's key: {"to": …, "language": …, "params": {…}}; in the clear stands nothing that
    names anyone.
    """

    PENDING, SENT, GIVEN_UP, WITHDRAWN = "pending", "sent", "given-up", "withdrawn"
    STATES = [(s, s) for s in (PENDING, SENT, GIVEN_UP, WITHDRAWN)]
    LANES = [(lane, lane) for lane in ("account", "reminder")]

    person = models.ForeignKey("people.Person", null=True, on_delete=models.CASCADE, related_name="+")
    lane = models.CharField(max_length=10, choices=LANES)
    kind = models.SlugField(max_length=40)
    occasion = models.CharField(max_length=80)
    channel = models.CharField(max_length=10, choices=[("email", "email")])
    envelope = SealedJSON()
    state = models.CharField(max_length=10, choices=STATES, default=PENDING)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    answer = SealedText(null=True)  # the mail server's own sentence about the last try; it may name the address
    local_date = models.DateField(null=True)  # reminders: the person's own date it counts for

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "occasion", "channel"],
                condition=~Q(person=None),
                name="message_once_a_person",
            ),
            models.UniqueConstraint(
                fields=["kind", "occasion", "channel"], condition=Q(person=None), name="message_once_an_address"
            ),
            # at most one reminder a day: the database holds it, whatever the code does
            models.UniqueConstraint(
                fields=["person", "local_date"],
                condition=Q(lane="reminder") & ~Q(local_date=None),
                name="one_reminder_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="outbox_pending"),
            models.Index(fields=["made_at"], name="outbox_age"),
        ]


class Heartbeat(OfTheHouse):
    """When each part of the clock last gave a sign."""

    part = models.SlugField(max_length=20, unique=True)
    beat_at = models.DateTimeField()
