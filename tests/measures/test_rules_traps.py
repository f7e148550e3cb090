"""Each trap that real files contain, by name: suspected aloud, never repaired in silence."""

import random

import pytest

from keepwell.kit.sheets import SheetError
from keepwell.measures.rules import instrument as instruments
from keepwell.measures.rules.scoring import CodingError
from tests.measures.test_rules_scoring import score_file, table

KNOWN = instruments.load()


def people(slug, form="", *, n=120, shift=0, pre_reversed=False, order=None, seed=1):
    """Answers of invented people who each lean one way, stored as the key says, with what a trap does to them."""
    chance = random.Random(seed)
    measure = KNOWN[slug]
    turned = measure.forms[form or measure.only_form]
    values = measure.values
    rows = []
    for number in range(n):
        lean = chance.random()
        row = []
        for item in range(1, measure.items + 1):
            place = min(len(values) - 1, max(0, round(lean * (len(values) - 1) + chance.gauss(0, 0.6))))
            value = values[place]
            if item in turned and not pre_reversed:
                value = measure.reverse(value)
            row.append(value + shift)
        if order:
            row = [row[item - 1] for item in order]
        rows.append([f"p{number}", *row])
    return table(rows, ["who", *[f"q{item}" for item in range(1, measure.items + 1)]])


def suspected(slug, file, **coding):
    _, sample = score_file(file, slug, "q", **coding)
    return {one.trap: one.sentence for one in sample.suspicions()}


@pytest.mark.parametrize(
    ("slug", "form"), [("pss-10", ""), ("brs", ""), ("olbi", ""), ("proqol-5", ""), ("rses", "1965"), ("cbi", "")]
)
def test_a_clean_file_arouses_no_suspicion(slug, form):
    assert suspected(slug, people(slug, form), form=form) == {}


@pytest.mark.parametrize(("slug", "form"), [("pss-10", ""), ("brs", ""), ("rses", "1965"), ("olbi", "")])
def test_double_reversal_is_suspected_and_pre_reversed_settles_it(slug, form):
    found = suspected(slug, people(slug, form, pre_reversed=True), form=form)
    assert "already reversed" in found["double-reversal"] and "--pre-reversed" in found["double-reversal"]
    assert suspected(slug, people(slug, form, pre_reversed=True), form=form, pre_reversed=True) == {}


def test_pre_reversed_said_of_a_raw_file_is_suspected_too():
    assert "not-reversed" in suspected("pss-10", people("pss-10"), pre_reversed=True)


@pytest.mark.parametrize(("filled", "claimed"), [("1965", "umd"), ("umd", "pallant"), ("pallant", "1965")])
def test_the_wrong_rosenberg_form_is_suspected_and_the_right_one_named(filled, claimed):
    found = suspected("rses", people("rses", filled), form=claimed)
    assert f"--form {filled}" in found["wrong-form"]


def test_rosenberg_is_not_scored_without_its_form():
    with pytest.raises(CodingError, match="order decides what is reversed"):
        score_file(people("rses", "umd"), "rses", "q")


def test_a_cbi_copy_in_another_order_is_suspected():
    order = [*range(1, 7), 8, 9, 10, 13, 11, 12, 7, *range(14, 20)]  # the reversed work item comes fourth of the seven
    assert "W4" in suspected("cbi", people("cbi", order=order))["item-order"]


def test_cbi_columns_named_by_code_need_no_order():
    measure = KNOWN["cbi"]
    answers = dict(zip(measure.codes, [0, 25, 50, 75, 100, 50, *[100] * 6, 0, *[25] * 6], strict=True))
    codes = sorted(answers)
    file = table([["p", *[answers[code] for code in codes]]], ["who", *[f"cbi_{code.lower()}" for code in codes]])
    (found,), _ = score_file(file, "cbi", "cbi_")
    assert found[1].scores == (50, 100, 25)


def test_answers_stored_one_too_high_are_refused_with_the_way_out():
    with pytest.raises(SheetError, match="add --base 1"):
        suspected("pss-10", people("pss-10", shift=1))
    assert suspected("pss-10", people("pss-10", shift=1), base=1) == {}


