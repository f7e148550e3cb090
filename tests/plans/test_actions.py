"""What a person may do with their plan, twice, in two tabs, and across a leave."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest

from keepwell.notify.models import Due, Hold
from keepwell.people.actions import Refused
from keepwell.people.models import Person
from keepwell.people.viewer import viewer_for
from keepwell.plans import actions, queries, tasks
from keepwell.plans.models import Commitment, Emergency, Entry, Plan
from keepwell.plans.rules import answers, parts
from tests.support import Cast

WEEK = "2026-W48"  # of the standing clock: Wednesday 2026-11-25


def _choose(person: Person, now: datetime, words: str = "Walk home once", **more: object) -> Commitment:
    return actions.choose(by=person, week=queries.this_week(person, now), words=words, now=now, **more)  # type: ignore[arg-type]


# ---- entries ----


def test_the_first_line_begins_a_plan_that_asks_again_in_four_weeks(cast: Cast, now: datetime) -> None:
    actions.add_entry(by=cast.ada, part=parts.KEEP, words="Sunday choir", domain="spirit", now=now)
    plan = Plan.objects.get(person=cast.ada)
    assert plan.review_on == date(2026, 12, 23)
    due = Due.objects.get(person=cast.ada, kind="plan-review")
    assert due.due_at == datetime(2026, 12, 23, 14, tzinfo=UTC)  # nine in the morning in New York
    assert due.remind_at == due.due_at
    assert due.path == "/plan/build/review/"


def test_a_form_sent_twice_writes_one_line(cast: Cast, now: datetime) -> None:
    made = uuid.uuid4()
    for _ in range(2):
        actions.add_entry(by=cast.ada, part=parts.SIGNS, words="I drive past my exit", entry_id=made, now=now)
    assert [e.words for e in Entry.objects.filter(person=cast.ada)] == ["I drive past my exit"]


def test_an_id_of_somebody_elses_line_touches_and_tells_nothing(cast: Cast, now: datetime) -> None:
    hers = actions.add_entry(by=cast.ada, part=parts.SIGNS, words="hers", now=now)
    his = actions.add_entry(by=cast.ben, part=parts.SIGNS, words="his", entry_id=hers.id, now=now)
    assert his.id != hers.id
    assert Entry.objects.get(id=hers.id).words == "hers"
    assert his.words == "his"


def test_a_small_step_stands_once_in_a_plan_until_it_is_taken_out(cast: Cast, now: datetime) -> None:
    first = actions.add_step(by=cast.ada, step="bottle-in-reach", now=now)
    assert actions.add_step(by=cast.ada, step="bottle-in-reach", now=now).id == first.id
    assert (first.domain, first.part, bool(first.tiny)) == ("body", parts.CHANGE, True)
    actions.remove_entry(by=cast.ada, entry_id=first.id, now=now)
    assert actions.add_step(by=cast.ada, step="bottle-in-reach", now=now).id != first.id


def test_a_step_nobody_wrote_is_refused_and_nothing_is_kept(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused):
        actions.add_step(by=cast.ada, step="fly", now=now)
    assert not Entry.objects.filter(person=cast.ada).exists()


@pytest.mark.parametrize(
    ("part", "domain"), [(parts.KEEP, ""), (parts.SIGNS, "body"), ("emergency-do", ""), (parts.KEEP, "work")]
)
def test_a_line_sits_where_it_can(cast: Cast, now: datetime, part: str, domain: str) -> None:
    with pytest.raises(ValueError, match="can't sit"):
        actions.add_entry(by=cast.ada, part=part, words="x", domain=domain, now=now)


def test_a_plan_holds_three_hundred_lines_and_says_so(cast: Cast, now: datetime) -> None:
    Entry.objects.bulk_create(
        Entry(person=cast.ada, said={"part": parts.SIGNS, "words": str(n)}, place=n) for n in range(parts.MOST_ENTRIES)
    )
    with pytest.raises(Refused, match="300"):
        actions.add_entry(by=cast.ada, part=parts.SIGNS, words="one more", now=now)


def test_two_tabs_on_one_line_lose_neither_text(cast: Cast, now: datetime) -> None:
    entry = actions.add_entry(by=cast.ada, part=parts.OBSTACLES, words="as it was", now=now)
    actions.change_entry(by=cast.ada, entry=entry, words="from the first tab", domain="", version=1, now=now)
    with pytest.raises(actions.Changed) as met:
        actions.change_entry(by=cast.ada, entry=entry, words="from the second tab", domain="", version=1, now=now)
    assert met.value.stands.words == "from the first tab"
    actions.change_entry(
        by=cast.ada, entry=entry, words="from the second tab", domain="", version=met.value.stands.version, now=now
    )
    assert Entry.objects.get(id=entry.id).words == "from the second tab"


def test_the_same_change_sent_twice_is_no_conflict(cast: Cast, now: datetime) -> None:
    entry = actions.add_entry(by=cast.ada, part=parts.OBSTACLES, words="as it was", now=now)
    for _ in range(2):
        actions.change_entry(by=cast.ada, entry=entry, words="better", domain="", version=1, now=now)
    assert Entry.objects.get(id=entry.id).version == 2


def test_nobody_changes_removes_or_keeps_another_persons_line(cast: Cast, now: datetime) -> None:
    hers = actions.add_entry(by=cast.ada, part=parts.NOW_HELPFUL, words="hers", domain="mind", now=now)
    with pytest.raises(Refused):
        actions.change_entry(by=cast.ben, entry=hers, words="his", domain="mind", version=1, now=now)
    assert actions.remove_entry(by=cast.ben, entry_id=hers.id, now=now) is False
    assert actions.restore_entry(by=cast.ben, entry_id=hers.id, now=now) is False
    assert actions.keep_entry(by=cast.ben, entry_id=hers.id, now=now) is None
    assert actions.erase_entry(by=cast.ben, entry_id=hers.id, now=now) is False
    stands = Entry.objects.get(id=hers.id)
    assert (stands.words, stands.part, stands.removed_at) == ("hers", parts.NOW_HELPFUL, None)


def test_what_is_taken_out_can_be_put_back_for_an_hour_and_then_is_gone(cast: Cast, now: datetime) -> None:
    entry = actions.add_entry(by=cast.ada, part=parts.SIGNS, words="x", now=now)
    for _ in range(2):
        assert actions.remove_entry(by=cast.ada, entry_id=entry.id, now=now)
    assert queries.whole_plan(viewer_for(cast.ada), now).entries == ()
    assert actions.restore_entry(by=cast.ada, entry_id=entry.id, now=now)
    assert len(queries.whole_plan(viewer_for(cast.ada), now).entries) == 1
    actions.remove_entry(by=cast.ada, entry_id=entry.id, now=now)
    assert tasks.roll(now + timedelta(minutes=59)) == 0
    assert tasks.roll(now + timedelta(minutes=61)) == 1
    assert actions.restore_entry(by=cast.ada, entry_id=entry.id, now=now) is False


def test_what_helps_now_becomes_what_is_kept_and_back(cast: Cast, now: datetime) -> None:
    entry = actions.add_entry(by=cast.ada, part=parts.NOW_HELPFUL, words="Novel", domain="mind", now=now)
    for _ in range(2):
        actions.keep_entry(by=cast.ada, entry_id=entry.id, now=now)
    assert Entry.objects.get(id=entry.id).part == parts.KEEP
    actions.unkeep_entry(by=cast.ada, entry_id=entry.id, now=now)
    assert Entry.objects.get(id=entry.id).part == parts.NOW_HELPFUL


# ---- review ----


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_past_or_far_review_day_is_refused_kindly(cast: Cast, now: datetime, days: int) -> None:
    with pytest.raises(Refused, match="still to come"):
        actions.set_review(by=cast.ada, review_on=now.date() + timedelta(days=days), now=now)
    assert not Plan.objects.filter(person=cast.ada).exists()


def test_a_new_review_day_takes_the_place_of_the_old(cast: Cast, now: datetime) -> None:
    for day in (date(2026, 12, 1), date(2027, 1, 5), date(2027, 1, 5)):
        actions.set_review(by=cast.ada, review_on=day, now=now)
    assert [d.occasion for d in Due.objects.filter(person=cast.ada, kind="plan-review")] == ["2027-01-05"]


def test_a_passed_part_is_noted_once_and_in_the_order_of_the_builder(cast: Cast, now: datetime) -> None:
    for part in (parts.SIGNS, parts.KEEP, parts.SIGNS):
        actions.pass_part(by=cast.ada, part=part, now=now)
    assert Plan.objects.get(person=cast.ada).visited == [parts.KEEP, parts.SIGNS]


# ---- when it is very hard ----


def test_each_emergency_part_is_written_by_itself_and_two_tabs_on_two_parts_never_meet(
    cast: Cast, now: datetime
) -> None:
    actions.write_emergency(by=cast.ada, part=parts.DO, words="Shoes on", version=0, now=now)
    actions.write_emergency(
        by=cast.ada,
        part=parts.CALL,
        words="",
        people=[{"name": "Noor", "phone": "555 0143"}, {"name": "", "phone": ""}],
        version=0,
        now=now,
    )
    row = Emergency.objects.get(person=cast.ada)
    assert (row.words(parts.DO), row.people) == ("Shoes on", [{"name": "Noor", "phone": "555 0143"}])


def test_two_tabs_on_one_emergency_part_lose_neither_text(cast: Cast, now: datetime) -> None:
    actions.write_emergency(by=cast.ada, part=parts.TELL, words="first", version=0, now=now)
    with pytest.raises(actions.Changed) as met:
        actions.write_emergency(by=cast.ada, part=parts.TELL, words="second", version=0, now=now)
    assert met.value.stands.words(parts.TELL) == "first"
    assert Emergency.objects.get(person=cast.ada).words(parts.TELL) == "first"


# ---- the week ----


def test_choosing_writes_the_week_and_its_due_row(cast: Cast, now: datetime) -> None:
    _choose(cast.ada, now, day=date(2026, 11, 26), after="after the last visit", remind=time(16, 30))
    due = Due.objects.get(person=cast.ada, kind="commitment")
    assert (due.occasion, due.room, due.path) == (WEEK, "plans", "/plan/week/")
    assert due.due_at == datetime(2026, 11, 23, 5, tzinfo=UTC)
    assert due.until == datetime(2026, 11, 30, 5, tzinfo=UTC)
    assert due.remind_at == datetime(2026, 11, 26, 21, 30, tzinfo=UTC)
    assert due.words["title"] == "Walk home once"
    assert due.words["sub"] == "Thursday, after the last visit"


def test_due_words_are_in_the_persons_language(cast: Cast, now: datetime) -> None:
    cast.ada.language = "es"
    _choose(cast.ada, now, day=date(2026, 11, 26))
    assert Due.objects.get(person=cast.ada, kind="commitment").words["sub"] == "Jueves"


def test_one_main_thing_a_week_and_choosing_twice_is_once(cast: Cast, now: datetime) -> None:
    _choose(cast.ada, now)
    _choose(cast.ada, now)
    assert Commitment.objects.filter(person=cast.ada).count() == 1
    with pytest.raises(actions.Changed) as met:
        _choose(cast.ada, now, "Something else")
    assert met.value.stands.words == "Walk home once"
    _choose(cast.ada, now, "Something else", version=1)
    assert Commitment.objects.get(person=cast.ada).words == "Something else"


def test_a_week_that_is_over_takes_no_new_thing(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refused, match="over"):
        actions.choose(by=cast.ada, week=queries.this_week(cast.ada, now).previous(), words="x", now=now)


@pytest.mark.parametrize("state", answers.ANSWERS)
def test_each_answer_closes_the_week_alike_and_can_be_taken_back(cast: Cast, now: datetime, state: str) -> None:
    _choose(cast.ada, now)
    for _ in range(2):
        actions.answer(by=cast.ada, week_key=WEEK, state=state, now=now)
    assert Commitment.objects.get(person=cast.ada).state == state
    assert not Due.objects.filter(person=cast.ada, kind="commitment").exists()
    actions.answer(by=cast.ada, week_key=WEEK, state=answers.CHOSEN, now=now)
    assert Due.objects.filter(person=cast.ada, kind="commitment").count() == 1


def test_an_answer_about_nothing_changes_nothing(cast: Cast, now: datetime) -> None:
    _choose(cast.ada, now)
    for person, week in ((cast.ben, WEEK), (cast.ada, "2026-W47"), (cast.ada, "nonsense")):
        with pytest.raises(Refused):
            actions.answer(by=person, week_key=week, state=answers.DONE, now=now)
    assert Commitment.objects.get(person=cast.ada).is_open


def test_when_the_week_turns_its_due_row_goes_and_what_was_chosen_stays_as_it_was_left(
    cast: Cast, now: datetime
) -> None:
    _choose(cast.ada, now)
    ends = datetime(2026, 11, 30, 5, tzinfo=UTC)
    assert tasks.roll(ends - timedelta(seconds=1)) == 0
    assert tasks.roll(ends) == 1
    assert tasks.roll(ends) == 0
    assert not Due.objects.filter(kind="commitment").exists()
    assert Commitment.objects.get(person=cast.ada).state == answers.CHOSEN
    later = ends + timedelta(days=1)
    page = queries.week_page(viewer_for(cast.ada), later)
    assert (page.commitment, [one.week for _, one in page.past]) == (None, [WEEK])


# ---- leave ----


def test_a_pause_holds_the_post_and_the_weeks_it_touches_owe_nothing(cast: Cast, now: datetime) -> None:
    _choose(cast.ada, now)
    for _ in range(2):
        actions.pause(by=cast.ada, last=date(2026, 12, 8), now=now)
    hold = Hold.objects.get(person=cast.ada)
    assert (hold.kind, hold.begins_at, hold.ends_at) == (
        "away",
        datetime(2026, 11, 25, 5, tzinfo=UTC),
        datetime(2026, 12, 9, 5, tzinfo=UTC),
    )
    states = {row.week: (row.state, row.words) for row in Commitment.objects.filter(person=cast.ada)}
    assert states == {
        "2026-W48": (answers.PAUSED, "Walk home once"),
        "2026-W49": (answers.PAUSED, ""),
        "2026-W50": (answers.PAUSED, ""),
    }
    assert not Due.objects.filter(person=cast.ada, kind="commitment").exists()


def test_a_longer_leave_takes_the_place_of_the_shorter(cast: Cast, now: datetime) -> None:
    actions.pause(by=cast.ada, last=date(2026, 12, 8), now=now)
    actions.pause(by=cast.ada, last=date(2026, 11, 27), now=now + timedelta(days=1))
    hold = Hold.objects.get(person=cast.ada)
    assert (hold.begins_at.date(), hold.ends_at) == (date(2026, 11, 25), datetime(2026, 11, 28, 5, tzinfo=UTC))
    assert [row.week for row in Commitment.objects.filter(person=cast.ada)] == ["2026-W48"]


def test_coming_back_early_puts_the_week_as_it_was(cast: Cast, now: datetime) -> None:
    _choose(cast.ada, now)
    actions.pause(by=cast.ada, last=date(2026, 12, 8), now=now)
    for _ in range(2):
        actions.come_back(by=cast.ada, now=now + timedelta(days=1))
    assert not Hold.objects.filter(person=cast.ada).exists()
    row = Commitment.objects.get(person=cast.ada)
    assert (row.week, row.state) == (WEEK, answers.CHOSEN)
    assert Due.objects.filter(person=cast.ada, kind="commitment").count() == 1


def test_a_week_already_answered_keeps_its_answer_through_a_leave(cast: Cast, now: datetime) -> None:
    _choose(cast.ada, now)
    actions.answer(by=cast.ada, week_key=WEEK, state=answers.DONE, now=now)
    actions.pause(by=cast.ada, last=date(2026, 11, 29), now=now)
    actions.come_back(by=cast.ada, now=now)
    assert Commitment.objects.get(person=cast.ada).state == answers.DONE


def test_a_leave_that_ended_is_over_without_a_word(cast: Cast, now: datetime) -> None:
    actions.pause(by=cast.ada, last=date(2026, 11, 26), now=now)
    assert queries.week_page(viewer_for(cast.ada), now).away == (date(2026, 11, 25), date(2026, 11, 26))
    assert queries.week_page(viewer_for(cast.ada), now + timedelta(days=2)).away is None


@pytest.mark.parametrize("last", [date(2026, 11, 24), date(2027, 6, 30)])
def test_a_leave_in_the_past_or_without_an_end_is_refused_kindly(cast: Cast, now: datetime, last: date) -> None:
    with pytest.raises(Refused, match="from today on"):
        actions.pause(by=cast.ada, last=last, now=now)
    assert not Hold.objects.filter(person=cast.ada).exists()


# ---- letting go ----


def test_erasing_takes_everything_of_theirs_and_nothing_of_anyone_elses(cast: Cast, now: datetime) -> None:
    for person in (cast.ada, cast.ben):
        actions.add_entry(by=person, part=parts.SIGNS, words="x", now=now)
        actions.write_emergency(by=person, part=parts.DO, words="x", version=0, now=now)
        _choose(person, now)
    for _ in range(2):
        actions.erase(person=cast.ada, now=now)
    for model in (Plan, Entry, Emergency, Commitment, Due):
        assert [row.person_id for row in model._default_manager.all()] and not model._default_manager.filter(
            person=cast.ada
        ).exists()


def test_one_thing_can_be_erased_by_itself(cast: Cast, now: datetime) -> None:
    entry = actions.add_entry(by=cast.ada, part=parts.SIGNS, words="x", now=now)
    emergency = actions.write_emergency(by=cast.ada, part=parts.DO, words="x", version=0, now=now)
    row = _choose(cast.ada, now)
    assert not actions.erase_commitment(by=cast.ben, commitment_id=row.id, now=now)
    assert not actions.erase_emergency(by=cast.ben, emergency_id=emergency.id, now=now)
    assert actions.erase_commitment(by=cast.ada, commitment_id=row.id, now=now)
    assert actions.erase_emergency(by=cast.ada, emergency_id=emergency.id, now=now)
    assert actions.erase_entry(by=cast.ada, entry_id=entry.id, now=now)
    assert not Due.objects.filter(person=cast.ada, kind="commitment").exists()
    assert [m for m in (Entry, Emergency, Commitment) if m._default_manager.exists()] == []
