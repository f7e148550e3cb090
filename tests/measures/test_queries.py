"""Reading one's own weeks."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

from keepwell.measures import actions, queries, telling
from keepwell.measures.models import CheckIn
from keepwell.measures.rules import baseline, checkin
from keepwell.measures.rules.checkin import BURNOUT, FATIGUE
from keepwell.people import keyring
from keepwell.people.viewer import ANYBODY, viewer_for
from tests.measures import story
from tests.support import Cast


def test_nobody_but_the_person_finds_it(cast: Cast, now: datetime) -> None:
    row = story.do_check_in(cast.ada, now)
    week = queries.this_week(cast.ada, now)
    assert queries.check_in(viewer_for(cast.ada), week) == row
    for name, other in cast.people.items():
        if name != "ada":
            assert queries.check_in(viewer_for(other), week) is None, name
            assert queries.check_ins(viewer_for(other), now) == [], name
            assert queries.things(viewer_for(other)) == [], name
    assert queries.check_in(ANYBODY, week) is None and queries.check_ins(ANYBODY, now) == []


def test_what_counts(cast: Cast, now: datetime) -> None:
    """Finished weeks, and earlier ones left half way; not this week's before its finishing tap."""
    story.live(cast.ada, now, [(2, 2)], last_week_ago=2)
    last_week = now - timedelta(weeks=1)
    actions.answer(by=cast.ada, week=queries.this_week(cast.ada, last_week), item="rest-refills", value=3, now=last_week)
    actions.answer(by=cast.ada, week=queries.this_week(cast.ada, now), item="rest-refills", value=3, now=now)
    viewer = viewer_for(cast.ada)
    assert [row.week for row in queries.check_ins(viewer, now)] == [date(2026, 11, 9), date(2026, 11, 16)]
    assert [row.week for row in queries.check_ins(viewer, now, most=1)] == [date(2026, 11, 16)]
    actions.finish(by=cast.ada, week=queries.this_week(cast.ada, now), stressors=[], now=now)
    assert [row.week for row in queries.check_ins(viewer, now, most=1)] == [date(2026, 11, 23)]


def test_a_series_has_no_hole(cast: Cast, now: datetime) -> None:
    story.live(cast.ada, now, [(2, 1), None, (3, None)])
    viewer = viewer_for(cast.ada)
    assert queries.series(viewer, BURNOUT, now) == [
        (date(2026, 11, 9), 50),
        (date(2026, 11, 16), None),
        (date(2026, 11, 23), 75),
    ]
    assert [value for _week, value in queries.series(viewer, FATIGUE, now)] == [25, None, None]
    assert queries.series(viewer_for(cast.ben), BURNOUT, now) == []


def test_a_weeks_reading_knows_nothing_of_later_weeks(cast: Cast, now: datetime) -> None:
    story.live(cast.ada, now, [(2, 2)] * 9 + [(4, 2)])
    viewer = viewer_for(cast.ada)
    last_week = queries.this_week(cast.ada, now).previous()
    assert checkin.standing(queries.history(viewer, now).reading(BURNOUT)) == checkin.ABOVE
    assert checkin.standing(queries.history(viewer, now, until=last_week).reading(BURNOUT)) == checkin.WITHIN


def test_the_range_comes_with_the_eighth_answered_week(cast: Cast, now: datetime) -> None:
    story.live(cast.ada, now, [(2, 2)] * 6 + [(None, 2)] + [(2, 2)])
    history = queries.history(viewer_for(cast.ada), now)
    assert history.reading(FATIGUE).range is not None
    assert history.reading(BURNOUT).range is None and history.reading(BURNOUT).still_needed == 1


def test_opening_two_years_takes_one_query_and_one_key(cast: Cast, now: datetime, django_assert_num_queries: Any) -> None:
    story.live(cast.ada, now, [(2, 2)] * 104, tags=["paperwork"])
    viewer = viewer_for(cast.ada)
    with keyring.remembered():
        with django_assert_num_queries(1):
            history = queries.history(viewer, now)
            assert len(history.rows) == 104
        assert history.reading(BURNOUT).answered == 104
        assert queries.tags(history.rows) == [("paperwork", 104)]


def test_tags_most_often_first(cast: Cast, now: datetime) -> None:
    story.live(cast.ada, now, [(2, 2)], tags=["on-call", "paperwork"])
    story.live(cast.ada, now - timedelta(weeks=1), [(2, 2)], tags=["paperwork"])
    assert queries.tags(queries.check_ins(viewer_for(cast.ada), now)) == [("paperwork", 2), ("on-call", 1)]


