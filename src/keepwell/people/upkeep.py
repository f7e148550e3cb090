"""Looking after an agency: its teams and programmes, who accompanies them, the list of people to talk to, its settings.

Verbs like those of `actions`: keyword arguments, ``by=`` and ``now=``, one transaction each, safe to repeat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from keepwell.people import policy
from keepwell.people.actions import Refused
from keepwell.people.models import Agency, Invitation, Member, Programme, Responsibility, TalkTo, Team
from keepwell.people.rules import teams as shapes
from keepwell.people.viewer import Viewer


@transaction.atomic
def settle_team(
    *,
    by: Viewer,
    team: Team,
    name: str,
    programme: Programme | None,
    parent: Team | None,
    supervisors: Sequence[Member],
    now: datetime,
) -> None:
    """Change a team's name and place, and set who supervises it to exactly these."""
    if not policy.may_manage_people(by) or by.agency is None:
        raise Refused(_("Changing teams is for administrators of the agency."))
    for one in (team, programme, parent, *supervisors):
        if one is not None and one.agency_id != by.agency.id:
            raise Refused(_("That programme, team or person is not of this agency."))
    # the rows are held until this is done: two who move two teams into each other at once must not make a ring
    tree = {one.id: one for one in Team.objects.select_for_update().filter(agency=by.agency).order_by("id")}
    parents = {one.id: one.parent_id for one in tree.values()}
    if parent is not None and shapes.would_loop(parents, team.id, parent.id):
        raise Refused(_("A team can’t be part of itself or of a team within it. Nothing was changed."))
    if parent is not None:
        programme = parent.programme  # a team in a team is of its programme
    below = shapes.within(parents, team.id)
    named = [(tree[one].name, one) for one in below if one != team.id] + [(name.strip()[:120], team.id)]
    taken = Team.objects.filter(agency=by.agency, programme=programme, name__in=[one for one, _id in named]).exclude(id__in=below)
    if taken.exists() or len({one for one, _id in named}) < len(named):
        raise Refused(_("There is a team of that name already. Nothing was changed. Choose another name."))
    Team.objects.filter(id__in=below).update(programme=programme)
    Team.objects.filter(id=team.id).update(name=name.strip()[:120], parent=parent)
    held = Responsibility.objects.filter(agency=by.agency, kind=Responsibility.SUPERVISOR, team=team)
    held.exclude(member__in=supervisors).delete()
    for member in supervisors:
        if member.ended_on is None:
            Responsibility.objects.get_or_create(agency=by.agency, member=member, kind=Responsibility.SUPERVISOR, team=team, programme=None)


@transaction.atomic
def rename_programme(*, by: Viewer, programme: Programme, name: str, now: datetime) -> None:
    if not policy.may_manage_people(by) or by.agency is None or programme.agency_id != by.agency.id:
        raise Refused(_("Naming programmes is for administrators of the agency."))
    if Programme.objects.filter(agency=by.agency, name=name.strip()[:120]).exclude(id=programme.id).exists():
        raise Refused(_("There is a programme of that name already. Nothing was changed. Choose another name."))
    Programme.objects.filter(id=programme.id).update(name=name.strip()[:120])


@transaction.atomic
def close_team(*, by: Viewer, team_id: UUID, now: datetime) -> None:
    """Close a team that nobody is in and that holds no open team; its history stays."""
    team = Team.objects.filter(id=team_id, agency=by.agency, closed_at=None).first() if by.agency else None
    if team is None or not policy.may_manage_people(by):
        return
    if Member.objects.filter(team=team, ended_on=None).exists() or Team.objects.filter(parent=team, closed_at=None).exists():
        raise Refused(_("There are still people or teams in it. Place them somewhere else first; then it can close."))
    Responsibility.objects.filter(team=team).delete()
    Invitation.objects.filter(team=team, accepted_at=None).update(team=None)
    Team.objects.filter(id=team.id).update(closed_at=now)


@transaction.atomic
def list_to_talk(*, by: Viewer, entry: TalkTo, now: datetime) -> TalkTo:
    """Put somebody to talk to on the agency's list, or change them; the same name and phone twice is one entry."""
    if not policy.may_manage_people(by) or by.agency is None:
        raise Refused(_("The list is kept by administrators of the agency."))
    if entry._state.adding:
        same = TalkTo.objects.filter(agency=by.agency, name=entry.name, phone=entry.phone, kind=entry.kind).first()
        if same is not None:
            return same
        entry.agency = by.agency
        entry.place = TalkTo.objects.filter(agency=by.agency).count()
    elif entry.agency_id != by.agency.id:
        raise Refused(_("That entry is not on this agency's list."))
    entry.save()
    return entry


@transaction.atomic
def unlist_to_talk(*, by: Viewer, entry_id: UUID, now: datetime) -> None:
    if policy.may_manage_people(by):
        TalkTo.objects.filter(id=entry_id, agency=by.agency).delete()


AGENCY_SETTINGS = ("country", "zone", "language", "exit_url")
AGENCY_CHOICES = ("rooms", "words")


@transaction.atomic
def settle_agency(*, by: Viewer, values: Mapping[str, Any], now: datetime) -> None:
    """Change the agency's settings. Rooms and words are for administrators; the rest for technical administrators too."""
    if by.agency is None or not policy.may_look_after_server(by):
        raise Refused(_("These settings are for administrators of the agency."))
    allowed = AGENCY_SETTINGS + (AGENCY_CHOICES if policy.may_manage_people(by) else ())
    Agency.objects.filter(id=by.agency.id).update(**{name: values[name] for name in allowed if name in values})
