"""The small statistics, against figures from printed tables and identities."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.kit import stats


@pytest.mark.parametrize(
    ("p", "df", "table"),
    [(0.975, 1, 12.706), (0.975, 7, 2.365), (0.95, 7, 1.895), (0.95, 10, 1.812), (0.995, 30, 2.750), (0.9, 2, 1.886)],
)
def test_t_quantiles_stand_in_the_printed_table(p, df, table):
    assert stats.t_quantile(p, df) == pytest.approx(table, abs=6e-4)
    assert stats.t_quantile(1 - p, df) == pytest.approx(-table, abs=6e-4)


@given(st.floats(0.001, 0.999), st.integers(1, 120))
def test_quantile_undoes_cdf(p, df):
    assert stats.t_cdf(stats.t_quantile(p, df), df) == pytest.approx(p, abs=1e-9)


def test_t_grows_normal():
    assert stats.t_cdf(1.96, 4000) == pytest.approx(0.975, abs=1e-4)
    with pytest.raises(ValueError, match="begin at 1"):
        stats.t_cdf(0, 0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        stats.t_quantile(1, 5)


@given(st.lists(st.integers(0, 5), min_size=2, max_size=60))
def test_variance_of_counts_is_the_variance_of_the_values(values):
    assert stats.variance_of_counts(Counter(values)) == pytest.approx(stats.sd(values) ** 2, abs=1e-9)


def test_alpha_of_identical_items_is_one_and_of_a_constant_has_no_meaning():
    assert stats.alpha([2.0, 2.0, 2.0], 18.0) == pytest.approx(1.0)
    assert stats.alpha([0.0, 0.0], 0.0) is None
    assert stats.alpha([1.0], 1.0) is None


def test_normal_scores_have_an_end():
    assert stats.normal_score(0.975) == pytest.approx(1.959964, abs=1e-6)
    assert math.isfinite(stats.normal_score(0.0)) and math.isfinite(stats.normal_score(1.0))
