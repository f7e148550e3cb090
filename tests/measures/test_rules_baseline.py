"""A person's own usual: too early to say before eight, calm about one hard week, awake to a lasting change."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.measures.rules import baseline
from keepwell.measures.rules.baseline import history, reading, usual_range

scores = st.floats(0, 100)
weeks = st.lists(st.none() | scores, max_size=60)
CALM = [40, 44, 36, 42, 38, 46, 34, 40]


def test_before_the_eighth_answer_nothing_is_said():
    seven = [40, None, 44, 36, None, 42, 38, 46, 34]
    assert usual_range(seven) is None
    early = reading(seven)
    assert (early.answered, early.still_needed, early.place, early.alarm) == (7, 1, None, None)
    eighth = reading([*seven, 40])
    assert eighth.still_needed == 0 and eighth.range is not None and eighth.place == "within"


def test_nothing_at_all_is_too_early_too():
    assert usual_range([]) is None and reading([]).still_needed == 8
    assert usual_range([None] * 30) is None


def test_the_range_is_the_prediction_interval_of_the_earlier_weeks():
    # mean 40, sd 4: below the smallest spread of 5; t(0.95, 7) = 1.8946, sqrt(1 + 1/8) = 1.06066
    found = usual_range(CALM)
    assert found is not None
    assert (found.centre, found.spread, found.count) == (40, 5.0, 8)
    assert found.high == pytest.approx(40 + 1.8946 * 5 * 1.06066, abs=1e-3)
    assert found.low == pytest.approx(80 - found.high)


def test_a_week_is_judged_by_the_weeks_before_it():
    after = reading([*CALM, 75])
    assert after.range == usual_range(CALM) and after.place == "above"
    assert reading([*CALM, 10]).place == "below" and reading([*CALM, 41]).place == "within"


@given(st.lists(scores, min_size=8, max_size=30), scores)
def test_one_week_alone_never_raises_an_alarm(before, odd):
    if reading(before).alarm is None:
        calm = [*before, *[usual_range(before).centre] * 12]
        if reading(calm).alarm is None:
            assert reading([*calm, odd]).alarm is None


def test_one_hard_week_after_a_pause_raises_no_alarm():
    assert reading([*CALM, *[None] * 12, 100]).alarm is None


def test_a_lasting_rise_is_noticed_and_dated():
    values = [*CALM, 39, 41, 43, 52, 54, 53, 55, 52, 54]
    found = reading(values).alarm
    assert found is not None and found.direction == "higher"
    assert found.since in (10, 11) and found.since <= found.noticed


def test_a_lasting_fall_is_the_mirror_image():
    values = [*CALM, 39, 41, 43, 52, 54, 53, 55, 52, 54]
    up, down = reading(values).alarm, reading([100 - value for value in values]).alarm
    assert (down.since, down.noticed, down.kind, down.direction) == (up.since, up.noticed, up.kind, "lower")


def test_while_an_alarm_stands_the_usual_stands_still():
    values = [*CALM, 40, *[62] * 30]
    readings = history(values)
    first = next(n for n, one in enumerate(readings) if one.alarm)
    assert readings[-1].alarm == readings[first].alarm or readings[-1].alarm.kind == "both"
    assert readings[-1].range == readings[first + 1].range


def test_an_alarm_ends_when_weeks_are_close_to_usual_again():
    values = [*CALM, 40, *[62] * 8, 40, 41, 39]
    assert reading(values[:-3]).alarm is not None
    assert reading(values).alarm is None
    assert reading([*values, 42]).alarm is None


def test_silence_neither_raises_nor_hides():
    assert reading([*CALM, *[None] * 20]).alarm is None
    standing = [*CALM, 40, *[62] * 8]
    assert reading([*standing, None]).alarm == reading(standing).alarm
    assert reading([*standing, None]).value is None


def test_an_extraordinary_first_week_does_not_stretch_the_range():
    ordinary, with_one = usual_range(CALM), usual_range([100, *CALM[1:]])
    assert with_one.high - with_one.low < 2.5 * (ordinary.high - ordinary.low)
    assert with_one.place(100) == "above"


def test_the_usual_follows_the_last_year():
    random.seed(3)
    drift = [30 + n * 0.05 + random.gauss(0, 6) for n in range(200)]
    found = usual_range(drift)
    assert found.count <= baseline.REMEMBERED


@given(weeks)
def test_what_was_said_is_never_rewritten(values):
    readings = history(values)
    assert len(readings) == len(values)
    assert all(history(values[: n + 1])[-1] == readings[n] for n in range(0, len(values), 7))


@given(weeks)
def test_ranges_stay_on_the_scale_and_alarms_point_into_the_past(values):
    for n, one in enumerate(history(values)):
        if one.range is not None:
            assert 0 <= one.range.low <= one.range.centre <= one.range.high <= 100
        if one.alarm is not None:
            assert baseline.NEEDED <= one.alarm.since <= one.alarm.noticed <= n


@given(weeks)
def test_the_mirror_of_a_life_has_the_mirror_of_its_alarms(values):
    mirrored = history([None if value is None else 100 - value for value in values])
    for one, other in zip(history(values), mirrored, strict=True):
        assert (one.alarm is None) == (other.alarm is None)


def test_calm_people_are_left_in_peace():
    """Simulated people to whom nothing happens: rarely an alarm, and nine in ten weeks inside the range."""
    random.seed(11)
    weeks_watched = alarms = inside = judged = 0
    for _ in range(200):
        readings = history([min(100, max(0, random.gauss(45, 12))) for _ in range(60)])
        alarms += len({one.alarm.noticed for one in readings if one.alarm})
        weeks_watched += sum(one.range is not None for one in readings)
        later = [one for one in readings if one.answered > 8]
        judged += len(later)
        inside += sum(one.place == "within" for one in later)
    assert alarms / weeks_watched < 0.005
    assert 0.87 < inside / judged < 0.93


def test_what_is_no_number_is_refused():
    with pytest.raises(ValueError, match="number"):
        reading([*CALM, float("nan")])