def test_one_too_high_without_the_highest_answer_is_suspected():
    rows = [[n, *[1 + (n + item) % 4 for item in range(10)]] for n in range(60)]
    file = table(rows, ["who", *[f"q{item}" for item in range(1, 11)]])
    assert "add --base 1" in suspected("pss-10", file)["base-offset"]


def test_one_too_low_is_refused_with_the_way_out():
    with pytest.raises(SheetError, match="add --base 0"):
        suspected("brief-cope", people("brief-cope", shift=-1))
    clean, _ = score_file(people("brief-cope"), "brief-cope", "q")
    moved, _ = score_file(people("brief-cope", shift=-1), "brief-cope", "q", base=0)
    assert clean == moved


def test_zero_for_no_answer_on_a_scale_from_one_is_never_counted():
    rows = [["a", 0, 3, 3, 3, 3], ["b", 3, 3, 3, 3, 3]]
    headers = ["who", "q1", "q2", "q3", "q4", "q5"]
    with pytest.raises(SheetError, match="Row 2, column q1: 0 is no answer here: answers are 1 to 7") as refused:
        score_file(table(rows, headers), "swls", "q")
    assert "add --missing 0" in str(refused.value)
    (first, second), _ = score_file(table(rows, headers), "swls", "q", missing=frozenset({"0"}))
    assert (first[1].scores, first[1].answered, second[1].scores) == ((None,), 4, (15,))


def test_the_rosenberg_file_explains_itself(shared_data):
    with pytest.raises(SheetError, match="add --base 1 --missing 0"):
        score_file(shared_data / "rses47974_raw_items.csv", "rses", "Q", form="1965")
    with pytest.raises(SheetError, match="add --missing 0"):
        score_file(shared_data / "rses47974_raw_items.csv", "rses", "Q", form="1965", base=1)


def test_a_code_for_no_answer_can_not_be_an_answer():
    with pytest.raises(CodingError, match="0 can't mean"):
        score_file(people("pss-10"), "pss-10", "q", missing=frozenset({"0"}))


def test_codes_far_out_are_told_apart_from_answers():
    rows = [["a", 99, 3, 3, 3, 3], ["b", 3, 1, 3, 7, 3]]
    headers = ["who", "q1", "q2", "q3", "q4", "q5"]
    with pytest.raises(SheetError, match="add --missing 99"):
        score_file(table(rows, headers), "swls", "q")
    (first, _), _ = score_file(table(rows, headers), "swls", "q", missing=frozenset({"99"}))
    assert first[1].answered == 4


@pytest.mark.parametrize("blank", ["", " ", "NA", "n/a", "NaN", ".", "null", "#N/A"])
def test_a_blank_is_no_answer_and_no_zero(blank):
    (found,), _ = score_file(table([["a", blank, 4, 4, 4]], ["who", "q1", "q2", "q3", "q4"]), "pss-4", "q")
    assert (found[1].answered, found[1].scores) == (3, (None,))


def test_answers_that_do_not_hang_together_are_told():
    chance = random.Random(2)
    rows = [[n, *[chance.randint(1, 7) for _ in range(5)]] for n in range(200)]
    assert "right columns" in suspected("swls", table(rows, ["who", *[f"q{n}" for n in range(1, 6)]]))["loose"]


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("often", "“often” is not a number: answers are 0 to 4"),
        ("2,5", "decimal comma"),
        ("2.5", "between two answers"),
        ("=A1+1", "formula without a saved result"),
        ("-1", "no answer here"),
        ("1_0", "not a number"),
        ("x" * 60, "x…” is not a number"),
    ],
)
def test_a_bad_cell_is_named_with_its_row_and_column(cell, sentence):
    rows = [["a", 1, 2, 3, 4], ["b", 1, 2, cell, 4]]
    with pytest.raises(SheetError) as refused:
        score_file(table(rows, ["who", "q1", "q2", "q3", "q4"]), "pss-4", "q")
    assert "Row 3, column q3:" in str(refused.value) and sentence in str(refused.value)


def test_whole_numbers_written_with_a_point_are_whole_numbers():
    (found,), _ = score_file(table([["a", "1.0", "2.", " 3 ", "+4"]], ["who", "q1", "q2", "q3", "q4"]), "pss-4", "q")
    assert found[1].scores == (1 + 2 + 1 + 4,)


