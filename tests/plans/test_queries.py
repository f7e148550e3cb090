"""What a person reads of their own plan; what the store can read of it."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

from django.db import connection

from keepwell.people.viewer import ANYBODY, viewer_for
from keepwell.plans import actions, queries
from keepwell.plans.models import Commitment, Emergency, Entry, Plan
from keepwell.plans.rules import answers, parts
from tests.support import Cast

SECRET = "فقط لي 🌿 only mine"


def _fill(cast: Cast, now: datetime) -> None:
    actions.add_entry(by=cast.ada, part=parts.CHANGE, words=SECRET, domain="people", now=now)
    actions.add_entry(by=cast.ada, part=parts.KEEP, words="Sunday choir", domain="people", now=now)
    actions.add_step(by=cast.ada, step="bottle-in-reach", now=now)
    actions.write_emergency(
        by=cast.ada, part=parts.CALL, words=SECRET, people=[{"name": SECRET, "phone": "5550143"}], version=0, now=now
    )
    actions.choose(by=cast.ada, week=queries.this_week(cast.ada, now), words=SECRET, after=SECRET, now=now)


def test_a_plan_opens_for_its_owner_alone(cast: Cast, now: datetime) -> None:
    _fill(cast, now)
    assert len(queries.whole_plan(viewer_for(cast.ada), now).entries) == 3
    for other in (viewer_for(cast.ben), viewer_for(cast.adam), viewer_for(cast.tess), ANYBODY):
        whole = queries.whole_plan(other, now)
        assert (whole.plan, whole.entries, whole.emergency, whole.is_empty) == (None, (), None, True)
    assert queries.entry(viewer_for(cast.ben), Entry.objects.filter(person=cast.ada)[0].id) is None


def test_nothing_of_a_plan_lies_open_in_the_store(cast: Cast, now: datetime) -> None:
    """Not the words, and not which part, domain, step or answer either (ENC-1)."""
    _fill(cast, now)
    actions.answer(by=cast.ada, week_key="2026-W48", state=answers.NOT_THIS_WEEK, now=now)
    with connection.cursor() as cursor:
        for model in (Plan, Entry, Emergency, Commitment):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")  # noqa: S608  # a name of ours
            rows = cursor.fetchall()
            assert rows
            held = b" ".join(
                bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for row in rows for v in row
            )
            for word in (
                SECRET,
                "choir",
                "bottle-in-reach",
                "people",
                "change",
                "keep",
                "emergency",
                "not-this-week",
                "5550143",
            ):
                assert word.encode() not in held, f"{word} lies open in {model._meta.db_table}"


def test_a_domain_shows_what_is_kept_first_then_what_is_new(cast: Cast, now: datetime) -> None:
    _fill(cast, now)
    whole = queries.whole_plan(viewer_for(cast.ada), now)
    assert [e.words for e in whole.in_domain("people")] == ["Sunday choir", SECRET]
    assert whole.coverage.covered == ("body", "people")
    assert whole.steps == {"bottle-in-reach"}


def test_what_costs_more_later_and_what_gets_in_the_way_cover_no_domain(cast: Cast, now: datetime) -> None:
    actions.add_entry(by=cast.ada, part=parts.NOW_NOT_HELPFUL, words="Wine", now=now)
    actions.add_entry(by=cast.ada, part=parts.OBSTACLES, words="Late calls", now=now)
    whole = queries.whole_plan(viewer_for(cast.ada), now)
    assert whole.coverage.covered == ()
    assert not whole.is_empty


def test_the_review_is_due_on_the_day_by_the_persons_own_clock(cast: Cast, now: datetime) -> None:
    actions.set_review(by=cast.ada, review_on=date(2026, 11, 26), now=now)
    viewer = viewer_for(cast.ada)
    late_evening = now + timedelta(hours=14, minutes=59)  # 23:59 on the 25th in New York, the 26th in UTC
    assert not queries.whole_plan(viewer, late_evening).review_is_due
    assert queries.whole_plan(viewer, late_evening + timedelta(minutes=2)).review_is_due


def test_weeks_without_anything_are_not_listed(cast: Cast, now: datetime) -> None:
    for weeks in (1, 5):
        then = now - timedelta(weeks=weeks)
        actions.choose(by=cast.ada, week=queries.this_week(cast.ada, then), words=f"{weeks} ago", now=then)
    page = queries.week_page(viewer_for(cast.ada), now)
    assert page.commitment is None
    assert [(week.key, row.words) for week, row in page.past] == [("2026-W47", "1 ago"), ("2026-W43", "5 ago")]


def test_a_reminder_at_a_closed_hour_names_the_next_open_one(cast: Cast, now: datetime) -> None:
    saturday = datetime.fromisoformat("2026-11-28T15:00:00+00:00")
    assert queries.next_reminder(cast.ada, saturday) == datetime.fromisoformat("2026-11-30T12:30:00+00:00")
    open_hour = datetime.fromisoformat("2026-11-26T15:00:00+00:00")
    assert queries.next_reminder(cast.ada, open_hour) == open_hour
    actions.pause(by=cast.ada, last=date(2026, 11, 26), now=now)
    assert queries.next_reminder(cast.ada, open_hour) == datetime.fromisoformat("2026-11-27T12:30:00+00:00")


def test_an_export_holds_all_that_was_written_and_reads_as_json(cast: Cast, now: datetime) -> None:
    _fill(cast, now)
    out = json.loads(json.dumps(queries.export(cast.ada)))
    assert {entry["words"] for entry in out["entries"]} >= {SECRET, "Sunday choir"}
    assert out["emergency"][0][parts.CALL] == {"words": SECRET, "people": [{"name": SECRET, "phone": "5550143"}]}
    assert out["commitments"][0]["words"] == SECRET
    assert out["plan"][0]["review_on"] == "2026-12-23"
    assert queries.export(cast.ben) == {"plan": [], "entries": [], "emergency": [], "commitments": []}


def test_each_thing_to_erase_names_itself_to_its_owner(cast: Cast, now: datetime) -> None:
    _fill(cast, now)
    viewer = viewer_for(cast.ada)
    assert {one["title"] for one in queries.entry_things(viewer)} >= {SECRET, "Sunday choir"}
    assert [one["sub"] for one in queries.commitment_things(viewer)] == ["2026-W48"]
    assert len(queries.emergency_things(viewer)) == 1
    for things in (queries.entry_things, queries.commitment_things, queries.emergency_things):
        assert things(viewer_for(cast.ben)) == []
        assert things(ANYBODY) == []
