"""Every write of this room. Keyword arguments, ``by=`` (who does it) and ``now=``; one transaction each; safe to repeat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import signing
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from keepwell.people import keyring, policy
from keepwell.people.models import (
    Agency,
    Installation,
    Invitation,
    KeptForm,
    Member,
    Person,
    Programme,
    Responsibility,
    Team,
    WrappedKey,
)
from keepwell.people.queries import INVITATION_SALT, KEPT_FORM_LASTS, is_set_up, kept_form
from keepwell.people.rules.sealing import Owner
from keepwell.people.viewer import Viewer

INVITATION_LASTS = timedelta(days=7)
SENT_JUST_NOW = timedelta(hours=1)
DEFAULT_ROOMS = ["measures", "plans"]

Some = TypeVar("Some")


class Refused(Exception):
    """What was asked can't be done; the sentence says why and what to do. Nothing was changed."""


@dataclass(frozen=True)
class Part:
    """A responsibility to give: its kind, and the id of the team or programme it is for."""

    kind: str
    team: str | None = None
    programme: str | None = None

    def as_json(self) -> dict[str, str | None]:
        return {"kind": self.kind, "team": self.team, "programme": self.programme}


@dataclass(frozen=True)
class Hello:
    """What somebody tells of themselves on arriving."""

    called: str
    password: str | None = None  # None: they come by passkey
    language: str = "en"
    zone: str = "UTC"
    week_start: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)


def new_person(*, email: str, hello: Hello, now: datetime) -> Person:
    """A person and their key. The key comes first: no private row may ever exist without one."""
    person = Person(
        email=email.strip().lower(),
        called=hello.called.strip()[:80],
        language=hello.language,
        zone=hello.zone,
        week_start=hello.week_start,
    )
    if hello.password:
        person.set_password(hello.password)
    else:
        person.set_unusable_password()
    keyring.make_key(Owner("person", str(person.id)))
    person.save()
    # proved by whoever makes the person: the link of an invitation, or the command line of the server
    if not EmailAddress.objects.filter(email=person.email, verified=True).exists():
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def found_agency(*, name: str, country: str = "US", zone: str, language: str = "en", now: datetime) -> Agency:
    """A new agency with its key and the few rooms that are on by default."""
    base = slugify(name)[:50] or "agency"
    slug, n = base, 2
    while Agency.objects.filter(slug=slug).exists():
        slug, n = f"{base}-{n}", n + 1
    agency = Agency(
        name=name.strip(), slug=slug, country=country, zone=zone, language=language, rooms=list(DEFAULT_ROOMS), made_at=now
    )
    keyring.make_key(Owner("agency", str(agency.id)))
    agency.save()
    return agency


@transaction.atomic
def first_run(
    *, agency_name: str, country: str, zone: str, language: str, hosted_by: str, host_contact: str, email: str, hello: Hello, now: datetime
) -> Member:
    """Make this server somebody's: its host, the first agency and its first administrator. Once only."""
    if is_set_up():
        raise Refused(_("This server is set up already. Sign in, or ask an administrator for an invitation."))
    Installation.objects.create(hosted_by=hosted_by.strip(), host_contact=host_contact.strip(), made_at=now)
    agency = found_agency(name=agency_name, country=country, zone=zone, language=language, now=now)
    person = new_person(email=email, hello=hello, now=now)
    return add_member(agency=agency, person=person, kind=Member.STAFF, team=None, parts=[Part(Responsibility.ADMINISTRATOR)], now=now)


@transaction.atomic
def add_member(
    *,
    agency: Agency,
    person: Person,
    kind: str,
    team: Team | None,
    parts: Iterable[Part],
    now: datetime,
    name: str = "",
    address: str = "",
) -> Member:
    """Give a person a place in an agency; a second call finds the place they have."""
    today = now.astimezone(ZoneInfo(agency.zone)).date()
    member, _made = Member.objects.get_or_create(
        agency=agency,
        person=person,
        ended_on=None,
        defaults={
            "kind": kind,
            "team": team if team and team.closed_at is None else None,
            "name": name or person.called,
            "address": address or person.email,
            "began_on": today,
        },
    )
    for part in parts:
        place: dict[str, Any] = {"team_id": part.team, "programme_id": part.programme}
        Responsibility.objects.get_or_create(agency=agency, member=member, kind=part.kind, **place)
    return member


