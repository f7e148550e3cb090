"""Every read of this room. Figures come from release rows and from nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from keepwell.ballots.models import Period, PersonalSlip, ProofRun, RaisedK, Release, Roster
from keepwell.ballots.rules import chain
from keepwell.ballots.rules.asked import Asked
from keepwell.ballots.rules.release import CHOICES, ROOT_FLOOR
from keepwell.ballots.rules.release import k_in_force as highest
from keepwell.ballots.rules.tree import LEADS, ROOT, node_of
from keepwell.kit.periods import local_date, local_instant, period_containing
from keepwell.people.models import Agency, Member, Person, Programme, Team
from keepwell.people.viewer import Viewer

SETTLES: Final = timedelta(hours=72)
PERIODS_SHOWN: Final = 13  # a year


# ---- released figures ----


@dataclass(frozen=True)
class Figure:
    """What was released of one node in one period."""

    node: str
    size: str
    bands: dict[str, int]
    shares: dict[str, str]
    replied: str | None


@dataclass(frozen=True)
class Picture:
    """A closed period: its figures by node. A node that is not among them says so for every reason in the same words."""

    starts_on: date
    ends_on: date
    k: int
    asked: tuple[Asked, ...]
    parents: dict[str, str | None]
    figures: dict[str, Figure]


def released(viewer: Viewer, *, periods: int = PERIODS_SHOWN) -> list[Picture]:
    """The latest closed periods of the viewer's agency, newest first, released or not. Two queries, whatever was before them."""
    if viewer.agency is None:
        return []
    closed = Period.objects.filter(agency=viewer.agency, state__in=[Period.CLOSED, Period.GIVEN_UP]).order_by("-starts_on")[:periods]
    found = {
        one.id: Picture(one.starts_on, one.starts_on + timedelta(days=27), one.k, one.catalogue, one.tree, {}) for one in closed
    }
    for row in Release.objects.filter(period__in=list(found)).order_by("number"):
        told = row.cells
        found[row.period_id].figures[row.node] = Figure(
            row.node, told["size"], told["bands"], told.get("shares", {}), told.get("replied")
        )
    return list(found.values())


def names(viewer: Viewer, nodes: Iterable[str]) -> dict[str, str]:
    """How nodes are called now; one that is no longer there is left out."""
    if viewer.agency is None:
        return {}
    by_kind: dict[str, list[str]] = {"programme": [], "team": []}
    for node in nodes:
        kind, _colon, of = node.partition(":")
        if kind in by_kind:
            by_kind[kind].append(of)
    found = {ROOT: viewer.agency.name}
    found.update((f"programme:{p.id}", p.name) for p in Programme.objects.filter(agency=viewer.agency, id__in=by_kind["programme"]))
    found.update((f"team:{t.id}", t.name) for t in Team.objects.filter(agency=viewer.agency, id__in=by_kind["team"]))
    return found


def chain_holds(agency: Agency) -> bool:
    """Whether every release of the agency stands where and as it was written."""
    before = chain.START
    for number, row in enumerate(Release.objects.filter(agency=agency).order_by("number").iterator(), start=1):
        if row.number != number or row.hash != chain.link(before, str(agency.id), str(row.period_id), row.node, row.cells):
            return False
        before = row.hash
    return True


def still_shown(picture: Picture, k: int) -> dict[str, bool]:
    """For each figure of a past picture whether its group would be large enough for ``k``: known from its size band alone."""
    return {node: int(one.size.rstrip("+").partition("-")[0]) >= k for node, one in picture.figures.items()}


# ---- before there is a picture ----


def k_in_force(agency: Agency, now: datetime) -> int:
    """How many people at the least stand in a group whose figures are shown: of the period that is open, else of the next."""
    here = Period.objects.filter(agency=agency, opens_at__lte=now, closes_at__gt=now).values_list("k", flat=True).first()
    return here or k_on(agency, local_date(now, agency.zone))


def k_on(agency: Agency, day: date) -> int:
    """What holds for a period that begins on this day."""
    return highest(list(RaisedK.objects.filter(agency=agency, from_day__lte=day).values_list("k", flat=True)))