def test_the_same_person_twice_is_refused_with_both_rows():
    rows = [["a", 1, 2, 3, 4], ["b", 1, 2, 3, 4], ["a", 0, 0, 0, 0]]
    with pytest.raises(SheetError, match="Row 4, column who: a stands in more than one row; the first is row 2"):
        score_file(table(rows, ["who", "q1", "q2", "q3", "q4"]), "pss-4", "q")


def test_the_same_person_twice_is_found_in_a_very_long_file_too(monkeypatch):
    monkeypatch.setattr("keepwell.measures.rules.answers._IDS_KEPT", 3000)
    rows = [[f"p{n}", 1, 2, 3, 4] for n in range(9000)] + [["p17", 0, 0, 0, 0], ["p8888", 0, 0, 0, 0]]
    with pytest.raises(SheetError, match=r"p(17|8888) stands in more than one row; the first is row (19|8890)"):
        score_file(table(rows, ["who", "q1", "q2", "q3", "q4"]), "pss-4", "q")
    found, _ = score_file(table(rows[:9000], ["who", "q1", "q2", "q3", "q4"]), "pss-4", "q")
    assert len(found) == 9000


def test_people_without_a_name_are_not_taken_for_one():
    rows = [["", 1, 2, 3, 4], ["", 4, 3, 2, 1]]
    found, _ = score_file(table(rows, ["who", "q1", "q2", "q3", "q4"]), "pss-4", "q")
    assert len(found) == 2


def test_two_people_in_one_row_are_refused():
    rows = [["a", 1, 2, 3, 4], ["b", 1, 2, 3, 4, "c", 1, 2, 3, 4]]
    with pytest.raises(SheetError, match="Row 3: 10 cells, but the header names 5. Do two people stand in one row?"):
        score_file(table(rows, ["who", "q1", "q2", "q3", "q4"]), "pss-4", "q")


# ---- which columns ----

HEADERS = ["who", "q1", "q2", "q3", "q4"]
ROW = [["a", 1, 2, 3, 4]]


@pytest.mark.parametrize(
    ("headers", "items", "sentence"),
    [
        (HEADERS, "z", "No column begins with z"),
        (["who", "q1", "q2", "q4", "x"], "q", "no column for item 3"),
        (["who", "q1", "q01", "q3", "q4"], "q", "two columns could be item 1"),
        (HEADERS, "q1,q2,q3", "names 3 columns; PSS-4 has 4 items"),
        (HEADERS, "q1,q2,q3,z", "no column z"),
        (HEADERS, "q1,q2,q3,q3", "a column twice"),
        (["who", "q1", "q2", "q2", "q4"], "who,q1,q2,q4", "two columns have this name"),
        (["who", "q4", "q2", "q3", "q1"], "", "numbered in another order"),
    ],
)
def test_columns_that_can_not_be_found_are_told(headers, items, sentence):
    with pytest.raises(SheetError, match=sentence):
        score_file(table(ROW, headers), "pss-4", items)


def test_too_few_columns_and_an_unknown_person_column():
    with pytest.raises(SheetError, match="only 3 columns stand after the first"):
        score_file(table([[1, 2, 3, 4]], HEADERS[1:]), "pss-4")
    with pytest.raises(SheetError, match="There is no column name"):
        score_file(table(ROW, HEADERS), "pss-4", "q", "name")
    with pytest.raises(SheetError, match="can't name the people too"):
        score_file(table(ROW, HEADERS), "pss-4", "q", "q1")


def test_prefixes_take_zeros_case_and_a_mark_between():
    headers = ["who", "PSS 04", "pss_1", "PSS-02", "PSS.3", "pss_5"]
    (found,), _ = score_file(table([["a", 4, 1, 2, 3, 9]], headers), "pss-4", "pss")
    assert found[1].scores == (1 + 2 + 1 + 4,)


def test_without_a_person_column_rows_go_by_their_number():
    found, _ = score_file(table([[1, 2, 3, 4]], HEADERS[1:]), "pss-4", "q")
    assert found[0][0] == "2"
