"""Answering, finishing, correcting, erasing, putting off: by the named cast."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from keepwell.kit.periods import Week
from keepwell.measures import actions, queries
from keepwell.measures.models import CheckIn
from keepwell.measures.rules import checkin
from keepwell.notify import actions as notify
from keepwell.notify.models import Due
from keepwell.people import keyring
from keepwell.people.actions import Refused
from keepwell.people.models import Person
from keepwell.people.viewer import viewer_for
from tests.measures import story
from tests.support import Cast

WEEK = Week(date(2026, 11, 23))


def row_of(person: Person) -> CheckIn:
    return CheckIn.objects.get(person=person)


# ---- answering ----


def test_ada_answers_one_by_one_and_stops_and_goes_on(cast: Cast, now: datetime) -> None:
    actions.answer(by=cast.ada, week=WEEK, item="rest-refills", value=3, now=now)
    actions.answer(by=cast.ada, week=WEEK, item="story-returns", value=None, now=now)
    row = row_of(cast.ada)
    assert row.answers == {"rest-refills": 3, "story-returns": None}
    assert not row.finished
    assert checkin.first_open(story.ITEMS, row.answers) == 3


def test_saying_the_same_again_changes_nothing(cast: Cast, now: datetime) -> None:
    for _press in range(2):
        actions.answer(by=cast.ada, week=WEEK, item="rest-refills", value=3, now=now)
    assert row_of(cast.ada).answers == {"rest-refills": 3}


def test_two_tabs_keep_each_others_answers(cast: Cast, now: datetime) -> None:
    actions.answer(by=cast.ada, week=WEEK, item="rest-refills", value=3, now=now)
    had: dict[str, int | None] = {"rest-refills": 3}  # tab A shows this
    actions.answer(by=cast.ada, week=WEEK, item="rest-refills", value=1, now=now)  # tab B corrects it
    actions.answer_all(  # tab A, still showing 3, answers another sentence
        by=cast.ada,
        week=WEEK,
        answers={"rest-refills": 3, "story-returns": 2},
        had=had,
        stressors=[],
        were=[],
        now=now,
    )
    assert row_of(cast.ada).answers["rest-refills"] == 1
    assert row_of(cast.ada).answers["story-returns"] == 2


def test_tags_of_two_tabs_are_put_together(cast: Cast, now: datetime) -> None:
    actions.finish(by=cast.ada, week=WEEK, stressors=["on-call"], were=[], now=now)
    actions.finish(by=cast.ada, week=WEEK, stressors=["paperwork"], were=[], now=now)  # a page drawn before
    assert row_of(cast.ada).stressors == ["paperwork", "on-call"]
    actions.finish(by=cast.ada, week=WEEK, stressors=["paperwork"], were=["paperwork", "on-call"], now=now)
    assert row_of(cast.ada).stressors == ["paperwork"]


@pytest.mark.parametrize(("item", "value"), [("nothing-of-ours", 2), ("rest-refills", 5), ("rest-refills", -1)])
def test_an_answer_that_is_none_is_refused(cast: Cast, now: datetime, item: str, value: int) -> None:
    with pytest.raises(Refused, match="not one of the check-in"):
        actions.answer(by=cast.ada, week=WEEK, item=item, value=value, now=now)
    assert not CheckIn.objects.exists()


def test_unknown_tags_and_sentences_are_left_out(cast: Cast, now: datetime) -> None:
    row = actions.answer_all(
        by=cast.ada, week=WEEK, answers={"nobody": 3, "rest-refills": 9}, had={}, stressors=["a" * 5000], were=["x"], now=now
    )
    assert "nobody" not in row.answers and row.answers["rest-refills"] is None and row.stressors == []


def test_two_first_answers_at_once_both_stay(cast: Cast, now: datetime) -> None:
    """The other tab's row appears between this tab's look and its write."""
    looked: list[bool] = []

    def change(row: CheckIn) -> None:
        if not looked:
            looked.append(True)
            CheckIn.objects.create(person=cast.ada, week=WEEK.start, answers={"story-returns": 1}, stressors=[], scores={})
        actions._answered(row, {"rest-refills": 3})

    with transaction.atomic():
        actions._write(cast.ada, WEEK, now, change)
    assert row_of(cast.ada).answers == {"story-returns": 1, "rest-refills": 3}


# ---- finishing ----


def test_finishing_scores_each_strain_by_itself(cast: Cast, now: datetime) -> None:
    row = story.do_check_in(cast.mia, now, story.answers(burnout=4, fatigue=1, other=3), tags=["trauma-stories"])
    assert row.finished
    assert row.scores == {"burnout": 100, "compassion-fatigue": 25, "strengths": 75, "presence": 75}
    assert row.stressors == ["trauma-stories"]


def test_leaving_everything_out_costs_nothing(cast: Cast, now: datetime) -> None:
    row = actions.finish(by=cast.ada, week=WEEK, stressors=[], now=now)
    assert row.finished
    assert set(row.answers.values()) == {None} and set(row.scores.values()) == {None}


def test_nothing_of_it_lies_open_in_the_store(cast: Cast, now: datetime) -> None:
    story.do_check_in(cast.ada, now, tags=["trauma-stories"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM measures_checkin")
        seen = repr([bytes(cell) if isinstance(cell, memoryview) else cell for row in cursor.fetchall() for cell in row])
        cursor.execute("SELECT words FROM notify_due")
        seen += repr(cursor.fetchall())
    for word in ("trauma", "burnout", "rest-refills", "minute"):
        assert word not in seen
    for moment in ("14:00", "2026-11-25"):  # neither when nor on which day
        assert moment not in seen


def test_a_correction_counts_until_the_week_ends(cast: Cast, now: datetime) -> None:
    story.do_check_in(cast.ada, now)
    on_sunday = now + timedelta(days=4)
    actions.answer(by=cast.ada, week=WEEK, item="story-returns", value=4, now=on_sunday)
    row = row_of(cast.ada)
    assert row.finished and row.scores["compassion-fatigue"] == 67
    on_wednesday = now + timedelta(days=7)
    with pytest.raises(Refused, match="has ended"):
        actions.answer(by=cast.ada, week=WEEK, item="story-returns", value=0, now=on_wednesday)
    assert row_of(cast.ada).scores["compassion-fatigue"] == 67


def test_a_page_left_open_over_midnight_still_finds_its_week(cast: Cast, now: datetime) -> None:
    before, after = (datetime(2026, 11, 30, hour, minute, tzinfo=UTC) for hour, minute in ((4, 58), (5, 3)))  # New York
    assert queries.this_week(cast.ada, before) == WEEK and queries.this_week(cast.ada, after) == WEEK.next()
    actions.answer(by=cast.ada, week=WEEK, item="rest-refills", value=3, now=before)
    actions.finish(by=cast.ada, week=WEEK, stressors=[], now=after)
    assert row_of(cast.ada).finished
    due = Due.objects.get(person=cast.ada)
    assert due.occasion == "2026-W49"  # the week that has begun is hers to answer too
    with pytest.raises(Refused):
        actions.answer(by=cast.ada, week=WEEK.shift(2), item="rest-refills", value=3, now=after)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Midway", "America/Los_Angeles"])
def test_travelling_neither_loses_a_week_nor_makes_two(cast: Cast, now: datetime, zone: str) -> None:
    monday = datetime(2026, 11, 23, 6, tzinfo=UTC)  # one in the morning in New York
    story.do_check_in(cast.ada, monday)
    cast.ada.zone = zone
    cast.ada.save()
    week = queries.this_week(cast.ada, monday)  # in the west it is Sunday again
    actions.finish(by=cast.ada, week=week, stressors=["paperwork"], now=monday)
    assert CheckIn.objects.filter(person=cast.ada, week=checkin.filed(WEEK)).count() == 1
    assert CheckIn.objects.filter(person=cast.ada).count() == (1 if week == WEEK else 2)


def test_another_first_day_of_the_week_keeps_the_week(cast: Cast, now: datetime) -> None:
    story.do_check_in(cast.ada, now)
    cast.ada.week_start = 6
    cast.ada.save()
    week = queries.this_week(cast.ada, now)
    assert week.start == date(2026, 11, 22)
    found = queries.check_in(viewer_for(cast.ada), week)
    assert found is not None and found.finished


# ---- what is due ----


def test_finishing_writes_next_weeks_due_row(cast: Cast, now: datetime) -> None:
    notify.put_due(
        person=cast.ada, room="measures", kind="check-in", occasion="2026-W48", due_at=now, path="/", words={}, now=now
    )
    story.do_check_in(cast.ada, now)
    due = Due.objects.get(person=cast.ada, kind="check-in")
    assert (due.occasion, due.path, due.room) == ("2026-W49", "/check-in/", "measures")
    assert due.due_at == datetime(2026, 11, 30, 5, tzinfo=UTC)  # Monday, midnight in New York
    assert due.until == datetime(2026, 12, 7, 5, tzinfo=UTC)
    assert due.remind_at == datetime(2026, 12, 2, 18, tzinfo=UTC)  # Wednesday at one, as today is a Wednesday
    assert due.words == {"title": "A minute for you", "sub": "Whenever it suits you this week"}


def test_correcting_on_another_day_leaves_the_usual_day_alone(cast: Cast, now: datetime) -> None:
    story.do_check_in(cast.ada, now)
    actions.finish(by=cast.ada, week=WEEK, stressors=["paperwork"], now=now + timedelta(days=2))
    assert Due.objects.get(person=cast.ada).remind_at == datetime(2026, 12, 2, 18, tzinfo=UTC)


def test_the_words_of_a_due_row_are_in_the_persons_language_and_discreet(cast: Cast, now: datetime) -> None:
    cast.ada.language = "es"
    cast.ada.save()
    story.do_check_in(cast.ada, now)
    words = Due.objects.get(person=cast.ada).words
    assert words["title"] == "Un minuto para ti"
    assert not any(word in str(words).lower() for word in ("pulso", "agotamiento", "fatiga", "salud", "burnout"))


def test_the_mention_keeps_out_of_quiet_hours(cast: Cast, now: datetime) -> None:
    notify.set_hours(
        by=cast.ada,
        working_days="1111100",
        work_from=time(22),
        work_to=time(6),
        quiet_from=time(1),
        quiet_to=time(9),
        by_email=True,
        say_more=False,
        now=now,
    )
    story.do_check_in(cast.ada, now)
    assert Due.objects.get(person=cast.ada).remind_at == datetime(2026, 12, 2, 14, tzinfo=UTC)  # nine in New York


def put_this_week(person: Person, now: datetime) -> Due:
    return actions._put(person, story.turn_of(person, now, weekday=2), now)


def test_not_today_brings_it_back_tomorrow_however_often_pressed(cast: Cast, now: datetime) -> None:
    put_this_week(cast.ada, now)
    for _press in range(2):
        assert actions.later(by=cast.ada, now=now) == date(2026, 11, 26)
    due = Due.objects.get(person=cast.ada)
    assert (due.occasion, due.due_at) == ("2026-W48", datetime(2026, 11, 26, 5, tzinfo=UTC))
    assert due.remind_at == datetime(2026, 11, 26, 18, tzinfo=UTC)


def test_not_today_on_the_last_day_means_next_week(cast: Cast, now: datetime) -> None:
    put_this_week(cast.ada, now)
    sunday = now + timedelta(days=4)
    assert actions.later(by=cast.ada, now=sunday) == date(2026, 11, 30)
    due = Due.objects.get(person=cast.ada)
    assert (due.occasion, due.due_at) == ("2026-W49", datetime(2026, 11, 30, 5, tzinfo=UTC))


def test_not_today_without_anything_due_does_nothing(cast: Cast, now: datetime) -> None:
    assert actions.later(by=cast.ada, now=now) is None
    assert not Due.objects.exists()


def test_not_today_never_brings_forward_what_is_further_off(cast: Cast, now: datetime) -> None:
    story.do_check_in(cast.ada, now)
    before = Due.objects.values().get(person=cast.ada)
    assert actions.later(by=cast.ada, now=now) == date(2026, 11, 30)
    assert Due.objects.values().get(person=cast.ada) == before


# ---- erasing ----


def test_erasing_one_check_in_is_ones_own_deed(cast: Cast, now: datetime) -> None:
    row = story.do_check_in(cast.ada, now)
    assert not actions.erase_check_in(by=cast.ben, check_in_id=row.id, now=now)
    assert actions.erase_check_in(by=cast.ada, check_in_id=row.id, now=now)
    assert not actions.erase_check_in(by=cast.ada, check_in_id=row.id, now=now)
    assert not CheckIn.objects.exists()


def test_erasing_a_person_takes_all_of_this_room(cast: Cast, now: datetime) -> None:
    story.live(cast.ada, now, [(2, 2)] * 5)
    story.do_check_in(cast.ben, now)
    put_this_week(cast.ada, now)
    for _again in range(2):
        actions.erase(person=cast.ada, now=now)
    assert not CheckIn.objects.filter(person=cast.ada).exists()
    assert not Due.objects.filter(person=cast.ada).exists()
    assert CheckIn.objects.filter(person=cast.ben).exists()


def test_one_check_in_a_week_is_held_by_the_store(cast: Cast, now: datetime) -> None:
    story.do_check_in(cast.ada, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIn.objects.create(person=cast.ada, week=WEEK.start, answers={}, stressors=[], scores={})


def test_an_answer_step_asks_the_store_little(cast: Cast, now: datetime, django_assert_max_num_queries: Any) -> None:
    actions.answer(by=cast.ada, week=WEEK, item="rest-refills", value=3, now=now)
    with django_assert_max_num_queries(4), keyring.remembered():  # row, write, and the savepoint's two
        actions.answer(by=cast.ada, week=WEEK, item="story-returns", value=3, now=now)
