"""Every read of this room; the first argument is who is looking. An outsider finds nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.core import signing
from django.db.models import QuerySet

from keepwell.people import policy
from keepwell.people.models import (
    Agency,
    Installation,
    Invitation,
    KeptForm,
    Member,
    Person,
    Programme,
    Responsibility,
    TalkTo,
    Team,
)
from keepwell.people.rooms import SWITCHABLE
from keepwell.people.viewer import Viewer

INVITATION_SALT = "keepwell.invitation"
KEPT_FORM_LASTS = timedelta(hours=1)


def installation() -> Installation | None:
    """This server's own row; None before the first run."""
    return Installation.objects.first()


def is_set_up() -> bool:
    """Whether this server is somebody's. A store with an agency is, whatever became of the installation's row."""
    return Installation.objects.exists() or Agency.objects.exists()


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


def everybody(viewer: Viewer) -> QuerySet[Member]:
    """The same people as `members`, for a list to choose from: their names and nothing more."""
    return members(viewer).select_related(None).prefetch_related(None)


def is_here(viewer: Viewer, email: str) -> bool:
    """Whether somebody the agency invited under this address is here. Addresses people added themselves are not asked."""
    return policy.may_manage_people(viewer) and Member.objects.filter(agency=viewer.agency, ended_on=None, address=email).exists()


def team(viewer: Viewer, team_id: UUID, *, closed: bool = False) -> Team | None:
    """An open team of the agency, for those who look after teams; a closed one, too, where that makes no difference."""
    if not policy.may_manage_people(viewer):
        return None
    return (Team.objects.filter(agency=viewer.agency) if closed else teams(viewer)).filter(id=team_id).first()


def programme(viewer: Viewer, programme_id: UUID) -> Programme | None:
    return programmes(viewer).filter(id=programme_id).first() if policy.may_manage_people(viewer) else None


def invitation(viewer: Viewer, invitation_id: UUID) -> Invitation | None:
    """An invitation of the agency that nobody has taken, open or withdrawn."""
    if not policy.may_manage_people(viewer):
        return None
    return Invitation.objects.filter(agency=viewer.agency, id=invitation_id, accepted_at=None).first()


def supervisors_of(viewer: Viewer, team: Team) -> list[Member]:
    if not policy.may_see_people(viewer):
        return []
    return list(
        everybody(viewer).filter(responsibilities__kind=Responsibility.SUPERVISOR, responsibilities__team=team).order_by("name", "id")
    )


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


def took_invitation(viewer: Viewer, token: str) -> bool:
    """Whether the viewer is the one who took the invitation that a link names."""
    try:
        invitation_id = signing.loads(token, salt=INVITATION_SALT)
    except signing.BadSignature:
        return False
    found = Invitation.objects.filter(id=invitation_id).exclude(accepted_at=None).first()
    return bool(found and viewer.person and viewer.person.email == found.email)


def first_country() -> str:
    """The country of this server's first agency, for whoever is not signed in; empty before there is one."""
    return Agency.objects.order_by("made_at").values_list("country", flat=True).first() or ""


def kept_form(viewer: Viewer, now: datetime) -> KeptForm | None:
    """The viewer's own form that was sent after the session had ended: the newest, for an hour."""
    if viewer.person is None:
        return None
    return KeptForm.objects.filter(person=viewer.person, kept_at__gte=now - KEPT_FORM_LASTS).order_by("-kept_at").first()


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
            for one in EmailAddress.objects.filter(user=person).order_by("pk")
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


@dataclass
class Branch:
    """A programme (or the agency itself, with no programme) and its teams, each with its depth in the tree."""

    programme: Programme | None
    teams: list[tuple[int, Team]] = field(default_factory=list)


def team_tree(viewer: Viewer) -> list[Branch]:
    """The agency's open teams under their programmes, parents before children."""
    if not policy.may_see_people(viewer):
        return []
    children: dict[UUID | None, list[Team]] = defaultdict(list)
    open_teams = list(teams(viewer))
    here = {team.id for team in open_teams}
    for team in open_teams:
        children[team.parent_id if team.parent_id in here else None].append(team)
    branches: dict[UUID | None, Branch] = {one.id: Branch(one) for one in programmes(viewer)}
    rest = Branch(None)

    def grow(parent: UUID | None, depth: int) -> None:
        for team in children[parent]:
            branches.get(team.programme_id, rest).teams.append((depth, team))
            grow(team.id, depth + 1)

    grow(None, 0)
    return [*branches.values(), *([rest] if rest.teams else [])]


@dataclass(frozen=True)
class Supervised:
    team: Team
    supervisors: list[Member]


def supervision(viewer: Viewer) -> list[Supervised]:
    """Every open team with who supervises it."""
    if not policy.may_see_people(viewer):
        return []
    by_team: dict[UUID | None, list[Member]] = defaultdict(list)
    held = Responsibility.objects.filter(agency=viewer.agency, kind=Responsibility.SUPERVISOR, member__ended_on=None)
    for one in held.select_related("member"):
        by_team[one.team_id].append(one.member)
    return [Supervised(team, by_team[team.id]) for team in teams(viewer)]


@dataclass(frozen=True)
class SetupStep:
    """A step, how many things stand there, and of how many where that is known."""

    slug: str
    there: int = 0
    of: int | None = None

    @property
    def level(self) -> int:
        """How full its well is drawn, of four."""
        if not self.there:
            return 0
        return 4 if self.of is None or self.there >= self.of else 2


def setup_steps(viewer: Viewer) -> list[SetupStep]:
    """The six short steps after the first run, each usable alone, and what stands there by now."""
    if viewer.agency is None or not policy.may_manage_people(viewer):
        return []
    here = teams(viewer)
    supervised = here.filter(
        id__in=Responsibility.objects.filter(
            agency=viewer.agency, kind=Responsibility.SUPERVISOR, member__ended_on=None
        ).values("team_id")
    )
    count = here.count()
    return [
        SetupStep("teams", count),
        SetupStep("supervisors", supervised.count(), count),
        SetupStep("talk-to", TalkTo.objects.filter(agency=viewer.agency).count()),
        # a letter that was answered has arrived
        SetupStep("post", int(Invitation.objects.filter(agency=viewer.agency).exclude(accepted_at=None).exists())),
        SetupStep("country", int(bool(viewer.agency.exit_url))),
        SetupStep("rooms", len([slug for slug in viewer.agency.rooms if slug in SWITCHABLE]), None),
    ]
