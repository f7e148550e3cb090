"""Drawings: well-formed, silent or named, one colour, no style attribute."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.ui import art

DRAWINGS = (
    [art.icon(name) for name in art.ICONS]
    + [art.scene(name) for name in art.SCENES]
    + [art.well(level) for level in range(5)]
    + [art.mark(), art.evid(92, 90), art.evid(0), art.band(0), art.band(9, "burn")]
)


@pytest.mark.parametrize("svg", DRAWINGS)
def test_a_drawing_is_well_formed_silent_and_has_no_style(svg: str) -> None:
    root = ElementTree.fromstring(svg)
    assert root.get("aria-hidden") == "true" and root.get("focusable") == "false"
    for node in root.iter():
        assert "style" not in node.attrib
        for value in node.attrib.values():
            assert "#" not in value or value.startswith("url(#"), "colours come from the tokens"


def test_no_two_icons_look_the_same() -> None:
    assert len(set(art.ICONS.values())) == len(art.ICONS)


def test_an_icon_alone_has_its_name_escaped() -> None:
    svg = art.icon("close", label='Close "it" <now>')
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img" and root.get("aria-label") == 'Close "it" <now>'
    assert root.get("aria-hidden") is None


def test_an_unknown_icon_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        art.icon("unicorn")


def _filled(svg: str) -> float:
    """How high the water stands: the lowest y among the corners of the filling."""
    inside = ElementTree.fromstring(svg).find("path[@class='f']")
    if inside is None:
        return 21.5
    path = inside.get("d", "")
    if path == art.WELL:
        return 2.0
    return (
        float(path.split("V")[1].split("h")[0]) if "a" not in path.lower() else float(path.split(" ")[6].split("H")[0])
    )


def test_the_well_rises_step_by_step() -> None:
    heights = [_filled(art.well(level)) for level in range(5)]
    assert heights == sorted(heights, reverse=True) and len(set(heights)) == 5


@given(st.integers(-3, 12), st.integers(1, 9))
def test_any_level_is_drawn(level: int, of: int) -> None:
    root = ElementTree.fromstring(art.well(level, of))
    assert (root.find("path[@class='f']") is not None) == (level > 0)


@given(st.floats(-50, 150), st.floats(0, 100))
def test_an_evidence_bar_stays_within_its_track(share: float, aim: float) -> None:
    bar = ElementTree.fromstring(art.evid(share, aim)).find("rect[2]")
    assert bar is not None and 0 <= float(bar.get("width", "-1")) <= 100


def test_a_band_has_ten_places_and_one_taken() -> None:
    for taken in range(10):
        cells = ElementTree.fromstring(art.band(taken, "cf")).findall("rect")
        assert [cell.get("class") for cell in cells].index("on") == taken
        assert len(cells) == 10 and sum(cell.get("class") == "on" for cell in cells) == 1
