"""Reliable change: the formula, the published thresholds, and silence where the figures are not on file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.measures.rules import change as rules
from keepwell.measures.rules import instrument as instruments

KNOWN = instruments.load()


@pytest.mark.parametrize(
    ("slug", "scale", "points"),
    [
        ("cbi", "personal", 15.89), ("cbi", "work", 21.36), ("cbi", "client", 19.19), ("pss-10", "total", 9.50),
        ("swls", "total", 7.13), ("rses", "total", 5.67), ("phq-4", "total", 2.33), ("brs", "total", 0.85),
    ],
)  # fmt: skip
def test_points_of_change_needed(slug, scale, points):
    assert rules.threshold(KNOWN[slug].spreads[scale]) == pytest.approx(points, abs=0.006)


@pytest.mark.parametrize("slug", ["proqol-5", "stss", "olbi", "pss-4", "who-5", "maas", "brief-cope", "bce"])
def test_no_index_where_the_figures_are_not_on_file(slug):
    measure = KNOWN[slug]
    assert measure.spreads == {}
    scale = measure.scales[0]
    found = rules.change(scale, None, scale.low, scale.high)
    assert found.verdict == "no index" and found.index is None
    assert "can't be said" in rules.sentence(scale, None, found)


def test_a_difference_of_ten_on_the_who_5_is_meaningful_and_no_reliable_change():
    assert KNOWN["who-5"].meaningful["total"].points == 10


@pytest.mark.parametrize(
    ("slug", "before", "after", "verdict"),
    [
        ("pss-10", 20, 29, "no sign"), ("pss-10", 20, 30, "worse"), ("pss-10", 30, 20, "better"),
        ("swls", 20, 28, "better"), ("swls", 28, 20, "worse"), ("swls", None, 20, "no score"),
    ],
)  # fmt: skip
def test_the_direction_of_the_scale_decides_what_is_better(slug, before, after, verdict):
    measure = KNOWN[slug]
    assert rules.change(measure.scales[0], measure.spreads["total"], before, after).verdict == verdict


def test_ways_of_coping_are_neither_better_nor_worse():
    scale = KNOWN["brief-cope"].scales[0]
    spread = instruments.Spread(scale.slug, 1.0, 0.8, "given", "x", "GIVEN")
    assert rules.change(scale, spread, 2, 8).verdict == "higher"
    assert rules.change(scale, spread, 8, 2).verdict == "lower"


@given(st.floats(0, 40), st.floats(0, 40))
def test_there_and_back_are_mirror_images(before, after):
    measure = KNOWN["pss-10"]
    there = rules.change(measure.scales[0], measure.spreads["total"], before, after)
    back = rules.change(measure.scales[0], measure.spreads["total"], after, before)
    assert there.index == pytest.approx(-back.index)
    mirror = {"better": "worse", "worse": "better", "no sign": "no sign"}
    assert back.verdict == mirror[there.verdict]


def test_sentences_say_what_is_known_and_no_more():
    measure = KNOWN["pss-10"]
    scale, spread = measure.scales[0], measure.spreads["total"]
    said = [
        rules.sentence(scale, spread, rules.change(scale, spread, *pair)) for pair in ((20, 30), (20, 25), (20, 20))
    ]
    assert said == [
        "Perceived stress went from 20 to 30. That is more than the measure's own noise (9.5 points): a reliable "
        "change for the worse.",
        "Perceived stress went from 20 to 25. A difference of less than 9.5 can come from the measure itself.",
        "Perceived stress stayed at 20. A difference of less than 9.5 can come from the measure itself.",
    ]
    assert "too few answers the second time" in rules.sentence(scale, spread, rules.change(scale, spread, 20, None))
    assert "too few answers either time" in rules.sentence(scale, spread, rules.change(scale, spread, None, None))


def test_the_noise_band_of_a_trend_stays_on_the_scale():
    measure = KNOWN["pss-10"]
    low, high = rules.band(measure.spreads["total"], 38, 0, 40)
    assert low == pytest.approx(38 - 1.96 * 7.31 * 0.22**0.5) and high == 40


def test_counts():
    scale, spread = KNOWN["pss-10"].scales[0], KNOWN["pss-10"].spreads["total"]
    pairs = ((10, 30), (30, 10), (10, 11), (10, 9))
    assert rules.count(rules.change(scale, spread, *pair) for pair in pairs) == {"worse": 1, "better": 1, "no sign": 2}