def test_the_export_is_plain_and_whole(cast: Cast, now: datetime) -> None:
    story.do_check_in(cast.ada, now, tags=["on-call"])
    story.do_check_in(cast.ben, now)
    exported = json.loads(json.dumps(queries.export(cast.ada)))
    (row,) = exported["check_ins"]
    assert row["week"] == "2026-W48" and row["finished"] is True
    assert row["answers"] == story.answers() and row["stressors"] == ["on-call"]
    assert row["scores"] == {"burnout": 50, "compassion-fatigue": 50, "strengths": 50, "presence": 50}


def test_things_to_erase_one_by_one(cast: Cast, now: datetime) -> None:
    cast.ada.week_start = 6
    story.live(cast.ada, now, [(2, 2), (2, 2)])
    things = queries.things(viewer_for(cast.ada))
    assert [thing["week"] for thing in things] == [date(2026, 11, 22), date(2026, 11, 15)]
    assert {thing["id"] for thing in things} == {str(key) for key in CheckIn.objects.values_list("id", flat=True)}


# ---- words ----


def told(cast: Cast, now: datetime) -> telling.Told:
    viewer = viewer_for(cast.ada)
    history = queries.history(viewer, now)
    assert history.last is not None
    return telling.told(history.last, history, this_week=True, today=date(2026, 11, 25), week_start=0)


def test_before_eight_check_ins_it_is_too_early(cast: Cast, now: datetime) -> None:
    story.live(cast.ada, now, [(4, 4)] * 3)
    found = told(cast, now)
    assert "too early" in found.heading
    assert all(chart.usual is None for chart in found.charts)
    assert found.charts[0].say == "100 this week. After 5 more weeks your usual range shows here."
    assert not found.memories


def test_burnout_above_with_load_tagged_moves_work_first(cast: Cast, now: datetime) -> None:
    story.live(cast.ada, now, [(2, 2)] * 11 + [(4, 2), (4, 2)], tags=["paperwork", "trauma-stories"])
    found = told(cast, now)
    assert found.kicker == "Week of 23 November"
    assert "Burnout is higher" in found.heading
    assert found.now[0].thing.slug == "paperwork" and found.load_tags == "Paperwork"
    assert len(found.now) == 3
    assert [thing.slug for thing in found.tagged] == ["trauma-stories"]
    assert found.charts[0].say.startswith("100 this week, above your usual 42 to 60, as in the check-in before it.")
    assert found.charts[1].say == "50 this week, inside your usual 41 to 59."
    assert not found.memories


def test_compassion_fatigue_above_speaks_to_lived_experience(cast: Cast, now: datetime) -> None:
    story.live(cast.ada, now, [(2, 2)] * 10 + [(2, 4)])
    found = told(cast, now)
    assert found.memories and "Compassion fatigue is higher" in found.heading and found.load_tags == ""


def test_a_score_left_out_is_said_and_never_zero(cast: Cast, now: datetime) -> None:
    story.live(cast.ada, now, [(2, 2)] * 9 + [(2, None)])
    found = told(cast, now)
    assert "One score is missing" in found.heading
    assert found.charts[1].say == "Not enough answers this week for a score."
    assert found.charts[1].points[-1].value is None and found.charts[1].points[-1].note == "not enough answers"
    story.live(cast.ada, now + timedelta(weeks=1), [(None, None)])
    later = queries.history(viewer_for(cast.ada), now + timedelta(weeks=1))
    assert later.last is not None
    both = telling.told(later.last, later, this_week=True, today=date(2026, 12, 2), week_start=0)
    assert both.heading.startswith("Both scores are missing")


def test_what_is_high_is_said_beside_what_is_missing(cast: Cast, now: datetime) -> None:
    story.live(cast.ada, now, [(2, 2)] * 9 + [(4, None)])
    found = told(cast, now)
    assert found.heading == "Burnout is higher than your usual range. There is no score for compassion fatigue."


def test_weeks_away_are_a_gap_in_the_chart(cast: Cast, now: datetime) -> None:
    story.live(cast.ada, now, [(2, 2), None, None, (2, 2)])
    assert [point.value for point in told(cast, now).charts[0].points] == [50, None, None, 50]


def test_figures_in_words_and_in_the_chart_agree(cast: Cast, now: datetime) -> None:
    """A score that is inside the range is inside the whole numbers said of it, and the other way round."""
    for low, high in ((24.4, 36.6), (24.6, 36.4), (25.0, 36.0), (30.2, 30.9)):
        usual = baseline.Range(low, high, (low + high) / 2, 5, 9)
        shown = telling.whole(usual)
        if shown[0] == shown[1]:
            continue
        for value in range(101):
            assert (usual.place(value) == "within") == (shown[0] <= value <= shown[1])