@dataclass(frozen=True)
class Wanted:
    """Somebody to invite, and the place they are offered."""

    email: str
    name: str = ""
    kind: str = Member.STAFF
    team: Team | None = None
    parts: Sequence[Part] = ()
    note: str = ""

    @property
    def place(self) -> tuple[Any, ...]:
        return self.name.strip()[:80], self.kind, self.team.id if self.team else None, [part.as_json() for part in self.parts]


@dataclass(frozen=True)
class Invited:
    """How many letters go out: to new addresses, and once more to addresses whose invitation was open."""

    new: int = 0
    again: int = 0


def invite(
    *,
    by: Viewer,
    email: str,
    name: str,
    kind: str,
    team: Team | None,
    parts: Sequence[Part] = (),
    note: str = "",
    now: datetime,
) -> Invitation:
    """Invite an address to a place. Inviting the same open address again changes the invitation instead of adding one."""
    wanted = Wanted(email.strip().lower(), name, kind, team, tuple(parts), note)
    invite_all(by=by, wanted=[wanted], now=now)
    return Invitation.objects.get(agency=by.agency, email=wanted.email, accepted_at=None, withdrawn_at=None)


@transaction.atomic
def invite_all(*, by: Viewer, wanted: Sequence[Wanted], now: datetime) -> Invited:
    """Invite many at once. What was sent within the hour and says the same is not sent again: pressing twice is one letter."""
    if not policy.may_manage_people(by) or by.agency is None:
        raise Refused(_("Inviting people is for administrators of the agency."))
    waiting: dict[str, Invitation] = {}
    for some in _by([one.email for one in wanted], 500):
        found = Invitation.objects.filter(agency=by.agency, email__in=some, accepted_at=None, withdrawn_at=None)
        waiting.update((one.email, one) for one in found)
    fresh: list[Invitation] = []
    same: list[UUID] = []
    again = 0
    for one in wanted:
        name, kind, team_id, parts = one.place
        invitation = waiting.get(one.email) or Invitation(agency=by.agency, email=one.email)
        was = (invitation.name, invitation.kind, invitation.team_id, invitation.responsibilities)
        if not invitation._state.adding and was == one.place and (invitation.note or "") == one.note.strip():
            if now - invitation.made_at > SENT_JUST_NOW:
                same.append(invitation.id)
            continue
        invitation.name, invitation.kind, invitation.team_id, invitation.responsibilities = name, kind, team_id, parts
        invitation.note = one.note.strip() or None
        invitation.invited_by, invitation.made_at = by.member, now
        invitation.expires_at, invitation.posted_at = now + INVITATION_LASTS, None
        if invitation._state.adding:
            fresh.append(invitation)
        else:
            invitation.save()
            again += 1
    # two administrators with one list at the same moment: the later one finds the address invited
    Invitation.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    for ids in _by(same, 500):
        Invitation.objects.filter(id__in=ids).update(
            made_at=now, expires_at=now + INVITATION_LASTS, posted_at=None, invited_by=by.member
        )
    return Invited(len(fresh), again + len(same))


def _by(things: Sequence[Some], size: int) -> Iterator[Sequence[Some]]:
    """In handfuls: a query has room for only so many values."""
    return (things[at : at + size] for at in range(0, len(things), size))


@transaction.atomic
def send_again(*, by: Viewer, invitation_id: UUID, now: datetime) -> bool:
    """One more letter for an open or expired invitation, with a link good for seven more days; False if one went out just now."""
    if not policy.may_manage_people(by):
        return False
    return bool(
        Invitation.objects.filter(
            id=invitation_id, agency=by.agency, accepted_at=None, withdrawn_at=None, made_at__lt=now - SENT_JUST_NOW
        ).update(made_at=now, expires_at=now + INVITATION_LASTS, posted_at=None)
    )


def invitation_token(invitation: Invitation) -> str:
    """What the link carries: the invitation's id, signed."""
    return signing.dumps(str(invitation.id), salt=INVITATION_SALT)


@transaction.atomic
def withdraw_invitation(*, by: Viewer, invitation_id: UUID, now: datetime) -> None:
    if policy.may_manage_people(by):
        Invitation.objects.filter(id=invitation_id, agency=by.agency, accepted_at=None).update(withdrawn_at=now)


