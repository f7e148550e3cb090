"""What a person does with their ballot, and an agency with its group size. Other rooms call `drop`, `withdraw` and `erase` only.

A ballot changes hands in one transaction that holds the person's row, so that of two tabs one comes second; and the period's, so
that nothing is dropped into a box that is being opened. Every call with the same words may be repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from keepwell.ballots.models import Ballot, Period, PersonalSlip, RaisedK, Roster
from keepwell.ballots.queries import k_in_force
from keepwell.ballots.rules.asked import has_both_strains, whole_values
from keepwell.ballots.rules.box import Slot, seal_ballot
from keepwell.ballots.rules.release import CHOICES
from keepwell.kit.periods import local_date, period_containing, zone_of
from keepwell.people import policy
from keepwell.people.actions import Refused
from keepwell.people.models import Agency, Person
from keepwell.people.viewer import Viewer

REPLAYS: Final = timedelta(hours=72)  # how long what was answered offline may still arrive


def drop(*, by: Person, values: Mapping[str, float | bool | None], now: datetime, on: date | None = None) -> int:
    """Put the person's values of a period into the box, or replace what is there; in how many agencies a ballot lies now.

    ``values`` are the person's own means of the period so far, by the slugs of `rules.asked`; ``on`` is any day of the period
    (today). Does nothing for whoever did not agree, does not count yet, or comes after the box was closed. Without both strains
    there is no ballot: one that lay there is taken back.
    """
    period_start = period_containing(on or _today(by, now)).start
    standing = Roster.objects.filter(person=by, period__starts_on=period_start).select_related("period")
    return sum(_drop_one(by, row, values, now) for row in standing)


def replace(*, by: Person, values: Mapping[str, float | bool | None], now: datetime, on: date | None = None) -> int:
    """The same as `drop`: a ballot that lies there is replaced."""
    return drop(by=by, values=values, now=now, on=on)


@transaction.atomic
def _drop_one(by: Person, row: Roster, values: Mapping[str, float | bool | None], now: datetime) -> int:
    _one_at_a_time(by)
    period = Period.objects.select_for_update().get(id=row.period_id)
    slip = PersonalSlip.objects.filter(person=by, agency_id=row.agency_id).first()
    if slip is None:
        return 0  # never asked, or never answered
    kept = dict(slip.inside)
    open_now = period.state == Period.OPEN and now < period.closes_at + REPLAYS
    if kept["counted"] and row.counts and row.leaf and open_now:
        _take_back(kept, period.id)
        whole = whole_values(period.catalogue, values)
        if has_both_strains(period.catalogue, whole):
            ballot = Ballot(agency_id=row.agency_id, period=period)
            slot = Slot(str(row.agency_id), str(period.id), str(ballot.id))
            ballot.sealed = seal_ballot(bytes(period.public_key), row.leaf, whole, slot)
            ballot.save(force_insert=True)
            kept["ballots"][str(period.id)] = str(ballot.id)
    _keep(slip, kept)  # written anew in every case: the store can't tell who dropped from who did not
    return int(open_now and str(period.id) in kept["ballots"])


@transaction.atomic
def choose_counted(*, by: Person, agency: Agency, yes: bool, now: datetime) -> None:
    """The person's choice, changeable any time. A no takes back what lies in an open box; nobody else can tell it from a yes."""
    _one_at_a_time(by)
    slip = PersonalSlip.objects.filter(person=by, agency=agency).first() or PersonalSlip(person=by, agency=agency)
    kept = dict(slip.inside) if not slip._state.adding else {"counted": False, "ballots": {}}
    kept["counted"] = bool(yes)
    if not yes:
        _take_all_back(kept)
    _keep(slip, kept)


@transaction.atomic
def withdraw(*, by: Person, now: datetime) -> int:
    """Take every ballot of the person's out of the open boxes; how many. What was released stays released."""
    _one_at_a_time(by)
    return sum(_withdraw_slip(slip) for slip in PersonalSlip.objects.filter(person=by).order_by("id"))


@transaction.atomic
def erase(*, person: Person, now: datetime) -> None:
    """This room's part of erasing a person: ballots out of the box first, then what knew of them. Safe to repeat."""
    withdraw(by=person, now=now)
    PersonalSlip.objects.filter(person=person).delete()
    Roster.objects.filter(person=person).delete()


def _one_at_a_time(person: Person) -> None:
    """Of two tabs one comes second."""
    list(Person.objects.select_for_update().filter(id=person.id).values_list("id"))


def _withdraw_slip(slip: PersonalSlip) -> int:
    kept = dict(slip.inside)
    taken = _take_all_back(kept)
    _keep(slip, kept)
    return taken


def _take_all_back(kept: dict[str, Any]) -> int:
    return sum(_take_back(kept, UUID(period)) for period in list(kept["ballots"]))


def _take_back(kept: dict[str, Any], period_id: UUID) -> int:
    ballot = kept["ballots"].pop(str(period_id), None)
    return Ballot.objects.filter(id=ballot).delete()[0] if ballot else 0


def _keep(slip: PersonalSlip, kept: dict[str, Any]) -> None:
    """Save the slip; ballots of closed periods are forgotten, they are gone."""
    still = set(
        Period.objects.filter(id__in=kept["ballots"], state__in=[Period.OPEN, Period.CLOSING]).values_list("id", flat=True)
    )
    slip.inside = {"counted": kept["counted"], "ballots": {p: b for p, b in kept["ballots"].items() if UUID(p) in still}}
    slip.save()


def _today(person: Person, now: datetime) -> date:
    try:
        zone_of(person.zone)
    except (KeyError, ValueError, OSError):  # a zone that is no longer known must not keep anybody from being counted
        return local_date(now, "UTC")
    return local_date(now, person.zone)


@transaction.atomic
def raise_k(*, by: Viewer, k: int, now: datetime) -> date:
    """Ask for larger groups, from the next period on; the day it begins. Only ever upwards."""
    if by.agency is None or not policy.may_manage_people(by):
        raise Refused(_("Choosing larger groups is for administrators of the agency."))
    Agency.objects.select_for_update().get(id=by.agency.id)
    chosen = RaisedK.objects.filter(agency=by.agency, k=k).first()
    if chosen is not None:
        return chosen.from_day  # pressed twice
    ahead = [k_in_force(by.agency, now), *RaisedK.objects.filter(agency=by.agency).values_list("k", flat=True)]
    if k not in CHOICES or k <= max(ahead):
        raise Refused(_("Groups can be made larger, to 10, 15 or 20, never smaller. Nothing was changed."))
    day = period_containing(now.astimezone(ZoneInfo(by.agency.zone)).date()).next().start
    RaisedK.objects.create(agency=by.agency, k=k, from_day=day)
    return day
