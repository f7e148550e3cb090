"""Opening and closing: what is frozen, what is released, and that a crash, a rival or a lost key ends in one defined outcome."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from keepwell.ballots import actions, closing, queries, tasks
from keepwell.ballots.models import Ballot, Period, PeriodKey, Release, Roster
from keepwell.people import upkeep
from keepwell.people.actions import Part
from keepwell.people.models import Member, Responsibility, Team
from keepwell.people.rules.sealing import master_key_line, new_key
from keepwell.people.viewer import viewer_for
from tests.ballots.conftest import AFTER, FIRST, SPAN, Place, leads

Make = Callable[..., Place]
THIRD = FIRST + 2 * SPAN


def nodes(period: Period) -> set[str]:
    return set(Release.objects.filter(period=period).values_list("node", flat=True))


# ---- opening ----


def test_a_period_is_opened_once_with_tree_roster_and_key(place: Make) -> None:
    here = place(north=6, south=6)
    period = here.open(FIRST)
    assert here.open(FIRST + timedelta(days=20)) == period
    assert period.starts_on == FIRST.date()
    assert period.closes_at - period.opens_at == SPAN
    assert Roster.objects.filter(period=period, counts=True).count() == 12
    assert PeriodKey.objects.filter(period_id=period.id).count() == 1
    assert period.founding and period.k == 5


def test_an_agency_of_one_or_of_nine_is_never_asked(place: Make) -> None:
    for number in (1, 9):
        here = place(north=number)
        assert closing.open_period(agency=here.agency, now=FIRST) is None
        assert not queries.large_enough(here.agency)
        assert queries.first_picture_on(here.agency, FIRST) is None


def test_an_agency_founded_in_mid_period_begins_with_the_next(place: Make) -> None:
    here = place(north=12)
    type(here.agency).objects.filter(id=here.agency.id).update(made_at=FIRST + timedelta(days=1))
    here.agency.refresh_from_db()
    assert closing.open_period(agency=here.agency, now=FIRST + timedelta(days=2)) is None
    assert queries.first_picture_on(here.agency, FIRST + timedelta(days=2)) == (FIRST + 2 * SPAN + timedelta(days=3)).date()
    here.open(FIRST + SPAN)


def test_supervisors_programme_staff_and_managers_stand_where_they_can_read_nothing_of_themselves(place: Make) -> None:
    here = place(north=10)
    one, north = here.programmes["one"], here.teams["north"]
    ben = here.join("north", 1, parts={0: leads(north)})[0]
    pia = here.join("", 1, parts={0: Part(Responsibility.PROGRAMME_STAFF, programme=str(one.id))})[0]
    cleo, adam = here.join("", 2, parts={0: Part(Responsibility.MANAGER), 1: Part(Responsibility.ADMINISTRATOR)})
    here.open(FIRST)
    leaf = dict(Roster.objects.values_list("person_id", "leaf"))
    assert leaf[ben.id] == f"programme:{one.id}/leads"
    assert leaf[pia.id] == "agency/leads"
    assert leaf[cleo.id] == ""
    assert leaf[adam.id] == "agency"
    here.agree([cleo])
    assert here.answer([cleo], FIRST) == 0
    assert queries.group_of(cleo, here.agency, FIRST) == queries.Group(None, True, (), False)


def test_each_person_sees_whom_their_group_holds(place: Make) -> None:
    here = place(north=10, south=2)
    here.open(FIRST)
    group = queries.group_of(here.people["south"][0], here.agency, FIRST)
    assert group is not None
    assert group.node == here.node("south")
    assert len(group.names) == 2
    assert group.counts


# ---- closing ----


def test_a_period_is_released_and_the_box_is_gone(place: Make) -> None:
    here = place(north=7, south=6)
    first = here.live(FIRST, burnout=0.42)
    assert nodes(first) == {"agency"}  # an agency's first release is for the root alone
    second = here.live(FIRST + SPAN, burnout=0.42)
    assert nodes(second) == {"agency", f"programme:{here.programmes['one'].id}", here.node("north"), here.node("south")}
    assert Release.objects.get(period=second, node=here.node("south")).cells == {
        "size": "5-9",
        "bands": {"burnout": 4, "compassion-fatigue": 3},
    }
    assert Ballot.objects.count() == PeriodKey.objects.count() == 0
    assert queries.chain_holds(here.agency)


def test_a_period_is_not_closed_before_its_time(place: Make) -> None:
    here = place(north=12)
    period = here.open(FIRST)
    assert not closing.close(period_id=period.id, now=period.closes_at + queries.SETTLES - timedelta(seconds=1))
    assert closing.close(period_id=period.id, now=period.closes_at + queries.SETTLES)
    assert not closing.close(period_id=period.id, now=period.closes_at + queries.SETTLES)


def test_everybody_declining_releases_nothing_and_closes(place: Make) -> None:
    here = place(north=12)
    period = here.open(FIRST)
    for person in here.everybody():
        actions.choose_counted(by=person, agency=here.agency, yes=False, now=FIRST)
    here.answer(here.everybody(), FIRST)
    assert closing.close(period_id=period.id, now=FIRST + AFTER)
    assert nodes(period) == set()
    assert [one.figures for one in queries.released(viewer_for(here.everybody()[0]))] == [{}]


def test_all_answers_equal_say_no_more_than_a_band(place: Make) -> None:
    here = place(north=12)
    period = here.live(FIRST, burnout=1.0, compassion_fatigue=0.0)
    assert Release.objects.get(period=period).cells["bands"] == {"burnout": 9, "compassion-fatigue": 0}


def test_the_clock_set_back_over_the_end_opens_nothing_again(place: Make) -> None:
    here = place(north=12)
    period = here.live(FIRST)
    before = list(Release.objects.values())
    assert here.open(FIRST + timedelta(days=5)) == period
    assert here.answer(here.everybody(), FIRST + timedelta(days=5)) == 0
    assert not closing.close(period_id=period.id, now=FIRST + timedelta(days=5))
    assert not closing.close(period_id=period.id, now=FIRST + AFTER)
    assert list(Release.objects.values()) == before


def test_a_clock_that_ran_ahead_does_not_stop_the_periods_that_come(place: Make) -> None:
    here = place(north=12)
    far = here.open(FIRST + 40 * SPAN)
    back = here.open(FIRST)
    assert back.starts_on < far.starts_on
    here.live(FIRST)
    assert nodes(back) == {"agency"} or nodes(back) == set()


def test_a_team_closed_in_mid_period_is_released_as_it_was_frozen(place: Make) -> None:
    here = place(north=7, south=6)
    boss = here.join("", 1, parts={0: Part(Responsibility.ADMINISTRATOR)})[0]
    here.live(FIRST)
    second = here.open(FIRST + SPAN)
    here.answer(here.everybody(), FIRST + SPAN)
    south = here.teams["south"]
    Member.objects.filter(team=south).update(team=here.teams["north"])
    upkeep.close_team(by=viewer_for(boss), team_id=south.id, now=FIRST + SPAN)
    assert Team.objects.get(id=south.id).closed_at is not None
    assert closing.close(period_id=second.id, now=FIRST + SPAN + AFTER)
    assert here.node("south") in nodes(second)
    assert here.node("south") not in here.open(THIRD).tree


def test_moving_somebody_in_mid_period_moves_no_figure(place: Make) -> None:
    here = place(north=7, south=6)
    here.live(FIRST)
    second = here.open(FIRST + SPAN)
    mover = here.people["south"][0]
    Member.objects.filter(person=mover).update(team=here.teams["north"])
    here.answer(here.everybody(), FIRST + SPAN)
    assert closing.close(period_id=second.id, now=FIRST + SPAN + AFTER)
    assert Release.objects.get(period=second, node=here.node("south")).cells["size"] == "5-9"


def test_a_damaged_or_forged_ballot_is_left_out_and_stops_nothing(place: Make, caplog: pytest.LogCaptureFixture) -> None:
    here = place(north=13)
    period = here.open(FIRST)
    here.agree(here.everybody())
    here.answer(here.everybody(), FIRST)
    one, two = Ballot.objects.order_by("id")[:2]
    Ballot.objects.filter(id=one.id).update(sealed=bytes(two.sealed))  # somebody wants a voice twice
    assert closing.close(period_id=period.id, now=FIRST + AFTER)
    assert Release.objects.get().cells["size"] == "10-14"
    assert "1 ballots" in caplog.text
    assert Ballot.objects.count() == 0


# ---- keys ----


def test_without_the_release_key_ballots_wait_and_are_released_once_it_is_back(
    place: Make, release_key: Callable[[str | None], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    here = place(north=12)
    period = here.open(FIRST)
    here.agree(here.everybody())
    line = os.environ["KEEPWELL_RELEASE_KEY"]
    release_key(None)
    assert here.answer(here.everybody(), FIRST) == 12  # pages need no release key
    assert not closing.close(period_id=period.id, now=FIRST + AFTER)
    assert Ballot.objects.count() == 12
    release_key(line)
    assert closing.close(period_id=period.id, now=FIRST + AFTER + timedelta(days=20))
    assert nodes(period) == {"agency"}


@pytest.mark.parametrize("line", [None, "not a key", master_key_line(1, new_key())], ids=["missing", "damaged", "another"])
def test_a_key_that_never_comes_back_ends_with_ballots_destroyed_unopened(
    place: Make, release_key: Callable[[str | None], None], line: str | None
) -> None:
    here = place(north=12)
    period = here.open(FIRST)
    here.agree(here.everybody())
    here.answer(here.everybody(), FIRST)
    release_key(line)
    for days in (4, 20, 27):
        assert not closing.close(period_id=period.id, now=period.closes_at + timedelta(days=days))
        assert Ballot.objects.count() == 12
    assert not closing.close(period_id=period.id, now=period.closes_at + timedelta(days=31))
    period.refresh_from_db()
    assert period.state == Period.GIVEN_UP
    assert Ballot.objects.count() == PeriodKey.objects.count() == Release.objects.count() == 0


def test_no_period_opens_without_the_release_key(place: Make, release_key: Callable[[str | None], None]) -> None:
    place(north=12)
    release_key(None)
    assert tasks.roll(FIRST) == 0
    assert Period.objects.count() == 0


def test_after_a_restore_a_period_that_may_have_been_released_is_not_released_again(place: Make) -> None:
    here = place(north=12)
    period = here.open(FIRST)
    here.agree(here.everybody())
    here.answer(here.everybody(), FIRST)
    assert closing.give_up_overdue(now=FIRST + SPAN) == 0
    assert closing.give_up_overdue(now=FIRST + AFTER) == 1
    assert not closing.close(period_id=period.id, now=FIRST + AFTER)
    assert Release.objects.count() == Ballot.objects.count() == PeriodKey.objects.count() == 0


def test_a_key_left_by_a_crash_is_swept(place: Make) -> None:
    here = place(north=12)
    period = here.live(FIRST)
    PeriodKey.objects.create(period_id=period.id, release_version=1, wrapped=b"x", made_at=FIRST)
    assert closing.tidy(now=FIRST + AFTER) == 1
    assert PeriodKey.objects.count() == 0


# ---- two at once, and crashes ----


class Stopped(BaseException):
    """As good as a kill: nothing after it runs."""


POINTS = ("claimed", "opened", "written", "deleted", "released", "destroyed")


@pytest.mark.parametrize("point", POINTS)
def test_stopped_at_any_point_there_is_one_release_and_no_ballot_is_lost_or_counted_twice(
    place: Make, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = place(north=12)
    period = here.open(FIRST)
    here.agree(here.everybody())
    here.answer(here.everybody(), FIRST, burnout=0.42)

    def stop(at: str) -> None:
        if at == point:
            raise Stopped

    monkeypatch.setattr(closing, "reached", stop)
    with pytest.raises(Stopped):
        closing.close(period_id=period.id, now=FIRST + AFTER)
    released = point in ("released", "destroyed")
    assert Ballot.objects.count() == (0 if released else 12)
    assert Release.objects.count() == (1 if released else 0)
    monkeypatch.setattr(closing, "reached", lambda at: None)
    assert closing.close(period_id=period.id, now=FIRST + AFTER + closing.LEASE) is not released
    closing.tidy(now=FIRST + AFTER + timedelta(days=400))
    assert Release.objects.get().cells["bands"] == {"burnout": 4, "compassion-fatigue": 3}
    assert Ballot.objects.count() == PeriodKey.objects.count() == 0


def test_a_withdrawal_while_the_box_is_open_is_heeded(place: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    here = place(north=10)
    period = here.open(FIRST)
    here.agree(here.everybody())
    here.answer(here.everybody(), FIRST)
    turns = []

    def withdraw(at: str) -> None:
        if at == "opened":
            turns.append(at)
            if len(turns) == 1:
                actions.withdraw(by=here.everybody()[0], now=FIRST + AFTER)

    monkeypatch.setattr(closing, "reached", withdraw)
    assert closing.close(period_id=period.id, now=FIRST + AFTER)
    assert len(turns) == 2
    assert Release.objects.count() == 0  # nine were left: too few for any figure


def test_nothing_is_dropped_into_a_box_that_is_being_opened(place: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    here = place(north=11)
    period = here.open(FIRST)
    here.agree(here.everybody())
    here.answer(here.everybody()[1:], FIRST)
    told: list[int] = []

    def drop(at: str) -> None:
        if at == "opened":
            told.append(here.answer(here.everybody()[:1], FIRST))  # a page that was asked for long before

    monkeypatch.setattr(closing, "reached", drop)
    assert closing.close(period_id=period.id, now=FIRST + AFTER)
    assert told == [0]
    assert Ballot.objects.count() == 0


def test_a_closer_at_work_is_left_alone_and_a_dead_one_taken_over(place: Make) -> None:
    here = place(north=12)
    period = here.open(FIRST)
    now = FIRST + AFTER
    assert closing._claim(period.id, now) is not None
    assert not closing.close(period_id=period.id, now=now + timedelta(minutes=1))
    assert closing.close(period_id=period.id, now=now + closing.LEASE)


@pytest.mark.django_db(databases=["default", "keys"], transaction=True)
def test_two_closers_at_the_same_moment_release_once(place: Make, monkeypatch: pytest.MonkeyPatch, guards_lifted_after: None) -> None:
    here = place(north=12)
    period = here.open(FIRST)
    here.agree(here.everybody())
    here.answer(here.everybody(), FIRST)
    monkeypatch.setattr(closing, "LEASE", timedelta(0))  # neither respects the other
    together, told = threading.Barrier(2, timeout=60), []

    def meet(at: str) -> None:
        if at == "opened":
            together.wait()

    monkeypatch.setattr(closing, "reached", meet)

    def run() -> None:
        try:
            told.append(closing.close(period_id=period.id, now=FIRST + AFTER))
        finally:
            connections.close_all()

    closers = [threading.Thread(target=run) for _ in range(2)]
    for closer in closers:
        closer.start()
    for closer in closers:
        closer.join(timeout=60)
    assert sorted(told) == [False, True]
    assert Release.objects.count() == 1
    assert queries.chain_holds(here.agency)


# ---- AGG-3 ----


def refused(sentence: str, values: list[Any]) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sentence, values)
    except DatabaseError:
        return True
    return False


def test_agg_3_the_store_refuses_to_change_replace_or_delete_a_release(place: Make) -> None:
    here = place(north=12)
    here.live(FIRST)
    row = Release.objects.get()
    assert refused("UPDATE ballots_release SET cells = %s", ["{}"])
    assert refused("UPDATE ballots_release SET number = number + 1", [])
    assert refused("DELETE FROM ballots_release", [])
    if connection.vendor == "sqlite":
        columns = "id, agency_id, period_id, node, cells, number, hash"
        again = f"INSERT OR REPLACE INTO ballots_release ({columns}) SELECT {columns} FROM ballots_release"
        assert refused(again, [])
        assert refused(again.replace("SELECT id", "SELECT lower(hex(randomblob(16)))"), [])
    assert Release.objects.get().cells == row.cells


def test_agg_3_whatever_happens_later_released_figures_stay(place: Make) -> None:
    here = place(north=9, south=9)
    here.live(FIRST)
    here.live(FIRST + SPAN)
    before = list(Release.objects.order_by("number").values())
    for n, person in enumerate(here.everybody()[:9]):
        if n % 3 == 0:
            actions.erase(person=person, now=THIRD)
        elif n % 3 == 1:
            actions.choose_counted(by=person, agency=here.agency, yes=False, now=THIRD)
        else:
            actions.withdraw(by=person, now=THIRD)
    here.live(THIRD)
    assert list(Release.objects.order_by("number").values())[: len(before)] == before


def test_the_chain_tells_when_a_release_was_changed_after_all(place: Make) -> None:
    here = place(north=12)
    here.live(FIRST)
    assert queries.chain_holds(here.agency)
    before = Release.objects.get()
    forged = Release(agency=here.agency, period=here.open(FIRST + SPAN), node="agency", cells=before.cells, number=2, hash=before.hash)
    forged.save(force_insert=True)
    assert not queries.chain_holds(here.agency)


# ---- AGG-6 ----


def test_agg_6_four_fakes_beside_one_person_show_nothing_in_their_first_period(place: Make) -> None:
    here = place(north=12, south=1)
    here.live(FIRST)
    here.join("south", 4, at=FIRST + timedelta(days=2))
    second = here.live(FIRST + SPAN)
    assert here.node("south") not in nodes(second)
    assert here.node("north") not in nodes(second)  # it would leave the one over


# ---- reading ----


def test_pages_read_release_rows_in_as_many_queries_as_ever(place: Make, django_assert_num_queries: Any) -> None:
    here = place(north=7, south=6)
    viewer = viewer_for(here.people["north"][0])
    for n in range(3):
        here.live(FIRST + n * SPAN)
    with django_assert_num_queries(2):
        pictures = queries.released(viewer)
    assert [one.starts_on for one in pictures] == [(FIRST + n * SPAN).date() for n in (2, 1, 0)]
    assert set(pictures[0].figures) == {"agency", f"programme:{here.programmes['one'].id}", here.node("north"), here.node("south")}
    assert queries.still_shown(pictures[0], 10)["agency"] and not queries.still_shown(pictures[0], 10)[here.node("north")]
    assert queries.names(viewer, pictures[0].figures)[here.node("north")] == "north"


def test_another_agency_sees_nothing(place: Make) -> None:
    one, two = place(north=12), place(south=12)
    one.live(FIRST)
    stranger = viewer_for(two.people["south"][0])
    assert queries.released(stranger) == []
    assert queries.names(stranger, [one.node("north")]) == {"agency": two.agency.name}


def test_the_day_of_the_first_picture_is_named(place: Make) -> None:
    here = place(north=12)
    due = (FIRST + SPAN + timedelta(days=3)).date()
    here.open(FIRST)
    assert queries.first_picture_on(here.agency, FIRST) == due
    here.live(FIRST)
    here.open(FIRST + SPAN)
    assert queries.first_picture_on(here.agency, FIRST + SPAN) == due


def test_the_clock_opens_and_closes_and_one_agency_stops_no_other(place: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = place(north=12), place(south=12)
    small = place(west=3)
    assert tasks.roll(FIRST) == 2
    assert tasks.roll(FIRST) == 0
    assert not Period.objects.filter(agency=small.agency).exists()
    real = closing._open_all

    def fail(period: Period, opener: Any) -> Any:
        if period.agency_id == one.agency.id:
            raise RuntimeError("broken")
        return real(period, opener)

    monkeypatch.setattr(closing, "_open_all", fail)
    tasks.roll(FIRST + AFTER)
    states = dict(Period.objects.filter(starts_on=FIRST.date()).values_list("agency_id", "state"))
    assert states == {one.agency.id: Period.CLOSING, two.agency.id: Period.CLOSED}
    assert Roster.objects.filter(period__agency=two.agency).count() == 12  # that of the closed period is gone, the next one stands


def test_rosters_go_once_the_next_period_has_taken_over(place: Make) -> None:
    here = place(north=12)
    first = here.live(FIRST)
    closing.tidy(now=FIRST + AFTER)
    assert Roster.objects.filter(period=first).count() == 12
    here.open(FIRST + SPAN)
    closing.tidy(now=FIRST + SPAN)
    assert Roster.objects.filter(period=first).count() == 0
