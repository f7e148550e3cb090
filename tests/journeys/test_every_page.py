"""Every page of the table of pictures before the accessibility engine, three times: each theme, language, width and large text once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page

import pictures
from keepwell.people import upkeep
from keepwell.people.models import TalkTo
from keepwell.people.viewer import viewer_for
from keepwell.plans import actions as plans
from tests import support
from tests.measures import story

Browse = Callable[..., Page]


@dataclass(frozen=True)
class Look:
    width: int
    scheme: str
    language: str
    text: int = 100  # per cent


LOOKS = (Look(390, "dark", "es"), Look(1280, "light", "en"), Look(320, "light", "es", text=200))
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll('button, .btn, select, input:not([type=hidden]):not([type=checkbox]):not([type=radio])')]
  .filter((one) => one.offsetParent && !one.matches('.as-link') && one.getBoundingClientRect().height < 43.5)
  .map((one) => one.outerHTML.slice(0, 90))"""


def live_a_little(cast: support.Cast) -> None:
    """Somebody to look at: ada has been here for twelve weeks."""
    story.live(cast.ada, support.NOW, [(2, 2)] * 10 + [None, (4, 3)], tags=["paperwork", "trauma-stories"])
    for part, words in (("now-helpful", "A walk after a visit"), ("keep", "Supper with somebody who does other work")):
        plans.add_entry(by=cast.ada, part=part, words=words, domain="body", now=support.NOW)
    plans.write_emergency(by=cast.ada, part="emergency-do", words="Sit in the car. Breathe out.", version=0, now=support.NOW)
    upkeep.list_to_talk(by=viewer_for(cast.adam), entry=TalkTo(kind="counselling", name="Lantern line", phone="1"), now=support.NOW)


@pytest.fixture
def lived(cast: support.Cast, live: str) -> Iterator[support.Cast]:
    cache.clear()
    live_a_little(cast)
    yield cast


@pytest.mark.parametrize("who", sorted({shot.who for shot in pictures.PAGES}))
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.width}-{look.scheme}-{look.language}-{look.text}")
def test_every_page_is_for_everybody(browse: Browse, axe: Any, lived: support.Cast, who: str, look: Look) -> None:
    person = lived.people.get(who)
    assert person or not who, f"nobody of the cast is called {who}"
    if person:
        person.language = look.language
        person.save()
    page = browse(person, width=look.width, scheme=look.scheme, language=look.language)
    if look.text != 100:  # as the browser's own setting, so that what is measured in letters follows
        devtools = page.context.new_cdp_session(page)
        devtools.send("Page.setFontSizes", {"fontSizes": {"standard": 16 * look.text // 100, "fixed": 13 * look.text // 100}})
    faults: list[str] = []
    for shot in (shot for shot in pictures.PAGES if shot.who == who):
        answer = page.goto(shot.path)
        if shot.follow:
            page.locator(shot.follow).first.click()
            page.wait_for_load_state()
        if answer is None or answer.status not in (shot.status, 200):
            faults.append(f"{shot.name}: answered {answer.status if answer else 'nothing'}")
            continue
        faults += [f"{shot.name}: {fault}" for fault in _looked_over(page, axe, look)]
    browse.faults[:] = [fault for fault in browse.faults if "404" not in fault]  # type: ignore[attr-defined]  # one page is the 404
    assert faults == [], "\n".join(faults)


def _looked_over(page: Page, axe: Any, look: Look) -> list[str]:
    found = []
    page.evaluate("() => document.querySelectorAll('main details').forEach((closed) => { closed.open = true; })")
    try:
        axe(page)
    except AssertionError as fault:
        found.append(str(fault))
    if page.evaluate(WIDE) > 1:  # a half pixel may round up
        found.append(f"is {page.evaluate(WIDE)} px wider than the screen")
    if page.evaluate("() => document.documentElement.lang") != look.language:
        found.append("speaks another language")
    if page.locator("h1").count() != 1:
        found.append(f"has {page.locator('h1').count()} first headings")
    found += [f"a target under 44 px: {one}" for one in page.evaluate(SMALL)]
    return found
