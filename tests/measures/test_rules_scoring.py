"""Keys and scores: every key one item at a time, figures of other authors, and what may never happen to a score."""

import csv
import io
import random
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.kit import sheets
from keepwell.measures.rules import instrument as instruments
from keepwell.measures.rules.answers import find_columns, score_sheet
from keepwell.measures.rules.scoring import Coding, CodingError, Key, score
from keepwell.measures.rules.traps import Sample

KNOWN = instruments.load()
SLUGS = "proqol-5 stss cbi olbi pss-10 pss-4 who-5 maas swls rses brief-cope brs phq-4 single-item-burnout bce".split()
KEYED = [(slug, form) for slug in SLUGS for form in KNOWN[slug].forms]


def scores(slug, answers, form=""):
    measure = KNOWN[slug]
    outcome = score(measure, answers, form)
    return {scale.slug: value for scale, value in zip(measure.scales, outcome.scores, strict=True)}


def table(rows, headers, delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([headers, *rows])
    return io.BytesIO(out.getvalue().encode())


def score_file(file, slug, items="", person="", **coding):
    key = Key(KNOWN[slug], Coding(**coding))
    sample = Sample(key)
    with sheets.read(file) as sheet:
        columns = find_columns(sheet, KNOWN[slug], items, person)
        found = [
            (name, key.outcome(packed))
            for block in score_sheet(sheet, key, columns, sample)
            for name, packed in zip(block.people, block.packed, strict=True)
        ]
    return found, sample


# ---- the keys ----


def test_every_slug_of_the_interface_has_a_key_and_no_other_does():
    assert sorted(KNOWN) == sorted(SLUGS)


def test_both_languages_have_the_same_key_in_other_words():
    for slug, spanish in instruments.load("es").items():
        english = KNOWN[slug]
        assert spanish.forms == english.forms and spanish.values == english.values
        assert [scale.items for scale in spanish.scales] == [scale.items for scale in english.scales]
        assert spanish.about != english.about and spanish.licence != english.licence
        assert len(spanish.cautions) == len(english.cautions)


# For each form: the items that are reversed, written a second time, by hand, from the research.
REVERSED = {
    ("proqol-5", "standard"): {1, 4, 15, 17, 29},
    ("cbi", "standard"): {13},
    ("olbi", "standard"): {2, 3, 4, 6, 8, 9, 11, 12},
    ("pss-10", "standard"): {4, 5, 7, 8},
    ("pss-4", "standard"): {2, 3},
    ("brs", "standard"): {2, 4, 6},
    ("rses", "umd"): {2, 5, 6, 8, 9},
    ("rses", "1965"): {3, 5, 8, 9, 10},
    ("rses", "pallant"): {3, 5, 7, 9, 10},
}


@pytest.mark.parametrize(("slug", "form"), KEYED)
def test_one_item_at_a_time_from_the_floor(slug, form):
    """Raising a single answer moves exactly its scales, down where it is reversed. Equal answers can't show this."""
    measure = KNOWN[slug]
    low, high = measure.values[0], measure.values[-1]
    floor = [low] * measure.items
    before = scores(slug, floor, form)
    turned = REVERSED.get((slug, form), set())
    for item in range(1, measure.items + 1):
        raised = list(floor)
        raised[item - 1] = high
        after = scores(slug, raised, form)
        for scale in measure.scales:
            step = (high - low) * scale.multiply / (len(scale.items) if scale.method == "mean" else 1)
            expected = 0 if item not in scale.items else -step if item in turned else step
            assert after[scale.slug] - before[scale.slug] == pytest.approx(expected), (item, scale.slug)


MEMBERS = {
    "proqol-5": {
        "compassion_satisfaction": "3 6 12 16 18 20 22 24 27 30",
        "burnout": "1 4 8 10 15 17 19 21 26 29",
        "secondary_traumatic_stress": "2 5 7 9 11 13 14 23 25 28",
    },
    "stss": {"intrusion": "2 3 6 10 13", "avoidance": "1 5 7 9 12 14 17", "arousal": "4 8 11 15 16"},
    "cbi": {"personal": "1 2 3 4 5 6", "work": "7 8 9 10 11 12 13", "client": "14 15 16 17 18 19"},
    "olbi": {"disengagement": "1 3 6 7 9 11 13 15", "exhaustion": "2 4 5 8 10 12 14 16"},
    "pss-10": {"helplessness": "1 2 3 6 9 10", "self_efficacy": "4 5 7 8"},
    "phq-4": {"anxiety": "1 2", "depression": "3 4"},
}


@pytest.mark.parametrize("slug", MEMBERS)
def test_the_items_of_each_scale(slug):
    for scale, items in MEMBERS[slug].items():
        assert KNOWN[slug].scale_by_slug[scale].items == tuple(int(item) for item in items.split())


# ---- known answers: arithmetic only ----


@pytest.mark.parametrize(
    ("slug", "answers", "expected"),
    [
        *[("olbi", [v] * 16, {"disengagement": 20, "exhaustion": 20, "total": 40}) for v in (1, 2, 3, 4)],
        ("cbi", [75] * 19, {"personal": 75, "work": 475 / 7, "client": 75}),
        ("cbi", [0] * 19, {"personal": 0, "work": 100 / 7, "client": 0}),
        ("cbi", [100] * 19, {"personal": 100, "work": 600 / 7, "client": 100}),
        ("cbi", [50] * 19, {"personal": 50, "work": 50, "client": 50}),
        ("cbi", [25, 50, None, None, None, None, *[None] * 13], {"personal": None, "work": None, "client": None}),
        ("cbi", [25, 50, 75, None, None, None, *[None] * 13], {"personal": 50, "work": None, "client": None}),
        ("pss-10", [0] * 10, {"total": 16, "helplessness": 0, "self_efficacy": 16}),
        ("pss-10", [2] * 10, {"total": 20, "helplessness": 12, "self_efficacy": 8}),
        ("pss-10", [4] * 10, {"total": 24, "helplessness": 24, "self_efficacy": 0}),
        ("pss-4", [0, 4, 4, 0], {"total": 0}),
        *[
            ("proqol-5", [v] * 30, {"compassion_satisfaction": cs, "burnout": 30, "secondary_traumatic_stress": cs})
            for v, cs in ((1, 10), (3, 30), (5, 50))
        ],
        ("stss", [1] * 17, {"total": 17, "intrusion": 5, "avoidance": 7, "arousal": 5}),
        ("stss", [5] * 17, {"total": 85, "intrusion": 25, "avoidance": 35, "arousal": 25}),
        *[("who-5", [v] * 5, {"total": total}) for v, total in ((0, 0), (3, 60), (5, 100))],
        ("maas", [6] * 15, {"total": 6}),
        ("brs", [2] * 6, {"total": 3}),
        ("brs", [5, 1, 5, 1, 5, 1], {"total": 5}),
        ("swls", [4] * 5, {"total": 20}),
        ("bce", [1] * 10, {"total": 10}),
        ("phq-4", [3, 3, 0, 1], {"total": 7, "anxiety": 6, "depression": 1}),
        ("single-item-burnout", [3], {"total": 3}),
    ],
)
def test_known_answers(slug, answers, expected):
    assert scores(slug, answers) == pytest.approx(expected)


@pytest.mark.parametrize("form", ["umd", "1965", "pallant"])
def test_rosenberg_equal_answers_are_fifteen_in_every_order(form):
    assert all(scores("rses", [v] * 10, form) == {"total": 15} for v in range(4))


@pytest.mark.parametrize(
    ("slug", "score_", "slug_of_band"),
    [
        ("stss", 27, "little"), ("stss", 28, "mild"), ("stss", 37, "mild"), ("stss", 38, "moderate"),
        ("stss", 43, "moderate"), ("stss", 44, "high"), ("stss", 48, "high"), ("stss", 49, "severe"),
        ("swls", 35, "band1"), ("swls", 31, "band1"), ("swls", 30, "band2"), ("swls", 21, "band3"),
        ("swls", 20, "band4"), ("swls", 19, "band5"), ("swls", 14, "band6"), ("swls", 9, "band7"), ("swls", 5, "band7"),
        ("brs", 17 / 6, "low"), ("brs", 3.0, "middle"), ("brs", 25 / 6, "middle"), ("brs", 26 / 6, "high"),
        ("phq-4", 2, "none"), ("phq-4", 3, "mild"), ("phq-4", 6, "moderate"), ("phq-4", 9, "severe"),
        ("who-5", 48, "upto50"), ("who-5", 52, "over50"),
        ("single-item-burnout", 2, "under3"), ("single-item-burnout", 3, "over3"),
    ],
)  # fmt: skip
def test_bands_begin_where_their_source_says(slug, score_, slug_of_band):
    assert KNOWN[slug].banding_of("total").band(score_).slug == slug_of_band


def test_proqol_bands_are_the_raw_ones_for_each_scale():
    for scale in ("compassion_satisfaction", "burnout", "secondary_traumatic_stress"):
        banding = KNOWN["proqol-5"].banding_of(scale)
        assert [banding.band(value).slug for value in (22, 23, 41, 42)] == ["low", "moderate", "moderate", "high"]
        assert "raw" in banding.source


@pytest.mark.parametrize("slug", ["pss-10", "pss-4", "olbi", "brief-cope", "maas", "rses", "bce"])
def test_no_band_where_no_cut_was_verified(slug):
    assert KNOWN[slug].bandings == ()


# ---- agreement with others ----

EXPECTED = {
    ("pss-10", "PSS_"): {
        "total": "EXPECT_PSS_Total",
        "helplessness": "EXPECT_PSS_Helpless",
        "self_efficacy": "EXPECT_PSS_SelfEff",
    },
    ("brief-cope", "BCOPE_"): {
        slug: "EXPECT_Brief_COPE_" + name
        for slug, name in {
            "self_distraction": "SelfDistraction",
            "active_coping": "ActiveCoping",
            "denial": "Denial",
            "substance_use": "SubstanceUse",
            "emotional_support": "EmotionalSupport",
            "instrumental_support": "InstrumentalSupport",
            "behavioural_disengagement": "BehavioralDisengagement",
            "venting": "Venting",
            "positive_reframing": "PosReframing",
            "planning": "Planning",
            "humour": "Humor",
            "acceptance": "Acceptance",
            "religion": "Religion",
            "self_blame": "SelfBlame",
        }.items()
    },
    ("swls", "SWLS_"): {"total": "EXPECT_SWLS"},
    ("rses", "RSE_"): {"total": "EXPECT_RSE"},
}


@pytest.mark.parametrize(("slug", "prefix"), EXPECTED)
def test_every_total_of_other_authors(shared_data, slug, prefix):
    path = shared_data / "biopsykit6_expected.csv"
    with path.open(newline="") as file:
        theirs = {row["subject"]: row for row in csv.DictReader(file)}
    ours, _ = score_file(path, slug, prefix, form="umd" if slug == "rses" else "")
    assert len(ours) == 6
    for person, outcome in ours:
        for scale, value in zip(KNOWN[slug].scales, outcome.scores, strict=True):
            assert value == float(theirs[person][EXPECTED[slug, prefix][scale.slug]]), (person, scale.slug)


def test_rosenberg_file_of_47974(shared_data):
    path = shared_data / "rses47974_raw_items.csv"
    ours, sample = score_file(path, "rses", "Q", form="1965", base=1, missing=frozenset({"0"}))
    totals = [outcome.scores[0] for _, outcome in ours if outcome.scores[0] is not None]
    assert (len(ours), len(totals)) == (47_974, 46_546)
    assert sum(totals) / len(totals) == pytest.approx(16.30, abs=0.005)
    only = sample.consistency()[0]
    assert (only.people, round(only.stored, 3), round(only.scored, 3)) == (46_546, -0.176, 0.914)


def test_perceived_stress_file_of_462(shared_data):
    ours, sample = score_file(shared_data / "students462_pss10_raw.csv", "pss-10", "b")
    totals = [outcome.scores[0] for _, outcome in ours]
    assert len(totals) == 462 and sum(totals) / 462 == pytest.approx(21.71, abs=0.005)
    only = sample.consistency()[0]
    assert (round(only.stored, 3), round(only.scored, 3)) == (0.217, 0.856)


def test_the_single_item_cut_against_the_published_table(shared_data):
    counts = {True: [0, 0], False: [0, 0]}
    with (shared_data / "dolan2015_crosstab.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            band = score(KNOWN["single-item-burnout"], [int(row["single_item"])]).bands[0]
            for weekly, columns in ((True, "456"), (False, "0123")):
                counts[weekly][band.slug == "over3"] += sum(int(row[column]) for column in columns)
    assert sum(map(sum, counts.values())) == 5404
    assert counts[True][1] / sum(counts[True]) == pytest.approx(0.832, abs=5e-4)
    assert counts[False][0] / sum(counts[False]) == pytest.approx(0.874, abs=5e-4)


# ---- what always holds ----

answers_of = st.sampled_from(KEYED).flatmap(
    lambda keyed: st.tuples(
        st.just(keyed),
        st.lists(
            st.none() | st.sampled_from(KNOWN[keyed[0]].values),
            min_size=KNOWN[keyed[0]].items,
            max_size=KNOWN[keyed[0]].items,
        ),
    )
)


@given(answers_of)
def test_a_score_never_leaves_its_range_and_a_gap_is_never_a_zero(drawn):
    (slug, form), answers = drawn
    measure = KNOWN[slug]
    outcome = score(measure, answers, form)
    assert outcome.answered == sum(value is not None for value in answers)
    for scale, value in zip(measure.scales, outcome.scores, strict=True):
        given_ = [answers[item - 1] for item in scale.items if answers[item - 1] is not None]
        assert (value is None) == (len(given_) < scale.needed)
        if value is not None:
            assert scale.low <= value <= scale.high


@given(answers_of)
def test_what_is_already_reversed_scores_the_same_with_pre_reversed(drawn):
    (slug, form), answers = drawn
    measure = KNOWN[slug]
    turned = [
        value if value is None or item not in measure.forms[form] else measure.reverse(value)
        for item, value in enumerate(answers, start=1)
    ]
    assert Key(measure, Coding(form=form, pre_reversed=True)).score(turned) == score(measure, answers, form)


@given(st.randoms(use_true_random=False), st.sampled_from(KEYED), st.sampled_from([1, 3, 4096]))
def test_rows_columns_and_chunks_in_any_order_give_the_same_scores(chance, keyed, chunk):
    slug, form = keyed
    measure = KNOWN[slug]
    headers = ["who", *[f"q{item}" for item in range(1, measure.items + 1)], "else"]
    cells = ["", *[str(value) for value in measure.values]]
    rows = [[f"p{n}", *[chance.choice(cells) for _ in range(measure.items)], "x"] for n in range(7)]
    one_by_one = {row[0]: score(measure, [int(cell) if cell else None for cell in row[1:-1]], form) for row in rows}
    order = list(range(len(headers)))
    chance.shuffle(order)
    chance.shuffle(rows)
    file = table([[row[index] for index in order] for row in rows], [headers[index] for index in order])
    key = Key(measure, Coding(form=form))
    with sheets.read(file) as sheet:
        whole = sheet.lines
        sheet.lines = lambda size=chunk: whole(chunk)
        columns = find_columns(sheet, measure, "q", "who")
        found = {
            name: key.outcome(packed)
            for block in score_sheet(sheet, key, columns)
            for name, packed in zip(block.people, block.packed, strict=True)
        }
    assert found == one_by_one


@given(
    st.lists(
        st.lists(st.sampled_from(["0", "1", "2", "3", "4", "", " 1", "4.0", "NA"]), min_size=4, max_size=4), max_size=12
    ),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.sampled_from([[], ["who"], ["who", "site"], ["note", "who"]]),
    st.sampled_from([1, 2, 4096]),
)
def test_lines_read_uncut_score_like_cells(rows, delimiter, end, closed, before, chunk):
    """Plain lines have a faster way; it must never know another answer, whatever stands before the items."""
    measure = KNOWN["pss-4"]
    headers = [*before, "q1", "q2", "q3", "q4"]
    lines = [[*[f"{name}{n}" for name in before], *row] for n, row in enumerate(rows)]
    text = end.join(delimiter.join(cells) for cells in [headers, *lines]) + (end if closed else "")
    key = Key(measure)
    expected = [key.score([key.value(cell) for cell in row]) for row in rows if before or any(c.strip() for c in row)]
    with sheets.read(io.BytesIO(text.encode())) as sheet:
        whole = sheet.lines
        sheet.lines = lambda size=chunk: whole(chunk)
        columns = find_columns(sheet, measure, "q", "who" if before else "")
        found = list(score_sheet(sheet, key, columns))
    assert [key.outcome(packed) for block in found for packed in block.packed] == expected
    if before:
        assert [name for block in found for name in block.people] == [f"who{n}" for n in range(len(rows))]


@pytest.mark.parametrize("line", ["p9,9,1,2,3,4", "p9,1,2,3", "p9,1,2,3,45", "p9;1,2,3,4", ",,1,2,3,4", "1,2,3,4"])
def test_a_line_that_only_looks_right_from_its_end_is_not_taken(line):
    file = io.BytesIO(("who,q1,q2,q3,q4\n" + "a,1,2,3,4\n" * 1 + line + "\n").encode())
    key = Key(KNOWN["pss-4"])
    try:
        found, _ = score_file(file, "pss-4", "q")
    except sheets.SheetError as error:
        assert "Row 3" in str(error)
    else:
        assert found[0][1] == key.score([1, 2, 3, 4])
        assert found[1][1].answered < 4 and found[1][1].scores == (None,)


def test_memory_stays_flat_and_every_row_is_scored(tmp_path, monkeypatch):
    def peak(rows):
        path = tmp_path / f"{rows}.csv"
        chance = random.Random(5)
        path.write_text(
            "id,q1,q2,q3,q4\n" + "".join(f"{n},{','.join(chance.choices('01234', k=4))}\n" for n in range(rows))
        )
        key = Key(KNOWN["pss-4"])
        tracemalloc.start()
        try:
            with sheets.read(path) as sheet:
                whole = sheet.lines
                sheet.lines = lambda size=256: whole(size)
                columns = find_columns(sheet, KNOWN["pss-4"])
                assert sum(len(block.packed) for block in score_sheet(sheet, key, columns)) == rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    monkeypatch.setattr("keepwell.measures.rules.answers._IDS_KEPT", 1_000)
    monkeypatch.setattr("keepwell.kit.sheets.text.BLOCK", 1 << 13)
    assert peak(12_000) < peak(4_000) * 1.2


def test_a_key_needs_as_many_answers_as_items():
    with pytest.raises(ValueError, match="PSS-4 has 4 items, not 3"):
        score(KNOWN["pss-4"], [1, 2, 3])
    with pytest.raises(CodingError, match="no form 'other'"):
        Key(KNOWN["pss-4"], Coding(form="other"))
