"""The check-in's rules: scores, weeks, turns and what a result says."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.kit.periods import Week, week_containing
from keepwell.measures.rules import baseline, checkin
from keepwell.measures.rules.checkin import BURNOUT, FATIGUE, Item

ITEMS = (
    Item("b1", BURNOUT, ""),
    Item("b2", BURNOUT, ""),
    Item("b3", BURNOUT, "", reversed=True),
    Item("b4", BURNOUT, ""),
    Item("c1", FATIGUE, ""),
    Item("c2", FATIGUE, ""),
    Item("c3", FATIGUE, ""),
    Item("s1", checkin.STRENGTHS, ""),
    Item("p1", checkin.PRESENCE, ""),
)
answer_sheets = st.fixed_dictionaries(
    {}, optional={item.slug: st.one_of(st.none(), st.integers(0, 4)) for item in ITEMS}
)


# ---- scores ----


@pytest.mark.parametrize(
    ("answers", "burnout", "fatigue"),
    [
        ({"b1": 0, "b2": 0, "b3": 4, "b4": 0, "c1": 0, "c2": 0, "c3": 0}, 0, 0),
        ({"b1": 4, "b2": 4, "b3": 0, "b4": 4, "c1": 4, "c2": 4, "c3": 4}, 100, 100),
        ({"b1": 2, "b2": 2, "b3": 2, "b4": 2, "c1": 1, "c2": 1, "c3": 2}, 50, 33),
        ({"b1": 4, "b2": 4, "b3": 4, "b4": 4}, 75, None),  # only the reversed one turns round
        ({"b1": 4, "b2": 4, "b3": 0, "b4": None}, 100, None),  # three of four are enough
        ({"b1": 4, "b2": 4, "b3": None, "b4": None}, None, None),  # two of four are not
        ({"c1": 4, "c2": 4, "c3": None}, None, 100),  # two of three are enough
        ({"c1": 4, "c2": None, "c3": None}, None, None),
        ({"b1": 0, "b2": 0, "b4": 0}, 0, None),  # skipping the reversed one is not "never"
        ({}, None, None),
    ],
)
def test_scores_by_example(answers: dict[str, int | None], burnout: int | None, fatigue: int | None) -> None:
    found = checkin.scores(ITEMS, answers)
    assert (found[BURNOUT], found[FATIGUE]) == (burnout, fatigue)


@pytest.mark.parametrize("item", [item for item in ITEMS if item.construct == BURNOUT], ids=lambda item: item.slug)
def test_each_sentence_counts_in_its_own_direction(item: Item) -> None:
    """One sentence at a time: a wrong reversed set shows here and not with equal answers."""
    middle = {one.slug: 2 for one in ITEMS}
    more = checkin.scores(ITEMS, {**middle, item.slug: 4})[BURNOUT]
    less = checkin.scores(ITEMS, {**middle, item.slug: 0})[BURNOUT]
    assert more is not None and less is not None
    assert (more < less) if item.reversed else (more > less)


@given(answer_sheets)
def test_a_score_lies_on_the_scale_and_rests_on_enough(answers: dict[str, int | None]) -> None:
    for construct, value in checkin.scores(ITEMS, answers).items():
        own = [item for item in ITEMS if item.construct == construct]
        answered = sum(answers.get(item.slug) is not None for item in own)
        assert (value is not None) == (answered * 2 > len(own))
        assert value is None or 0 <= value <= 100


@given(answer_sheets, st.sampled_from([item.slug for item in ITEMS if item.construct == FATIGUE]), st.integers(0, 4))
def test_one_strain_never_moves_the_other(answers: dict[str, int | None], slug: str, value: int) -> None:
    assert checkin.scores(ITEMS, {**answers, slug: value})[BURNOUT] == checkin.scores(ITEMS, answers)[BURNOUT]


@given(answer_sheets, st.sampled_from([item.slug for item in ITEMS]))
def test_skipping_a_sentence_is_the_same_as_not_reaching_it(answers: dict[str, int | None], slug: str) -> None:
    without = {key: value for key, value in answers.items() if key != slug}
    assert checkin.scores(ITEMS, {**answers, slug: None}) == checkin.scores(ITEMS, without)


@given(st.lists(st.integers(0, 4), min_size=3, max_size=3), st.integers(0, 2))
def test_more_of_it_is_never_a_lower_score(values: list[int], place: int) -> None:
    sheet = dict(zip(("c1", "c2", "c3"), values, strict=True))
    slug = f"c{place + 1}"
    before = checkin.score(ITEMS, FATIGUE, sheet)
    after = checkin.score(ITEMS, FATIGUE, {**sheet, slug: min(4, sheet[slug] + 1)})
    assert before is not None and after is not None and after >= before


def test_where_one_left_off() -> None:
    assert checkin.first_open(ITEMS, {}) == 1
    assert checkin.first_open(ITEMS, {"b1": 2, "b2": None}) == 3
    assert checkin.first_open(ITEMS, {"b1": 2, "b3": 1}, after=2) == 4
    assert checkin.first_open(ITEMS, {item.slug: None for item in ITEMS}) is None


# ---- weeks ----


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.sampled_from([0, 6]))
def test_a_week_is_kept_and_shown_again_as_it_was(day: date, week_start: int) -> None:
    week = week_containing(day, week_start)
    kept = checkin.filed(week)
    assert kept.weekday() == 0
    assert checkin.shown(kept, week_start) == week
    assert checkin.filed(checkin.shown(kept, 6 - week_start)) == kept  # the other calendar: the same week
    assert checkin.filed(week.next()) == kept + timedelta(weeks=1)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), st.sampled_from([0, 6]))
def test_travelling_moves_a_week_by_one_at_most(now: datetime, week_start: int) -> None:
    weeks = {checkin.filed(checkin.week_at(now, zone, week_start)) for zone in ("Pacific/Kiritimati", "UTC", "Pacific/Midway")}
    assert max(weeks) - min(weeks) <= timedelta(weeks=1)


def test_an_unknown_zone_shuts_nobody_out() -> None:
    now = datetime(2026, 11, 25, 14, tzinfo=UTC)
    for zone in ("Atlantis/Poseidon", "", "../etc/passwd"):
        assert checkin.week_at(now, zone, 0) == checkin.week_at(now, "UTC", 0)


def test_weeks_in_order_leave_no_hole() -> None:
    first, third = date(2026, 11, 2), date(2026, 11, 16)
    assert checkin.in_order({third: 5, first: 1}) == [(first, 1), (date(2026, 11, 9), None), (third, 5)]
    assert checkin.in_order({first: 1}, until=third)[-1] == (third, None)
    assert checkin.in_order({}) == []


# ---- turns ----

WEEK = Week(date(2026, 11, 23))


@pytest.mark.parametrize(
    ("work", "said"),
    [(("09:00", "17:00"), "13:00"), (("08:15", "12:00"), "10:00"), (("22:00", "06:00"), "02:00"), (("09:00", "09:00"), "21:00")],
)
def test_the_middle_of_work(work: tuple[str, str], said: str) -> None:
    assert checkin.middle_of_work(time.fromisoformat(work[0]), time.fromisoformat(work[1])) == time.fromisoformat(said)


@pytest.mark.parametrize(
    ("weekday", "working", "not_before", "day"),
    [
        (2, "1111100", None, 25),  # the usual Wednesday
        (5, "1111100", None, 23),  # a Saturday that is off: the next working day round the week
        (5, "1111111", None, 28),
        (2, "1111100", 27, 27),  # put off until Friday
        (2, "1111100", 28, None),  # put off into days off: no mention this week
        (0, "0000000", None, None),
        (2, "0000010", None, 28),
    ],
)
def test_a_mention_falls_on_a_working_day(weekday: int, working: str, not_before: int | None, day: int | None) -> None:
    turn = checkin.turn(
        WEEK,
        "America/New_York",
        working_days=working,
        at=time(13),
        weekday=weekday,
        not_before=date(2026, 11, not_before) if not_before else None,
    )
    assert turn.remind_at == (datetime(2026, 11, day, 18, tzinfo=UTC) if day else None)
    assert turn.due_at == datetime(2026, 11, not_before or 23, 5, tzinfo=UTC)
    assert turn.until == datetime(2026, 11, 30, 5, tzinfo=UTC)


@given(
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    st.sampled_from(["America/New_York", "Europe/Madrid", "Australia/Lord_Howe", "America/Santiago", "UTC"]),
    st.text(alphabet="01", min_size=7, max_size=7),
    st.integers(0, 6),
    st.times(),
)
def test_a_turn_is_one_week_of_the_persons_own_clock(day: date, zone: str, working: str, weekday: int, at: time) -> None:
    week = week_containing(day)
    turn = checkin.turn(week, zone, working_days=working, at=at.replace(second=0, microsecond=0), weekday=weekday)
    following = checkin.turn(week.next(), zone, working_days=working, at=at.replace(second=0, microsecond=0), weekday=weekday)
    assert turn.until == following.due_at  # no gap between two weeks, and no overlap, summer time or not
    assert (turn.remind_at is None) == ("1" not in working)
    if turn.remind_at is not None:
        local = checkin.today_of(turn.remind_at, zone)
        assert local in week and working[local.weekday()] == "1"


# ---- what a result says ----


def read(value: float | None, low: float = 30, high: float = 50, alarm: str | None = None) -> baseline.Reading:
    usual = baseline.Range(low, high, (low + high) / 2, 5, 12)
    found = baseline.Alarm("ewma", alarm, 3, 5) if alarm in ("higher", "lower") else None  # type: ignore[arg-type]  # narrowed above
    return baseline.Reading(value, usual, None if value is None else usual.place(value), found, 12)


@pytest.mark.parametrize(
    ("reading", "standing"),
    [
        (read(40), checkin.WITHIN),
        (read(51), checkin.ABOVE),
        (read(29), checkin.BELOW),
        (read(45, alarm="higher"), checkin.RISING),
        (read(60, alarm="higher"), checkin.ABOVE),
        (read(45, alarm="lower"), checkin.WITHIN),
        (read(None), checkin.MISSING),
        (baseline.Reading(40, None, None, None, 3), checkin.EARLY),
    ],
)
def test_where_a_strain_stands(reading: baseline.Reading, standing: str) -> None:
    assert checkin.standing(reading) == standing


@pytest.mark.parametrize(
    ("burnout", "fatigue", "slug"),
    [
        ("within", "within", "neither"),
        ("below", "within", "neither"),
        ("above", "within", "burnout"),
        ("rising", "below", "burnout"),
        ("within", "above", "compassion-fatigue"),
        ("above", "rising", "both"),
        ("early", "early", "early"),
        ("early", "missing", "early"),
        ("above", "early", "burnout"),  # what is known to be high is not kept back
        ("missing", "above", "compassion-fatigue"),
        ("missing", "missing", "neither"),
    ],
)
def test_patterns(burnout: str, fatigue: str, slug: str) -> None:
    assert checkin.pattern(burnout, fatigue) == slug


def test_an_authored_heading_is_used_only_where_it_is_true() -> None:
    """ "Burnout is higher …, compassion fatigue is not" would be false of a strain that is rising, missing or too new."""
    plain = (checkin.ABOVE, checkin.WITHIN, checkin.BELOW)
    authored = {*product(plain, repeat=2), (checkin.EARLY, checkin.EARLY)}
    every = (*plain, checkin.RISING, checkin.EARLY, checkin.MISSING)
    assert {pair for pair in product(every, repeat=2) if checkin.authored_heading(*pair)} == authored


def test_the_week_is_a_small_line_over_the_heading() -> None:
    assert checkin.kicker_and_heading("Week of {week}. Burnout is high. It is.") == ("Week of {week}", "Burnout is high. It is.")
    assert checkin.kicker_and_heading("Burnout is high. Week of {week}.") == ("", "Burnout is high. Week of {week}.")
    assert checkin.kicker_and_heading("Week of {week}") == ("", "Week of {week}")


def test_load_comes_first_and_three_things_are_enough() -> None:
    assert checkin.first_things(["load"], ["a", "b", "c"], load_first=True) == ["load", "a", "b"]
    assert checkin.first_things(["load", "more"], ["a", "b", "c"], load_first=True) == ["load", "a", "b"]
    assert checkin.first_things([], ["a", "b", "c"], load_first=True) == ["a", "b", "c"]
    assert checkin.first_things(["load"], ["a", "b", "c"], load_first=False) == ["a", "b", "c"]


def test_weeks_above_in_a_row() -> None:
    readings = [read(60), read(40), read(60), read(None), read(61)]
    assert checkin.weeks_above(readings) == 2  # a skipped week breaks nothing
    assert checkin.weeks_above([read(40)]) == 0
