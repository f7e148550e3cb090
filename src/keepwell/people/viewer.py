"""Who is looking. Every read begins with a `Viewer`; views find it at `request.viewer`.

Made from one query: the person's current memberships, each with its agency and responsibilities. A person who has left every
agency is a viewer too, with their own space and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.http import HttpRequest

from keepwell.people import words as word_sets
from keepwell.people.models import Agency, Member, Person, Responsibility


@dataclass(frozen=True)
class Held:
    """One responsibility: its kind, and the team or programme it is for (neither: the whole agency)."""

    kind: str
    team_id: UUID | None = None
    programme_id: UUID | None = None


@dataclass(frozen=True)
class Viewer:
    """``person`` is None for someone not signed in; ``member`` and ``agency`` are None in nobody's agency."""

    person: Person | None = None
    member: Member | None = None
    held: frozenset[Held] = frozenset()
    others: tuple[Member, ...] = field(default=(), compare=False)  # the person's places in other agencies

    @property
    def agency(self) -> Agency | None:
        return self.member.agency if self.member else None

    @property
    def rooms(self) -> frozenset[str]:
        """Slugs of the rooms switched on. In nobody's agency one keeps one's own rooms."""
        return frozenset(self.agency.rooms) if self.agency else frozenset(OWN_ROOMS)

    @property
    def words(self) -> dict[str, str]:
        return word_sets.word_set(self.agency.words if self.agency else word_sets.DEFAULT)

    def holds(self, *kinds: str) -> bool:
        return any(held.kind in kinds for held in self.held)

    def supervises(self, team_id: UUID | None) -> bool:
        return team_id is not None and Held(Responsibility.SUPERVISOR, team_id=team_id) in self.held

    @property
    def sees_others(self) -> bool:
        """Whoever answers for others signs in with a second factor."""
        return bool(self.held)


OWN_ROOMS = ("measures", "plans")

ANYBODY = Viewer()


class Request(HttpRequest):
    """Django's request with what our middleware adds to it; what every view is handed."""

    viewer: Viewer
    now: datetime


def viewer_for(person: Person, agency_id: str | None = None) -> Viewer:
    """The viewer a signed-in person is, in the agency named (or their oldest place)."""
    rows = (
        Member.objects.filter(person=person, ended_on=None)
        .select_related("agency")
        .annotate(
            held_kind=F("responsibilities__kind"),
            held_team=F("responsibilities__team_id"),
            held_programme=F("responsibilities__programme_id"),
        )
    )
    members: dict[UUID, Member] = {}
    held: dict[UUID, set[Held]] = {}
    for row in sorted(rows, key=lambda one: (one.began_on, one.id)):
        members.setdefault(row.id, row)
        if row.held_kind:
            held.setdefault(row.id, set()).add(Held(row.held_kind, row.held_team, row.held_programme))
    chosen = next((m for m in members.values() if str(m.agency_id) == agency_id), None) or next(iter(members.values()), None)
    if chosen is None:
        return Viewer(person)
    return Viewer(
        person, chosen, frozenset(held.get(chosen.id, ())), tuple(m for m in members.values() if m is not chosen)
    )
