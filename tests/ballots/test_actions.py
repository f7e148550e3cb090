"""Dropping, replacing, withdrawing, choosing; and what of it nobody can see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from keepwell.ballots import actions, queries
from keepwell.ballots.models import Ballot, Period, PersonalSlip, RaisedK, Roster
from keepwell.ballots.rules.box import SEALED
from keepwell.insight import actions as insight
from keepwell.people.actions import Part, Refused, end_membership
from keepwell.people.models import Member, Person, Responsibility
from keepwell.people.viewer import viewer_for
from tests.ballots.conftest import FIRST, SPAN, Place

Make = Callable[..., Place]
LATER = timedelta(days=3)


def administrator(here: Place) -> Person:
    return here.join("", 1, parts={0: Part(Responsibility.ADMINISTRATOR)})[0]


def test_whoever_never_answered_is_not_counted(place: Make) -> None:
    here = place(north=10)
    here.open(FIRST)
    assert here.answer(here.people["north"], FIRST) == 0
    assert Ballot.objects.count() == 0
    assert queries.is_counted(here.people["north"][0], here.agency) is None


def test_a_ballot_is_dropped_replaced_and_withdrawn(place: Make) -> None:
    here = place(north=10)
    here.open(FIRST)
    ada = here.people["north"][0]
    here.agree([ada])
    assert here.answer([ada], FIRST) == 1
    first = Ballot.objects.get()
    assert actions.replace(by=ada, values={"burnout": 0.1, "compassion-fatigue": 0.1}, now=FIRST + LATER) == 1
    assert Ballot.objects.get().id != first.id
    assert actions.withdraw(by=ada, now=FIRST + LATER) == 1
    assert actions.withdraw(by=ada, now=FIRST + LATER) == 0
    assert Ballot.objects.count() == 0
    assert queries.is_counted(ada, here.agency) is True


def test_saying_no_takes_back_what_lies_in_the_box(place: Make) -> None:
    here = place(north=10)
    here.open(FIRST)
    here.agree(here.people["north"])
    here.answer(here.people["north"], FIRST)
    actions.choose_counted(by=here.people["north"][0], agency=here.agency, yes=False, now=FIRST + LATER)
    assert Ballot.objects.count() == 9
    assert here.answer(here.people["north"], FIRST + LATER) == 9


def test_without_both_strains_there_is_no_ballot(place: Make) -> None:
    here = place(north=10)
    here.open(FIRST)
    ada = here.people["north"][0]
    here.agree([ada])
    here.answer([ada], FIRST)
    assert here.answer([ada], FIRST + LATER, burnout=None) == 0  # she erased what she had answered
    assert Ballot.objects.count() == 0


def test_tis_8_yes_and_no_look_alike_from_outside(place: Make) -> None:
    here = place(north=10)
    here.open(FIRST)
    ada, rosa = here.people["north"][:2]
    here.agree([ada])
    actions.choose_counted(by=rosa, agency=here.agency, yes=False, now=FIRST)

    def columns() -> tuple[list[int], list[bytes]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT inside FROM ballots_personalslip ORDER BY person_id")
            rows = [bytes(row[0]) for row in cursor.fetchall()]
        return [len(row) for row in rows], rows

    lengths, before = columns()
    assert len(set(lengths)) == 1
    here.answer([ada, rosa], FIRST)
    lengths, after = columns()
    assert len(set(lengths)) == 1
    assert not set(before) & set(after)  # both were written anew, though only one has a ballot
    assert [field.name for field in PersonalSlip._meta.concrete_fields] == ["id", "person", "agency", "inside"]


def test_a_ballot_in_the_store_names_nobody_and_has_no_time(place: Make) -> None:
    here = place(north=10)
    here.open(FIRST)
    here.agree(here.people["north"])
    here.answer(here.people["north"], FIRST)
    assert [field.name for field in Ballot._meta.concrete_fields] == ["id", "agency", "period", "sealed"]
    assert {len(bytes(one.sealed)) for one in Ballot.objects.all()} == {SEALED}


@pytest.mark.sqlite
def test_the_box_keeps_no_order(place: Make) -> None:
    here = place(north=10)
    here.open(FIRST)
    here.agree(here.people["north"])
    here.answer(here.people["north"], FIRST)
    with connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="rowid"), transaction.atomic():
            cursor.execute("SELECT rowid FROM ballots_ballot")
        cursor.execute("SELECT id FROM ballots_ballot NOT INDEXED")
        ids = [row[0] for row in cursor.fetchall()]
    assert ids == sorted(ids)


def test_what_was_answered_offline_counts_for_three_days(place: Make) -> None:
    here = place(north=10)
    here.open(FIRST)
    ada = here.people["north"][0]
    here.agree([ada])
    said = {"burnout": 0.5, "compassion-fatigue": 0.3}
    late = FIRST.replace(hour=0) + SPAN + timedelta(hours=71)
    assert actions.drop(by=ada, values=said, on=FIRST.date(), now=late) == 1
    assert actions.drop(by=ada, values=said, on=FIRST.date(), now=late + timedelta(hours=1)) == 0
    assert actions.drop(by=ada, values=said, now=late) == 0  # the day it is belongs to a period that is not open yet


def test_who_joins_in_mid_period_stands_on_the_next_roster_and_counts_from_the_second(place: Make) -> None:
    here = place(north=10)
    here.live(FIRST)
    new = here.join("north", 1, at=FIRST + LATER)
    here.agree(new)
    assert here.answer(new, FIRST + LATER) == 0
    here.open(FIRST + SPAN)
    assert Roster.objects.filter(person=new[0]).count() == 1
    assert here.answer(new, FIRST + SPAN) == 0
    here.open(FIRST + 2 * SPAN)
    assert here.answer(new, FIRST + 2 * SPAN) == 1


def test_somebody_in_two_agencies_has_a_ballot_in_each_and_a_choice_for_each(place: Make) -> None:
    one, two = place(north=10), place(south=10)
    ada = one.people["north"][0]
    from keepwell.people.actions import add_member  # beside its one use

    add_member(agency=two.agency, person=ada, kind=Member.STAFF, team=two.teams["south"], parts=[], now=FIRST - SPAN)
    one.open(FIRST)
    two.open(FIRST)
    one.agree([ada])
    assert one.answer([ada], FIRST) == 1
    two.agree([ada])
    assert one.answer([ada], FIRST) == 2
    actions.choose_counted(by=ada, agency=one.agency, yes=False, now=FIRST)
    assert [ballot.agency_id for ballot in Ballot.objects.all()] == [two.agency.id]


def test_who_leaves_in_mid_period_may_still_be_counted_and_may_withdraw(place: Make) -> None:
    here = place(north=11)
    boss = administrator(here)
    here.open(FIRST)
    ada = here.people["north"][0]
    here.agree([ada])
    here.answer([ada], FIRST)
    end_membership(by=viewer_for(boss), member=Member.objects.get(person=ada), now=FIRST + LATER)
    assert Ballot.objects.count() == 1
    assert actions.withdraw(by=ada, now=FIRST + LATER) == 1


def test_erasing_a_person_takes_their_ballot_first(place: Make) -> None:
    here = place(north=11)
    here.open(FIRST)
    here.agree(here.people["north"])
    here.answer(here.people["north"], FIRST)
    gone = here.people["north"][0]
    insight.erase_person(person_id=gone.id, now=FIRST + LATER)
    assert Ballot.objects.count() == 10
    assert not PersonalSlip.objects.filter(person_id=gone.id).exists()
    assert not Roster.objects.filter(person_id=gone.id).exists()
    actions.erase(person=here.people["north"][1], now=FIRST + LATER)
    actions.erase(person=here.people["north"][1], now=FIRST + LATER)
    assert Ballot.objects.count() == 9


def test_the_slip_forgets_ballots_of_closed_periods(place: Make) -> None:
    here = place(north=10)
    here.live(FIRST)
    second = here.open(FIRST + SPAN)
    here.answer(here.people["north"], FIRST + SPAN)
    kept = PersonalSlip.objects.get(person=here.people["north"][0]).inside["ballots"]
    assert [UUID(one) for one in kept] == [second.id]


# ---- how large groups are ----


def test_agg_5_k_is_only_raised_and_from_the_next_period_on(place: Make) -> None:
    here = place(north=20)
    boss = viewer_for(administrator(here))
    here.open(FIRST)
    day = actions.raise_k(by=boss, k=10, now=FIRST)
    assert day == (FIRST + SPAN).date()
    assert actions.raise_k(by=boss, k=10, now=FIRST) == day
    assert queries.k_in_force(here.agency, FIRST) == 5
    assert queries.k_ahead(here.agency, FIRST) == (10, day)
    assert here.open(FIRST + SPAN).k == 10
    assert queries.k_in_force(here.agency, FIRST + SPAN) == 10
    assert queries.k_ahead(here.agency, FIRST + SPAN) is None
    assert queries.k_choices(here.agency, FIRST + SPAN) == [15, 20]
    for k in (5, 4, 1, 0, -5, 12, 1000):
        with pytest.raises(Refused):
            actions.raise_k(by=boss, k=k, now=FIRST + SPAN)
    assert actions.raise_k(by=boss, k=10, now=FIRST + SPAN) == day


def test_only_an_administrator_raises_k(place: Make) -> None:
    here = place(north=10)
    with pytest.raises(Refused):
        actions.raise_k(by=viewer_for(here.people["north"][0]), k=10, now=FIRST)


def refused(deed: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            deed()
    except DatabaseError:
        return True
    return False


def test_agg_5_the_store_itself_refuses_a_smaller_k(place: Make) -> None:
    here = place(north=10)
    period = here.open(FIRST)
    for k in (0, 1, 4, 6):
        assert refused(lambda k=k: Period.objects.filter(id=period.id).update(k=k))  # type: ignore[misc]  # bound in the loop
        assert refused(lambda k=k: RaisedK.objects.create(agency=here.agency, k=k, from_day=FIRST.date()))  # type: ignore[misc]
    assert refused(lambda: RaisedK.objects.create(agency=here.agency, k=5, from_day=FIRST.date()))


def test_agg_5_rows_that_are_gone_leave_five(place: Make) -> None:
    here = place(north=10)
    RaisedK.objects.create(agency=here.agency, k=20, from_day=FIRST.date())
    assert queries.k_on(here.agency, FIRST.date()) == 20
    RaisedK.objects.all().delete()
    assert queries.k_on(here.agency, FIRST.date()) == 5


def test_no_setting_of_the_server_names_k() -> None:
    from keepwell import settings

    assert [name for name in vars(settings) if name.endswith("_K") or "THRESHOLD" in name or "SMALLEST" in name] == []


