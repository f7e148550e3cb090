"""Every read of this room; the first argument is who is looking. An outsider finds nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core import signing
from django.db.models import QuerySet

from keepwell.people import policy
from keepwell.people.models import Agency, Installation, Invitation, KeptForm, Member, Person, Programme, TalkTo, Team
from keepwell.people.viewer import Viewer

INVITATION_SALT = "keepwell.invitation"


def installation() -> Installation | None:
    """This server's own row; None before the first run."""
    return Installation.objects.first()


def talk_to(viewer: Viewer) -> QuerySet[TalkTo]:
    """The viewer's agency's list of people to talk to."""
    return TalkTo.objects.filter(agency=viewer.agency) if viewer.agency else TalkTo.objects.none()


def members(viewer: Viewer) -> QuerySet[Member]:
    """Everybody with a place in the viewer's agency now, by name; for those whose work it is."""
    if not policy.may_see_people(viewer):
        return Member.objects.none()
    return (
        Member.objects.filter(agency=viewer.agency, ended_on=None)
        .select_related("team", "team__programme")
        .prefetch_related("responsibilities__team", "responsibilities__programme")
        .order_by("name", "id")
    )


def member(viewer: Viewer, member_id: UUID) -> Member | None:
    return members(viewer).filter(id=member_id).first()


def teams(viewer: Viewer) -> QuerySet[Team]:
    """The agency's open teams, for anybody in it."""
    if viewer.agency is None:
        return Team.objects.none()
    return Team.objects.filter(agency=viewer.agency, closed_at=None).select_related("programme", "parent").order_by("name")


def programmes(viewer: Viewer) -> QuerySet[Programme]:
    return Programme.objects.filter(agency=viewer.agency).order_by("name") if viewer.agency else Programme.objects.none()


def open_invitations(viewer: Viewer) -> QuerySet[Invitation]:
    if not policy.may_manage_people(viewer):
        return Invitation.objects.none()
    return (
        Invitation.objects.filter(agency=viewer.agency, accepted_at=None, withdrawn_at=None)
        .select_related("team")
        .order_by("-made_at")
    )


def invitation_by_token(token: str, now: datetime) -> Invitation | None:
    """The open invitation that a link names, or None: forged, used, withdrawn and expired look the same."""
    try:
        invitation_id = signing.loads(token, salt=INVITATION_SALT)
    except signing.BadSignature:
        return None
    found = Invitation.objects.select_related("agency", "team").filter(id=invitation_id).first()
    return found if found and found.open_at(now) else None


def kept_form(viewer: Viewer, now: datetime) -> KeptForm | None:
    """The viewer's own form that was sent after the session had ended, newest first."""
    return KeptForm.objects.filter(person=viewer.person).order_by("-kept_at").first() if viewer.person else None


def agency_by_slug(slug: str) -> Agency | None:
    return Agency.objects.filter(slug=slug).first()


def person_by_email(email: str) -> Person | None:
    return Person.objects.filter(email__iexact=email.strip()).first()


def export(person: Person) -> dict[str, list[dict[str, object]]]:
    """Everything this room holds of a person, in plain JSON values."""
    return {
        "me": [
            {
                "id": str(person.id),
                "email": person.email,
                "called": person.called,
                "language": person.language,
                "zone": person.zone,
                "week_start": person.week_start,
                "theme": person.theme,
                "arrived_at": person.arrived_at.isoformat() if person.arrived_at else None,
            }
        ],
        "addresses": [
            {"id": str(one.pk), "email": one.email, "verified": one.verified, "primary": one.primary}
            for one in person.emailaddress_set.order_by("pk")
        ],
        "memberships": [
            {
                "id": str(one.id),
                "agency": one.agency.name,
                "kind": one.kind,
                "team": one.team.name if one.team else None,
                "began_on": one.began_on.isoformat(),
                "ended_on": one.ended_on.isoformat() if one.ended_on else None,
                "responsibilities": sorted(part.kind for part in one.responsibilities.all()),
            }
            for one in person.memberships.select_related("agency", "team").prefetch_related("responsibilities").order_by("began_on")
        ],
    }