def k_ahead(agency: Agency, now: datetime) -> tuple[int, date] | None:
    """A larger k that has been chosen and has not begun, and from when."""
    later = RaisedK.objects.filter(agency=agency, from_day__gt=local_date(now, agency.zone)).order_by("-k").first()
    return (later.k, later.from_day) if later else None


def k_choices(agency: Agency, now: datetime) -> list[int]:
    """What the agency could raise k to."""
    chosen = max([k_in_force(agency, now), *RaisedK.objects.filter(agency=agency).values_list("k", flat=True)])
    return [k for k in CHOICES if k > chosen]


def large_enough(agency: Agency) -> bool:
    """Whether the agency could ever have a picture at its present size. Below it nobody is asked to be counted."""
    return Member.objects.filter(agency=agency, ended_on=None, person__isnull=False).count() >= ROOT_FLOOR


def first_picture_on(agency: Agency, now: datetime) -> date | None:
    """The day of the first picture: the one there was, or the next there may be; None while the agency is too small for any."""
    first = Release.objects.filter(agency=agency, number=1).select_related("period").first()
    if first is not None:
        return local_date(first.period.closes_at + SETTLES, agency.zone)
    waiting = Period.objects.filter(agency=agency, state__in=[Period.OPEN, Period.CLOSING]).order_by("closes_at").first()
    if waiting is not None:
        return local_date(waiting.closes_at + SETTLES, agency.zone)
    if not large_enough(agency):
        return None
    nearest = period_containing(local_date(now, agency.zone)).next()
    closes = local_instant(nearest.end + timedelta(days=1), datetime.min.time(), agency.zone)
    return local_date(closes + SETTLES, agency.zone)


# ---- one's own ----


def is_counted(person: Person, agency: Agency) -> bool | None:
    """The person's own choice; None before they were asked. For nobody's eyes but theirs."""
    slip = PersonalSlip.objects.filter(person=person, agency=agency).first()
    return bool(slip.inside["counted"]) if slip else None


@dataclass(frozen=True)
class Group:
    """Whom somebody's group holds in the period that is open."""

    node: str | None  # None: who leads the agency is in no group
    leads: bool  # they stand with those who lead something below the node
    names: tuple[str, ...]  # everybody who stands there, themselves included
    counts: bool  # false in the first period of an account


def group_of(person: Person, agency: Agency, now: datetime) -> Group | None:
    """The people with whom somebody is counted now; None while no period is open or they joined in its course."""
    own = (
        Roster.objects.filter(person=person, agency=agency, period__opens_at__lte=now, period__closes_at__gt=now)
        .select_related("period")
        .first()
    )
    if own is None:
        return None
    if not own.leaf:
        return Group(None, True, (), False)
    beside = Roster.objects.filter(period=own.period, leaf=own.leaf).values("person")
    called = Member.objects.filter(agency=agency, person__in=beside, ended_on=None).order_by("name", "id").values_list("name", flat=True)
    return Group(node_of(own.leaf), own.leaf.endswith(LEADS), tuple(called), own.counts)


def export(person: Person) -> dict[str, list[dict[str, Any]]]:
    """Everything this room holds of a person: their choice in each agency, and where they stand in open periods."""
    return {
        "counted": [
            {"id": str(one.id), "agency": one.agency.name, "counted": one.inside["counted"], "open_ballots": len(one.inside["ballots"])}
            for one in PersonalSlip.objects.filter(person=person).select_related("agency").order_by("id")
        ],
        "standing": [
            {"id": str(one.id), "agency": one.agency.name, "period": one.period.starts_on.isoformat(), "group": one.leaf}
            for one in Roster.objects.filter(person=person).select_related("agency", "period").order_by("period__starts_on")
        ],
    }


# ---- the self-test ----


def last_proof(variant: str = "") -> ProofRun | None:
    """What `keepwell prove privacy` found when it last ran here."""
    return ProofRun.objects.filter(variant=variant).order_by("-ran_at").first()


def waiting_without_key(now: datetime) -> Sequence[UUID]:
    """Periods whose time to be opened has come, and which are still not closed."""
    return list(
        Period.objects.filter(state__in=[Period.OPEN, Period.CLOSING], closes_at__lte=now - SETTLES).values_list("id", flat=True)
    )