@transaction.atomic
def accept_invitation(*, invitation: Invitation, person: Person | None, hello: Hello, now: datetime) -> Member:
    """Take the place that was offered: as the person already signed in with that address, or as a new person.

    One conditional update decides who took it, so two tabs or a double press end in one membership.
    """
    taken = Invitation.objects.filter(
        id=invitation.id, accepted_at=None, withdrawn_at=None, expires_at__gt=now
    ).update(accepted_at=now)
    if not taken:
        raise Refused(_("This invitation has been used or is no longer open. If you took it, sign in; else ask for a new one."))
    if person is None:
        if Person.objects.filter(email=invitation.email).exists():
            raise Refused(_("Sign in first with the address the invitation was sent to; then open the link again."))
        person = new_person(email=invitation.email, hello=hello, now=now)
    closed = {str(one) for one in Team.objects.filter(agency=invitation.agency).exclude(closed_at=None).values_list("id", flat=True)}
    parts = [part for part in (Part(**told) for told in invitation.responsibilities) if part.team not in closed]
    return add_member(
        agency=invitation.agency,
        person=person,
        kind=invitation.kind,
        team=invitation.team,
        parts=parts,
        now=now,
        name=person.called or invitation.name,
        address=invitation.email,
    )


@transaction.atomic
def end_membership(*, by: Viewer, member: Member, now: datetime) -> None:
    """End a place in the agency. The person keeps their own space; their parts here end with the place."""
    own = by.person is not None and member.person_id == by.person.id
    if by.agency is None or member.agency_id != by.agency.id or not (own or policy.may_manage_people(by)):
        raise Refused(_("Ending a membership is for the person and for administrators of the agency."))
    last_administrator = (
        Responsibility.objects.filter(member=member, kind=Responsibility.ADMINISTRATOR).exists()
        and not Responsibility.objects.filter(
            agency=member.agency, kind=Responsibility.ADMINISTRATOR, member__ended_on=None
        )
        .exclude(member=member)
        .exists()
    )
    if last_administrator:
        raise Refused(_("This is the agency's only administrator. Make somebody else one first; then this place can end."))
    Responsibility.objects.filter(member=member).delete()
    Member.objects.filter(id=member.id, ended_on=None).update(
        ended_on=now.astimezone(ZoneInfo(member.agency.zone)).date()
    )


@transaction.atomic
def place_member(*, by: Viewer, member: Member, team: Team | None, parts: Iterable[Part], now: datetime) -> None:
    """Set a member's team and responsibilities to exactly these."""
    if not policy.may_manage_people(by) or by.agency is None or member.agency_id != by.agency.id:
        raise Refused(_("Moving people is for administrators of the agency."))
    wanted = list(parts)
    if (
        by.member is not None
        and member.id == by.member.id
        and not any(part.kind == Responsibility.ADMINISTRATOR for part in wanted)
        and by.holds(Responsibility.ADMINISTRATOR)
    ):
        raise Refused(_("You can't take your own administrator part away. Ask another administrator to do it."))
    if not Member.objects.filter(id=member.id, ended_on=None).update(team=team):
        raise Refused(_("This place has ended in the meantime. Nothing was changed."))
    Responsibility.objects.filter(member=member).delete()
    Responsibility.objects.bulk_create(
        Responsibility(agency=by.agency, member=member, kind=p.kind, team_id=p.team, programme_id=p.programme) for p in wanted
    )


@transaction.atomic
def name_programme(*, by: Viewer, name: str, now: datetime) -> Programme:
    if not policy.may_manage_people(by) or by.agency is None:
        raise Refused(_("Naming programmes is for administrators of the agency."))
    return Programme.objects.get_or_create(agency=by.agency, name=name.strip()[:120])[0]


@transaction.atomic
def name_team(*, by: Viewer, name: str, programme: Programme | None = None, parent: Team | None = None, now: datetime) -> Team:
    if not policy.may_manage_people(by) or by.agency is None:
        raise Refused(_("Naming teams is for administrators of the agency."))
    for place in (programme, parent):
        if place is not None and place.agency_id != by.agency.id:
            raise Refused(_("That programme or team is not one of this agency."))
    if parent is not None:
        programme = parent.programme  # a team in a team is of its programme
    team, made = Team.objects.get_or_create(
        agency=by.agency, name=name.strip()[:120], programme=programme, defaults={"parent": parent}
    )
    if not made and team.closed_at is not None:
        team.closed_at, team.parent = None, parent
        team.save(update_fields=["closed_at", "parent"])
    return team


@transaction.atomic
def keep_form(*, person: Person, path: str, fields: Mapping[str, Sequence[str]], now: datetime) -> KeptForm:
    """Keep a form that arrived after the session had ended; the newest only, for an hour."""
    KeptForm.objects.filter(person=person).delete()
    kept = {name: list(values) for name, values in fields.items() if name != "csrfmiddlewaretoken"}
    return KeptForm.objects.create(person=person, path=path[:300], fields=kept, kept_at=now)


