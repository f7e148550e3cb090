"""A plan by keyboard alone, and every page of the room before the accessibility engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from keepwell.plans import actions, queries
from keepwell.plans.models import Commitment, Entry
from keepwell.plans.rules import parts
from tests.support import Cast

NAME_HERE = """() => {
  const here = document.activeElement;
  return (here.labels?.[0]?.innerText || here.getAttribute("aria-label") || here.innerText || "").trim();
}"""


def _reach(page: Page, name: str) -> None:
    """Tab until the control of that name has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        at = page.evaluate(NAME_HERE)
        if at.split("\n")[0].startswith(name):
            return
    raise AssertionError(f"{name!r} can't be reached by keyboard")


def test_a_plan_by_keyboard_alone(browse: Callable[..., Page], cast: Cast, now: datetime) -> None:
    page = browse(cast.ada)
    page.goto("/plan/")
    _reach(page, "Begin a plan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/plan/build/")
    _reach(page, "Begin")
    page.keyboard.press("Enter")
    page.wait_for_url("**/now-helpful/")
    _reach(page, "What do you do now that does you good?")
    page.keyboard.type("I sing in the car")
    _reach(page, "Body")
    page.keyboard.press("ArrowRight")
    _reach(page, "Go on")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("What do you do to get through")
    assert [(e.words, e.domain) for e in Entry.objects.filter(person=cast.ada)] == [("I sing in the car", "mind")]

    page.goto("/plan/week/")
    _reach(page, "I sing in the car")
    page.keyboard.press("Space")
    _reach(page, "This is my one thing")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Partly")).to_be_visible()
    _reach(page, "Partly")
    page.keyboard.press("Enter")
    expect(page.locator("section[aria-labelledby=this-week]")).to_contain_text("Partly")
    assert Commitment.objects.get(person=cast.ada).state == "partly"


PAGES = [
    "/plan/",
    "/plan/build/",
    "/plan/build/keep/",
    "/plan/build/change/?domain=people",
    "/plan/build/emergency-call/",
    "/plan/build/review/",
    "/plan/steps/?domain=body",
    "/plan/week/",
    "/plan/week/?change=1",
    "/plan/week/pause/",
    "/plan/emergency/",
    "/plan/print/",
]


@pytest.mark.parametrize(
    ("width", "scheme", "language", "filled"),
    [(320, "light", "es", True), (390, "dark", "en", True), (1280, "light", "en", False)],
)
def test_every_page_stands_before_the_accessibility_engine(
    browse: Callable[..., Page],
    axe: Callable[..., None],
    cast: Cast,
    now: datetime,
    width: int,
    scheme: str,
    language: str,
    filled: bool,
) -> None:
    cast.ada.language = language
    cast.ada.save()
    if filled:
        actions.add_entry(by=cast.ada, part=parts.NOW_HELPFUL, words="Novel", domain="mind", now=now)
        actions.add_entry(
            by=cast.ada, part=parts.KEEP, words="Donaudampfschifffahrtsgesellschaftskapitän" * 3, domain="body", now=now
        )
        actions.add_entry(by=cast.ada, part=parts.SIGNS, words="أمشي إلى البيت على مهل 🌿", now=now)
        for part in (parts.DO, parts.TELL):
            actions.write_emergency(by=cast.ada, part=part, words="Shoes on.", version=0, now=now)
        actions.write_emergency(
            by=cast.ada, part=parts.CALL, words="", people=[{"name": "Noor", "phone": "555 0143"}], version=0, now=now
        )
        actions.choose(by=cast.ada, week=queries.this_week(cast.ada, now), words="Walk home once", now=now)
    page = browse(cast.ada, width=width, scheme=scheme, language=language)
    for address in PAGES:
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} is wider than the window"
