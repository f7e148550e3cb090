"""A weekly check-in as it is lived: one thumb, a minute; keyboard alone; no script; a look by the accessibility engine."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from keepwell.measures.models import CheckIn
from tests.measures import story
from tests.support import NOW, Cast

Browse = Callable[..., Page]


def test_nine_taps_and_one_to_finish(browse: Browse, cast: Cast, axe: Callable[..., None]) -> None:
    page = browse(cast.ada, width=390)
    page.goto("/check-in/")
    axe(page)
    began = time.monotonic()
    for number in range(1, 10):
        expect(page.get_by_text(f"{number} of 9")).to_be_visible()
        page.get_by_role("radio", name="Often", exact=True).click()
    expect(page).to_have_url(re.compile("/tags/$"))
    axe(page)
    page.get_by_role("checkbox", name="Paperwork").click()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("too early")
    assert time.monotonic() - began < 60  # the bound of the whole, in a browser; with far more than a machine needs
    axe(page)
    row = CheckIn.objects.get(person=cast.ada)
    assert set(row.answers.values()) == {3} and len(row.answers) == 9 and row.stressors == ["paperwork"]


def test_keyboard_alone(browse: Browse, cast: Cast) -> None:
    page = browse(cast.mia, width=390)
    page.goto("/check-in/")
    for number in range(1, 10):
        expect(page.get_by_text(f"{number} of 9")).to_be_visible()
        _tab_to(page, "input[type=radio]")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")  # choosing with a key never sends
        page.keyboard.press("ArrowDown")
        expect(page.get_by_text(f"{number} of 9")).to_be_visible()
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/tags/$"))
    _tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What may help now")).to_be_visible()
    assert set(CheckIn.objects.get(person=cast.mia).answers.values()) == {2}


def _tab_to(page: Page, selector: str) -> None:
    for _press in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"no way to {selector} by the keyboard")


def test_without_script(browse: Browse, cast: Cast) -> None:
    page = browse(cast.ada, width=390, java_script_enabled=False)
    page.goto("/check-in/")
    for _number in range(9):
        page.get_by_role("radio", name="Rarely").check(force=True)
        page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", name="What may help now")).to_be_visible()


def test_stopping_going_back_and_going_on(browse: Browse, cast: Cast) -> None:
    page = browse(cast.ada, width=390)
    page.goto("/check-in/")
    page.get_by_role("radio", name="Never").click()
    expect(page.get_by_text("2 of 9")).to_be_visible()
    page.get_by_role("button", name="Skip this one").click()
    expect(page.get_by_text("3 of 9")).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page.get_by_text("1 of 9")).to_be_visible()
    page.get_by_role("radio", name="Sometimes").click()  # corrected from a page the browser had kept
    expect(page.get_by_text("3 of 9")).to_be_visible()
    page.goto("/")
    page.goto("/check-in/")
    expect(page.get_by_text("3 of 9")).to_be_visible()
    assert CheckIn.objects.get(person=cast.ada).answers == {"rest-refills": 2, "story-returns": None}


LOOKS: list[tuple[str, dict[str, Any]]] = [
    ("phone, dark, Spanish", {"width": 390, "scheme": "dark", "language": "es"}),
    ("narrow", {"width": 320}),
    ("desk", {"width": 1280, "scheme": "dark"}),
]


@pytest.mark.parametrize("look", [look for _name, look in LOOKS], ids=[name for name, _look in LOOKS])
def test_every_page_holds_for_everybody(browse: Browse, cast: Cast, axe: Callable[..., None], look: dict[str, Any]) -> None:
    if look.get("language") == "es":
        cast.ada.language = "es"
        cast.ada.save()
    story.live(cast.ada, NOW, [(2, 2)] * 11 + [None, (4, 4)], tags=["paperwork", "trauma-stories"])
    page = browse(cast.ada, **look)
    for path in ("/check-in/2026-W48/1/", "/check-in/all/", "/check-in/result/", "/check-in/2026-W48/erase/", "/trends/?span=all"):
        page.goto(path)
        page.evaluate("() => document.querySelectorAll('main details').forEach((closed) => { closed.open = true; })")
        axe(page)
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), f"{path} scrolls sideways"