def drop_kept_forms(*, person: Person | None = None, now: datetime) -> int:
    """Forget kept forms: one person's once given back, and everybody's after an hour."""
    rows = KeptForm.objects.filter(person=person) if person else KeptForm.objects.filter(kept_at__lt=now - KEPT_FORM_LASTS)
    return rows.delete()[0]


ERASED_NAME = ""  # shown as "a former colleague"


def erase(*, person: Person, now: datetime) -> None:
    """This room's part of erasing a person: everything but the key, which `insight` destroys last. Safe to repeat."""
    with transaction.atomic():
        KeptForm.objects.filter(person=person).delete()
        today = now.date()
        Responsibility.objects.filter(member__person=person).delete()
        Member.objects.filter(person=person, ended_on=None).update(ended_on=today)
        Member.objects.filter(person=person).update(name=ERASED_NAME, address=None, person=None)
        addresses = {person.email, *EmailAddress.objects.filter(user=person).values_list("email", flat=True)}
        Invitation.objects.filter(email__in=addresses).delete()
        for session in UserSession.objects.filter(user=person):
            session.end()
        person.delete()  # takes addresses, passkeys and every private row that still points here


def sweep_keys(*, now: datetime, most: int = 500) -> int:
    """Destroy keys whose person is gone: what a crash between two stores may leave behind. The number destroyed."""
    old_enough = WrappedKey.objects.filter(owner_kind="person", made_at__lt=now - timedelta(days=1))
    swept, after = 0, ""
    while True:
        ids = list(old_enough.filter(owner_id__gt=after).order_by("owner_id").values_list("owner_id", flat=True)[:most])
        if not ids:
            return swept
        alive = {str(pk) for pk in Person.objects.filter(pk__in=ids).values_list("pk", flat=True)}
        for owner_id in ids:
            if owner_id not in alive:
                swept += keyring.destroy_key(Owner("person", owner_id))
        after = ids[-1]


def take_kept_form(*, by: Viewer, now: datetime) -> str | None:
    """Take the viewer's kept form away; its address if it was there. Of two that ask at once, one gets it."""
    kept = kept_form(by, now)
    return kept.path if kept and KeptForm.objects.filter(id=kept.id).delete()[0] else None


# ---- what a person does for themselves ----


@transaction.atomic
def take_invitation(
    *, invitation: Invitation, person: Person | None, hello: Hello, private_address: str = "", now: datetime
) -> Member:
    """Accept an invitation and note the addresses: the invited one, which the link proves, and a private one to confirm later."""
    member = accept_invitation(invitation=invitation, person=person, hello=hello, now=now)
    arrived = member.person
    if arrived is None:  # only an erased person's place has nobody; a place just taken has somebody
        raise Refused("This place has nobody any more. Ask for a new invitation.")
    invited = invitation.email.strip().lower()
    if not EmailAddress.objects.filter(email=invited, verified=True).exists():
        EmailAddress.objects.update_or_create(user=arrived, email=invited, defaults={"verified": True})
    private = private_address.strip().lower()
    if private and private != invited:
        EmailAddress.objects.get_or_create(user=arrived, email=private, defaults={"verified": False, "primary": False})
    return member


@transaction.atomic
def settle_in(*, by: Person, called: str, language: str, zone: str, week_start: int, now: datetime) -> None:
    """The last screen of arriving: what to be called, and language, zone and week. Said again, it only corrects."""
    before, called = by.called, called.strip()[:80]
    place_in_time(by=by, language=language, zone=zone, week_start=week_start, now=now)
    call_oneself(by=by, called=called, now=now)
    if by.arrived_at is None:
        by.arrived_at = now
        by.save(update_fields=["arrived_at"])
        if before == by.email.partition("@")[0]:  # nobody had told the agency a name: they know this person as they call themselves
            Member.objects.filter(person=by, ended_on=None, name=before).update(name=called)


@transaction.atomic
def call_oneself(*, by: Person, called: str, now: datetime) -> None:
    """What Keepwell calls a person. The name an agency knows them by is the agency's."""
    by.called = called.strip()[:80]
    by.save(update_fields=["called"])


@transaction.atomic
def place_in_time(*, by: Person, language: str, zone: str, week_start: int, now: datetime) -> None:
    """The language a person reads, the zone their clock shows and the day their week begins."""
    by.language, by.zone, by.week_start = language, zone, week_start
    by.save(update_fields=["language", "zone", "week_start"])


@transaction.atomic
def choose_theme(*, by: Person, theme: str, now: datetime) -> None:
    by.theme = theme
    by.save(update_fields=["theme"])
