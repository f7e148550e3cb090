"""Persons, agencies and how the one stands in the other. The four kinds of rows are explained in `kinds`."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from keepwell.people.fields import SealedJSON, SealedText
from keepwell.people.keystore import Erasure, WrappedKey
from keepwell.people.kinds import OfTheHouse, PrivateToPerson, SharedInAgency

__all__ = [
    "Agency",
    "Erasure",
    "Installation",
    "Invitation",
    "KeptForm",
    "Member",
    "Person",
    "Programme",
    "Responsibility",
    "TalkTo",
    "Team",
    "WrappedKey",
]


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody with an own space. Lives on when a membership ends; is gone only when they erase themselves."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    called = models.CharField(max_length=80, blank=True)  # what to be called
    language = models.CharField(max_length=5, default="en", choices=[("en", "English"), ("es", "Español")])
    zone = models.CharField(max_length=64, default="UTC")
    week_start = models.PositiveSmallIntegerField(default=0, choices=[(0, _("Monday")), (6, _("Sunday"))])
    theme = models.CharField(max_length=5, blank=True, choices=[("", _("As this device")), ("light", _("Light")), ("dark", _("Dark"))])
    arrived_at = models.DateTimeField(null=True)  # the last screen of the first sign-in was passed
    is_active = models.BooleanField(default=True)  # false: locked

    objects: ClassVar[PersonManager] = PersonManager()
    last_login = None  # when somebody was last here is nobody's business

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(email=""), name="person_has_an_address")]

    def __str__(self) -> str:
        return self.called or self.email


class Installation(OfTheHouse):
    """This server: one row, made by the first-run page. Names an organisation, never a person's private matters."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    hosted_by = models.CharField(max_length=120)  # who runs this server; told to everyone at first sign-in
    host_contact = models.CharField(max_length=200, blank=True)
    demonstration = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only=True), name="one_installation")]


class Agency(models.Model):
    """An agency. The root of everything shared; not itself a row of one of the four kinds but what they point to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    country = models.CharField(max_length=2, default="US")
    language = models.CharField(max_length=5, default="en", choices=[("en", "English"), ("es", "Español")])
    zone = models.CharField(max_length=64, default="America/New_York")
    exit_url = models.URLField(blank=True)
    words = models.SlugField(max_length=40, default="mentor")  # a word set of content/words
    rooms = models.JSONField(default=list)  # slugs of the rooms switched on
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Programme(SharedInAgency):
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="programme_named_once")]

    def __str__(self) -> str:
        return self.name


class Team(SharedInAgency):
    """A team of a programme, or of the agency itself; teams may hold teams."""

    programme = models.ForeignKey(Programme, null=True, blank=True, on_delete=models.PROTECT, related_name="teams")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=120)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], condition=~Q(programme=None), name="team_named_once"),
            models.UniqueConstraint(fields=["agency", "name"], condition=Q(programme=None), name="agency_team_named_once"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="team_not_in_itself"),
        ]

    def __str__(self) -> str:
        return self.name


class Member(SharedInAgency):
    """A person's place in an agency, as staff or volunteer mentor. Ended, never deleted, until the person is erased."""

    STAFF, VOLUNTEER = "staff", "volunteer"

    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="memberships")
    name = models.CharField(max_length=80)  # how the agency knows them; "" shows "a former colleague"
    address = models.EmailField(max_length=254, null=True)  # the one the agency invited; never a private one the person added
    kind = models.CharField(max_length=10, choices=[(STAFF, _("Staff")), (VOLUNTEER, _("Volunteer mentor"))])
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="members")
    began_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "person"], condition=Q(ended_on=None), name="one_place_at_a_time"),
        ]
        indexes = [models.Index(fields=["agency", "team"], condition=Q(ended_on=None), name="member_here")]

    def __str__(self) -> str:
        return self.name or str(_("a former colleague"))


class Responsibility(SharedInAgency):
    """What a member answers for: a relation to a team, a programme or the agency. Never a right to anyone's content."""

    SUPERVISOR = "supervisor"
    PROGRAMME_STAFF = "programme-staff"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    TECHNICAL = "technical-administrator"
    KINDS = [
        (SUPERVISOR, _("Supervisor")),
        (PROGRAMME_STAFF, _("Programme staff")),
        (MANAGER, _("Manager")),
        (ADMINISTRATOR, _("Administrator")),
        (TECHNICAL, _("Technical administrator")),
    ]

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="responsibilities")
    kind = models.CharField(max_length=24, choices=KINDS)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind"], condition=Q(team=None, programme=None), name="agency_responsibility_once"
            ),
            models.UniqueConstraint(fields=["member", "kind", "team"], condition=~Q(team=None), name="team_responsibility_once"),
            models.UniqueConstraint(
                fields=["member", "kind", "programme"], condition=~Q(programme=None), name="programme_responsibility_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="supervisor", programme=None) & ~Q(team=None)
                | Q(kind="programme-staff", team=None) & ~Q(programme=None)
                | Q(kind__in=["manager", "administrator", "technical-administrator"], team=None, programme=None),
                name="responsibility_has_its_place",
            ),
        ]


class Invitation(SharedInAgency):
    """A single-use way in, bound to an address and a place. The link is signed, not stored."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=10, choices=[(Member.STAFF, _("Staff")), (Member.VOLUNTEER, _("Volunteer mentor"))])
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    responsibilities = models.JSONField(default=list)  # [{"kind", "team", "programme"}], ids as text
    note = SealedText(null=True)  # a word from the one who invites
    invited_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True, blank=True)  # empty: the post (room notify) has yet to carry it
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="one_open_invitation_an_address",
            )
        ]

    def open_at(self, now: datetime) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at


class TalkTo(SharedInAgency):
    """Somebody to talk to: who, how, hours, and what they must pass on. Shown with every result and on Help."""

    kind = models.SlugField(max_length=40)  # a kind of content/talkto
    name = models.CharField(max_length=120)
    about = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    url = models.URLField(blank=True)
    hours = models.CharField(max_length=120, blank=True)
    passes_on = models.CharField(max_length=300, blank=True)  # what they must pass on, and to whom
    outside = models.BooleanField(default=False)  # not employed by the agency
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place", "name"]


class KeptForm(PrivateToPerson):
    """A form sent after the session had ended: kept an hour for that person, shown to them once they are back."""

    path = models.CharField(max_length=300)
    fields = SealedJSON()
    kept_at = models.DateTimeField()
