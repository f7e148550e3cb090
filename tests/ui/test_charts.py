"""Charts: two strains never share an axis, weeks away are gaps, words are escaped, the table stands behind."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.ui import charts
from keepwell.ui.charts import Chart, Point

SVG = "{http://www.w3.org/2000/svg}"


def chart(*values: float | None, kind: charts.Kind = "burn", **more: object) -> Chart:
    points = tuple(Point(f"week {i}", value) for i, value in enumerate(values))
    return Chart(kind=kind, title="Burnout", say="67 this week.", points=points, **more)  # type: ignore[arg-type]


def drawn(given_chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(charts.plot(given_chart))


def of(root: ElementTree.Element, tag: str, css: str) -> list[ElementTree.Element]:
    return [node for node in root.iter(tag) if node.get("class") == css]


def test_a_gap_breaks_the_line_and_says_away() -> None:
    root = drawn(chart(44, 48, None, None, None, 49, 53))
    lines = of(root, "polyline", "line")
    assert [len(line.get("points", "").split()) for line in lines] == [2, 2]
    assert [text.text for text in root.iter("text")].count("away") == 1


def test_the_word_in_a_gap_is_the_readers() -> None:
    svg = charts.plot(chart(44, None, None, None, 50), "fuera")
    assert ">fuera<" in svg and ">away<" not in svg


def test_a_gap_too_narrow_for_the_word_stays_a_gap() -> None:
    values: list[float | None] = [50.0] * 60
    values[30] = None
    root = drawn(chart(*values))
    assert "away" not in [text.text for text in root.iter("text")]
    assert len(of(root, "polyline", "line")) == 2


def test_the_weekly_check_in_shows_no_measuring_noise() -> None:
    assert of(drawn(chart(44, 48, 52)), "polygon", "noise") == []


def test_a_published_measure_shows_its_noise_around_the_line() -> None:
    polygon = of(drawn(chart(40, 50, 60, noise=5)), "polygon", "noise")[0]
    ys = [float(pair.split(",")[1]) for pair in polygon.get("points", "").split()]
    over, under = ys[:3], ys[3:][::-1]
    assert all(o < u for o, u in zip(over, under, strict=True))


def test_the_usual_range_is_drawn_only_when_given() -> None:
    assert of(drawn(chart(44, 48)), "rect", "usual") == []
    root = drawn(chart(44, 48, usual=(40, 55)))
    assert len(of(root, "rect", "usual")) == 1 and len(of(root, "line", "usual-edge")) == 2


def test_only_a_value_of_this_week_carries_its_figure() -> None:
    assert len(of(drawn(chart(44, 48)), "rect", "now")) == 1
    away_now = drawn(chart(44, 48, None))
    assert of(away_now, "rect", "now") == []
    assert of(away_now, "text", "strong") == []


def test_burnout_is_square_and_compassion_fatigue_round() -> None:
    assert of(drawn(chart(44, 48)), "circle", "pt") == []
    assert of(drawn(chart(44, 48, kind="cf")), "rect", "pt") == []
    assert len(of(drawn(chart(44, 48, kind="cf")), "circle", "pt")) == 1


def test_one_point_stands_where_this_week_stands() -> None:
    one = of(drawn(chart(48)), "rect", "now")[0]
    last_of_many = of(drawn(chart(44, 46, 48)), "rect", "now")[0]
    assert one.get("x") == last_of_many.get("x") and one.get("y") == last_of_many.get("y")


def test_no_answers_draw_no_marks_and_no_figure() -> None:
    root = drawn(chart(None, None, None))
    assert of(root, "rect", "pt") == of(root, "rect", "now") == []


def test_words_of_people_are_escaped() -> None:
    nasty = "</svg><script>alert(1)</script>"
    points = (Point(nasty, 40), Point(nasty, 50))
    root = ElementTree.fromstring(charts.plot(Chart("cf", nasty, nasty, points, description=nasty, key='"x')))
    assert list(root.iter("script")) == []
    assert root.find("title") is not None and root.findtext("title") == nasty


def test_title_and_description_are_tied_to_the_picture() -> None:
    root = drawn(chart(44, 48, description="Rising.", key="c9"))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "c9-t c9-d"
    assert root.find("title").get("id") == "c9-t" and root.find("desc").get("id") == "c9-d"  # type: ignore[union-attr]


def test_the_table_holds_every_point() -> None:
    rows = charts.rows(
        Chart("burn", "B", "s", (Point("a", 44.0), Point("b", None, "on leave"), Point("c", 52.25))), "away"
    )
    assert rows == [("a", "44", ""), ("b", "away", "on leave"), ("c", "52.2", "")]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 13, 26, 52, 60])
def test_labels_are_few_and_the_last_is_always_there(count: int) -> None:
    picked = charts.ticks(count)
    assert picked[-1] == count - 1 and len(picked) <= 4 and picked == sorted(set(picked))
    steps = [b - a for a, b in zip(picked, picked[1:], strict=False)]
    assert not steps or min(steps) >= 0.75 * max(steps)


values = st.lists(st.one_of(st.none(), st.floats(0, 100)), min_size=0, max_size=70)


@given(values, st.sampled_from(["burn", "cf", "plain"]), st.one_of(st.none(), st.floats(1, 30)))
def test_any_history_is_drawn_within_the_paper(
    history: list[float | None], kind: charts.Kind, noise: float | None
) -> None:
    root = drawn(chart(*history, kind=kind, noise=noise))
    marks = [n for n in root.iter() if n.get("class") in ("pt", "now")]
    assert len(marks) == sum(value is not None for value in history)
    for mark in marks:
        x = float(mark.get("cx") or mark.get("x", "nan"))
        y = float(mark.get("cy") or mark.get("y", "nan"))
        assert 0 <= x <= charts.WIDTH and 0 <= y <= charts.HEIGHT
    for line in of(root, "polyline", "line"):
        xs = [float(pair.split(",")[0]) for pair in line.get("points", "").split()]
        assert xs == sorted(xs)
