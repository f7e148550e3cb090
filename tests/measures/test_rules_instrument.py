"""A key that does not fit itself is refused with file and line, and no figure is shown that nobody verified."""

import re

import pytest

from keepwell.kit.content import ContentError
from keepwell.measures.rules import instrument as instruments

GOOD = (instruments.FOLDER / "swls.toml").read_text(encoding="utf-8")
ALL = list(instruments.load().values())


def load(tmp_path, text):
    (tmp_path / "swls.toml").write_text(text, encoding="utf-8")
    return instruments.load("en", overlay=tmp_path)["swls"]


@pytest.mark.parametrize(
    ("change", "into", "sentence"),
    [
        ("values = [1, 2, 3, 4, 5, 6, 7]", "values = [1, 3, 2]", "Answers go up"),
        ("reversed = []", "reversed = [6]", "A reversed item is not among the items"),
        ('items = "all"', "items = [1, 2, 3, 4]", "Some items belong to no scale"),
        ('items = "all"', "items = [1, 2, 3, 4, 5, 5]", "stands twice"),
        ('score = "sum"', 'score = "median"', "sum or mean"),
        ('score = "sum"', 'score = "sum"\nneeded = 3', "would count the missing ones as nothing"),
        ('score = "sum"', 'score = "mean"\nneeded = 9', "needs more answers than it has items"),
        ('higher = "better"', 'higher = "up"', "which way does it point"),
        ("{ from = 5, slug", "{ from = 6, slug", "bands don't begin where"),
        ("{ from = 10, slug", "{ from = 5, slug", "Bands go up"),
        ("reliability = 0.84", "reliability = 1.2", "SD or reliability can't be"),
        ('mark = "COMPUTED"\nsource = "SD', 'mark = "MEMORY"\nsource = "SD', "remembered figure"),
        ('mark = "FOUND"\nbands', 'mark = "MEMORY"\nbands', "remembered cut"),
        ('scale = "total"\nsd', 'scale = "other"\nsd', "names a scale that is not there"),
        ('permission = "free"\n', "", "'permission' is missing"),
        ("items = 5", 'items = "five"', "wrong shape"),
    ],
)
def test_a_key_that_does_not_fit_is_refused(tmp_path, change, into, sentence):
    assert change in GOOD
    with pytest.raises(ContentError, match=re.escape(sentence)) as refused:
        load(tmp_path, GOOD.replace(change, into, 1))
    assert "swls.toml, line " in str(refused.value)


def test_an_agency_can_lay_its_own_words_over_ours(tmp_path):
    assert load(tmp_path, GOOD.replace("How one judges", "How somebody judges")).about.startswith("How somebody")


@pytest.mark.parametrize("measure", ALL, ids=lambda one: one.slug)
def test_every_key_names_its_source_its_terms_and_its_limits(measure):
    assert measure.key_mark in {"FOUND", "COMPUTED", "SECONDARY"} and measure.key_source and measure.official
    assert measure.licence and measure.about and measure.cautions
    assert all(banding.source for banding in measure.bandings)
    assert all(spread.source for spread in measure.spreads.values())


def test_no_one_is_asked_faster_than_the_measure_looks_back():
    windows = {one.slug: one.window_days for one in ALL if one.window_days}
    assert windows == {"proqol-5": 30, "pss-10": 30, "pss-4": 30, "who-5": 14, "phq-4": 14, "stss": 7}
    for one in ALL:
        assert one.once or one.floor_days >= (one.window_days or 0)
        assert one.rhythm_days is None or one.rhythm_days >= one.floor_days


def test_what_is_for_oneself_alone_says_so():
    assert {one.slug for one in ALL if one.private} == {"phq-4", "bce"}
    assert {one.slug for one in ALL if one.once} == {"bce"}


def test_ask_first_is_said_of_the_measures_whose_terms_are_not_clear():
    assert {one.slug for one in ALL if one.permission == "ask"} == {"stss", "olbi", "pss-10", "pss-4", "brs"}
