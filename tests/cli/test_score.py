"""`keepwell score`, `change`, `series` and `measures` as somebody at a keyboard meets them."""

import csv
import io
import json
import subprocess
import sys

import openpyxl
import pytest

from keepwell.cli import main
from keepwell.measures.rules.instrument import FOLDER


@pytest.fixture
def keepwell(capsys):
    def call(*words):
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def answers(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("who,q1,q2,q3,q4\na,1,2,3,4\nb,0,,0,0\n")
    return path


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_scores_come_out_as_a_table(keepwell, answers):
    code, out, err = keepwell("score", "pss-4", answers)
    assert code == 0
    assert out == "who,total,answered,band,warnings\na,8,4,,\nb,,3,,1 of 4 items unanswered: no total\n"
    assert err.splitlines() == [
        "PSS-4: 2 rows scored, 1 with items unanswered.",
        "Note: Items 1 to 4 were taken by position: q1 to q4.",
    ]


def test_the_band_comes_with_its_source(keepwell, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("who,q1,q2,q3,q4\na,3,3,0,1\n")
    _, out, _ = keepwell("score", "phq-4", path)
    (row,) = rows(out)
    assert row["band"] == "moderate; anxiety 3 or more; depression below 3 [NINDS common data elements]"


def test_means_have_four_decimals_at_most(keepwell, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("who," + ",".join(f"q{n}" for n in range(1, 20)) + "\na," + ",".join(["75"] * 19) + "\n")
    _, out, err = keepwell("score", "cbi", path, "--items", "q")
    assert rows(out)[0]["work"] == "67.8571" and rows(out)[0]["personal"] == "75"
    assert "differ in the order of their items" in err


def test_json_holds_the_same(keepwell, answers):
    code, out, _ = keepwell("score", "pss-4", answers, "--json")
    data = json.loads(out)
    assert code == 0 and [row["total"] for row in data["rows"]] == [8, None]
    assert (data["measure"], data["count"], data["incomplete"]) == ("pss-4", 2, 1)
    assert data["remark"] == "A score is not a diagnosis."


def test_out_is_written_whole(keepwell, answers, tmp_path):
    code, out, _ = keepwell("score", "pss-4", answers, "--out", tmp_path / "scores.csv")
    assert (code, out) == (0, "")
    assert rows((tmp_path / "scores.csv").read_text())[0] == {
        "who": "a",
        "total": "8",
        "answered": "4",
        "band": "",
        "warnings": "",
    }


def test_a_fault_leaves_nothing_behind(keepwell, tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("who,q1,q2,q3,q4\n" + "".join(f"p{n},1,2,3,4\n" for n in range(9000)) + "last,1,2,often,4\n")
    target = tmp_path / "scores.csv"
    target.write_text("what was there before")
    code, out, err = keepwell("score", "pss-4", path, "--out", target)
    assert (code, out) == (1, "")
    assert (
        "Row 9002, column q3: “often” is not a number" in err and "Nothing was written" in err and "--base" not in err
    )
    assert target.read_text() == "what was there before"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["answers.csv", "scores.csv"]
    code, out, _ = keepwell("score", "pss-4", path)
    assert (code, out) == (1, "")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b",".join([b"x"] * 1_000_000), "1,000,000 columns"),
        (b"who,q1,q2,q3,q4\na,1,2,3,x\n", "Row 2, column q4: “x” is not a number"),
        (b"who;q1;q2;q3;q4\na;1;2,5;3;4\n", "decimal comma"),
        (b"who,q1,q2,q3,q4\na,1,2,3,4\na,1,2,3,4\n", "a stands in more than one row"),
        (b"who,q1,q2,q3,q4\na,1,2,3,4,b,1,2,3,4\n", "Do two people stand in one row?"),
        (b"who,q1,q2,q3,q4\na,1,2,3,=1+1\n", "formula"),
    ],
)
def test_bad_input_ends_with_a_sentence_and_one(keepwell, tmp_path, content, sentence):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    code, out, err = keepwell("score", "pss-4", path)
    assert (code, out) == (1, "") and sentence in err


def test_wrong_use_ends_with_two(keepwell, answers):
    assert keepwell()[0] == 2
    assert keepwell("score")[0] == 2
    assert keepwell("scores")[0] == 2
    code, _, err = keepwell("score", "pss4", answers)
    assert code == 2 and "Did you mean pss-4?" in err
    code, _, err = keepwell("score", "pss-4", answers, "--missing", "0")
    assert code == 2 and "0 can't mean" in err
    code, _, err = keepwell("score", "pss-4", answers, "--out", answers)
    assert code == 2 and "choose another name" in err
    assert keepwell("score", "pss-4", answers.parent / "nowhere.csv")[0] == 1


def test_rosenberg_without_a_form_is_refused_with_what_the_answers_suggest(keepwell, shared_data):
    file = shared_data / "rses47974_raw_items.csv"
    code, out, err = keepwell("score", "rses", file, "--items", "Q", "--base", 1, "--missing", 0)
    assert (code, out) == (2, "")
    assert "fit 1965 best" in err and "a hint, not a proof" in err


def test_rosenberg_file_as_the_papers_say(keepwell, shared_data):
    file = shared_data / "rses47974_raw_items.csv"
    code, out, err = keepwell("score", "rses", file, "--items", "Q", "--form", "1965", "--base", 1, "--missing", 0)
    scored = [float(row["total"]) for row in rows(out) if row["total"]]
    assert code == 0 and len(scored) == 46_546
    assert "47974 rows scored, 1428 with items unanswered" in err
    assert "alpha 0.914 as scored, -0.176 as the file stores them (46546 complete rows)" in err


@pytest.mark.parametrize(("measure", "prefix", "theirs"), [("pss-10", "PSS_", "PSS_Total"), ("swls", "SWLS_", "SWLS")])
def test_totals_of_other_authors(keepwell, shared_data, measure, prefix, theirs):
    file = shared_data / "biopsykit6_expected.csv"
    _, out, _ = keepwell("score", measure, file, "--items", prefix)
    expected = [row[f"EXPECT_{theirs}"] for row in rows(file.read_text())]
    assert [row["total"] for row in rows(out)] == expected


def test_a_workbook_gives_what_the_csv_gives(keepwell, answers, tmp_path):
    book = openpyxl.Workbook()
    for line in csv.reader(answers.open()):
        book.active.append([int(cell) if cell.isdigit() else cell or None for cell in line])
    book.save(tmp_path / "answers.xlsx")
    assert keepwell("score", "pss-4", tmp_path / "answers.xlsx")[1] == keepwell("score", "pss-4", answers)[1]


def test_a_formula_without_a_result_in_a_workbook_is_refused(keepwell, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["who", "q1", "q2", "q3", "q4"])
    book.active.append(["a", 1, 2, 3, "=B2+1"])
    book.save(tmp_path / "answers.xlsx")
    code, _, err = keepwell("score", "pss-4", tmp_path / "answers.xlsx")
    assert code == 1 and "Row 2, column q4: =B2+1 is a formula without a saved result" in err


def test_names_that_would_run_as_formulas_are_disarmed(keepwell, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('who,q1,q2,q3,q4\n"=HYPERLINK(""x"")",1,2,3,4\n"Ann, Lee",1,2,3,4\n-7,1,2,3,4\n')
    _, out, _ = keepwell("score", "pss-4", path)
    assert [row["who"] for row in rows(out)] == ['\'=HYPERLINK("x")', "Ann, Lee", "-7"]


def test_change_finds_who_really_changed(keepwell, tmp_path):
    head = "who," + ",".join(f"q{n}" for n in range(1, 11)) + "\n"
    high, low = "4,4,4,0,0,4,0,0,4,4", "0,0,0,4,4,0,4,4,0,0"
    (tmp_path / "before.csv").write_text(f"{head}a,{high}\nb,{low}\nc,{low}\ngone,{low}\n")
    (tmp_path / "after.csv").write_text(f"{head}b,{low}\na,{low}\nc,,{low[2:]}\n")
    code, out, err = keepwell("change", "pss-10", tmp_path / "before.csv", tmp_path / "after.csv")
    totals = {row["person"]: row for row in rows(out) if row["scale"] == "total"}
    assert code == 0 and {person: row["verdict"] for person, row in totals.items()} == {
        "a": "better",
        "b": "no sign",
        "c": "no score",
    }
    assert totals["a"]["index"] == "-8.25"
    assert "a reliable change for the better" in totals["a"]["finding"]
    assert "total: 1 better, 1 no sign, 1 no score; a change needs 9.5 points" in err
    assert "1 people stand in one of the files only" in err
    code, out, _ = keepwell("change", "pss-10", tmp_path / "before.csv", tmp_path / "after.csv", "--json")
    assert json.loads(out)["scales"][0]["points_needed"] == pytest.approx(9.50, abs=0.005)


def test_change_takes_figures_of_your_own(keepwell, tmp_path):
    for name, line in (("before", "a,0,4,4,0"), ("after", "a,4,0,0,4")):
        (tmp_path / f"{name}.csv").write_text(f"who,q1,q2,q3,q4\n{line}\n")
    files = (tmp_path / "before.csv", tmp_path / "after.csv")
    assert rows(keepwell("change", "pss-4", *files)[1])[0]["verdict"] == "no index"
    assert rows(keepwell("change", "pss-4", *files, "--sd", 3, "--reliability", 0.8)[1])[0]["verdict"] == "worse"
    assert keepwell("change", "pss-4", *files, "--sd", 3)[0] == 2
    assert keepwell("change", "pss-4", *files, "--sd", 3, "--reliability", 2)[0] == 2


def test_change_without_anybody_in_common_says_so(keepwell, answers, tmp_path):
    (tmp_path / "after.csv").write_text("who,q1,q2,q3,q4\nz,1,2,3,4\n")
    code, _, err = keepwell("change", "pss-4", answers, tmp_path / "after.csv")
    assert code == 1 and "no person stands in both files" in err


def test_series_agrees_with_qcc(keepwell, shared_data, tmp_path):
    oracle = json.loads((shared_data / "oracle_qcc_montgomery.json").read_text())
    path = tmp_path / "weeks.csv"
    path.write_text("week,x\n" + "".join(f"{n},{x}\n" for n, x in enumerate(oracle["x"], start=1)))
    code, out, err = keepwell("series", path, "--centre", 10, "--sd", 1, "--lambda", 0.1, "--width", 2.7)
    assert code == 0
    assert [float(row["ewma"]) for row in rows(out)] == pytest.approx(oracle["ewma"]["z"], abs=1.1e-4)
    assert [row["step"] for row in rows(out) if "cusum higher" in row["finding"]] == ["29", "30"]
    assert "EWMA: higher than usual for a while. It showed first at 29, and seems to have begun at 23." in err


def test_series_says_when_nothing_changed_and_when_it_can_not_know(keepwell, tmp_path):
    path = tmp_path / "weeks.csv"
    path.write_text("week,x\n" + "".join(f"w{n},{40 + n % 3}\n" for n in range(12)) + "w12,\n")
    code, out, err = keepwell("series", path)
    assert code == 0 and "Neither chart sees a lasting change." in err and len(rows(out)) == 13
    assert keepwell("series", path, "--baseline", 20)[0] == 1
    assert keepwell("series", path, "--baseline", 2)[0] == 2
    assert keepwell("series", path, "--lambda", 0)[0] == 2
    path.write_text("week,x\n" + "1,5\n" * 10)
    assert "all the same" in keepwell("series", path)[2]
    path.write_text("week,x\n1,5\n2,three\n")
    assert "Row 3, column x: “three” is not a number" in keepwell("series", path)[2]


def test_measures_list_and_show(keepwell):
    code, out, _ = keepwell("measures", "list")
    assert code == 0 and len(out.splitlines()) == 15
    code, out, _ = keepwell("measures", "show", "rses")
    assert code == 0 and "1965: 3, 5, 8, 9, 10" in out and "not a diagnosis" in out
    code, out, _ = keepwell("measures", "show", "who-5", "--json", "--language", "es")
    assert json.loads(out)["scales"][0]["name"] == "Bienestar"
    assert keepwell("measures")[0] == 2
    assert keepwell("measures", "show", "mbi")[0] == 2


def test_an_agency_brings_its_own_measure(keepwell, answers, tmp_path, monkeypatch):
    own = tmp_path / "content" / "measures"
    own.mkdir(parents=True)
    ours = (FOLDER / "pss-4.toml").read_text(encoding="utf-8")
    (own / "four.toml").write_text(ours.replace('slug = "pss-4"', 'slug = "four"').replace("PSS-4", "Our four"))
    monkeypatch.setenv("KEEPWELL_CONTENT", str(tmp_path / "content"))
    code, _, err = keepwell("score", "four", answers)
    assert code == 0 and err.startswith("Our four: 2 rows scored")
    (own / "four.toml").write_text("slug = ")
    code, _, err = keepwell("measures", "list")
    assert code == 1 and "four.toml, line 1" in err


def test_what_comes_in_by_a_pipe_is_scored_too(answers):
    done = subprocess.run(
        [sys.executable, "-m", "keepwell.cli", "score", "pss-4", "-"],
        input=answers.read_bytes(),
        capture_output=True,
        check=True,
    )
    assert done.stdout.startswith(b"who,total,answered,band,warnings\na,8,4,,\n")


@pytest.mark.parametrize("verb", ["score", "change", "series", "measures"])
def test_help_has_examples(keepwell, verb):
    code, out, _ = keepwell(verb, "--help")
    assert code == 0 and f"  keepwell {verb} " in out


def test_the_pure_verbs_do_not_load_django():
    script = (
        "import sys; from keepwell.cli import main; "
        "code = main(['measures', 'list']) or main(['score', '--help']) or main(['change', '--help']); "
        "sys.exit(code or 9 * ('django' in sys.modules or 'openpyxl' in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 0
