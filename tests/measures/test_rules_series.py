"""EWMA and CUSUM: the figures R's qcc gives, silence between values, and the mirror image."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.measures.rules.series import cusum, ewma

values = st.lists(st.floats(-50, 50), min_size=1, max_size=40)


def test_ewma_agrees_with_qcc(shared_data):
    oracle = json.loads((shared_data / "oracle_qcc_montgomery.json").read_text())
    chart = ewma(oracle["x"], centre=10, sd=1, weight=oracle["ewma"]["lambda"], width=oracle["ewma"]["L"])
    assert chart.levels == pytest.approx(oracle["ewma"]["z"], abs=5e-5)
    assert (chart.lower[0], chart.upper[0]) == pytest.approx(oracle["ewma"]["limits_t1"], abs=5e-5)
    assert (chart.lower[-1], chart.upper[-1]) == pytest.approx(oracle["ewma"]["limits_t30"], abs=5e-5)
    assert [n + 1 for n in chart.above] == oracle["ewma"]["violations_1based"] and chart.below == ()


def test_cusum_agrees_with_qcc(shared_data):
    oracle = json.loads((shared_data / "oracle_qcc_montgomery.json").read_text())
    chart = cusum(oracle["x"], centre=10, sd=1, k=0.5, h=5)
    assert chart.up == pytest.approx(oracle["cusum"]["c_plus"], abs=5e-9)
    assert [n + 1 for n in chart.above] == oracle["cusum"]["upper_violations_1based"]
    assert list(chart.below) == oracle["cusum"]["lower_violations_1based"]
    assert chart.up_since[-1] == 22  # the rise that ends in the alarm began at the 23rd value


def test_our_own_arithmetic_by_hand():
    chart = ewma([1, 1, -1], centre=0, sd=1)
    assert chart.levels == pytest.approx((0.2, 0.36, 0.088))
    assert chart.upper[0] == pytest.approx(0.6)
    assert cusum([1, 2, -1], centre=0, sd=1).up == pytest.approx((0.5, 2.0, 0.5))
    assert cusum([1, 2, -1], centre=0, sd=1).down == pytest.approx((0, 0, 0.5))


def test_a_silent_step_is_no_value_and_no_zero():
    quiet = ewma([2.0, None, 2.0], centre=0, sd=1)
    assert quiet.levels[1] is None and quiet.upper[1] is None
    assert quiet.levels[2] == pytest.approx(0.64 * 0.4 + 0.36 * 2)
    assert quiet.upper[2] > ewma([2.0, 2.0], centre=0, sd=1).upper[1]
    sums = cusum([9.0, None, None], centre=0, sd=1)
    assert sums.up == pytest.approx((8.5, 8.0, 7.5)) and sums.above == (0,)


@given(values)
def test_upwards_is_downwards_in_the_mirror(xs):
    mirror = [-x for x in xs]
    assert cusum(xs, centre=0, sd=3).up == pytest.approx(cusum(mirror, centre=0, sd=3).down)
    assert ewma(xs, centre=0, sd=3).above == ewma(mirror, centre=0, sd=3).below


@given(values, st.floats(-100, 100), st.floats(0.1, 10))
def test_units_do_not_matter(xs, shift, scale):
    moved = [x * scale + shift for x in xs]
    there = cusum(moved, centre=shift, sd=scale).up
    assert there == pytest.approx(cusum(xs, centre=0, sd=1).up, abs=1e-6)


@given(values)
def test_the_past_is_never_rewritten(xs):
    assert ewma(xs, centre=0, sd=1).levels[: len(xs) - 1] == ewma(xs[:-1], centre=0, sd=1).levels


def test_values_that_do_not_vary_have_no_scale():
    with pytest.raises(ValueError, match="don't vary"):
        ewma([1, 2], centre=0, sd=0)
    with pytest.raises(ValueError, match="lambda"):
        ewma([1, 2], centre=0, sd=1, weight=0)
