"""The quiet word beside free-text fields (TIS-1): noticed in the browser, told in the page, sent nowhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from keepwell.plans.rules import parts
from tests.support import Cast

NOTICED = [
    ("name", "I keep thinking of my client Destiny on the way home"),
    ("name", "la joven llamada Lucía no vino"),
    ("name", "her name is Kayla"),
    ("birth", "she was born on 3 May 2009"),
    ("birth", "DOB 03/05/2009"),
    ("birth", "nacida el 3 de mayo"),
    ("phone", "call +1 (555) 010-4477 after six"),
    ("phone", "555 0143 221"),
    ("address", "pick up at 1420 Maple Grove Street"),
    ("address", "vive en la calle Olmo 14"),
    ("case", "case no. 22-10457"),
    ("case", "expediente 4471/26"),
]
QUIET = [
    "Phone out of the bedroom by 22:30",
    "A client meeting ran late, so I eat before the visit",
    "Sunday choir at 10, then 3 or 4 pages of a novel",
    "In 2026 I walk home once a week",
    "Si me llaman a las cinco, pregunto quién más está",
    "In that case I ask who else is on",
    "Girls' night on Thursday",
    "",
]


@pytest.fixture
def page(browse: Callable[..., Page], cast: Cast, now: datetime) -> Page:
    found: Page = browse(cast.ada, width=390)
    found.goto(f"/plan/build/{parts.OBSTACLES}/")
    return found


def test_what_belongs_elsewhere_is_noticed_and_ordinary_lines_are_not(page: Page) -> None:
    script = (
        "async (texts) => { const { noticed } = await import('/static/ui/js/hint.js'); return texts.map(noticed); }"
    )
    assert page.evaluate(script, [text for _, text in NOTICED]) == [kind for kind, _ in NOTICED]
    assert page.evaluate(script, QUIET) == [""] * len(QUIET)


def test_the_word_appears_goes_again_and_nothing_leaves_the_browser(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.locator("textarea").fill("my client Destiny")
    expect(page.get_by_role("status")).to_contain_text("This looks like a name.")
    expect(page.get_by_role("status")).to_contain_text("nothing was sent")
    page.locator("textarea").fill("my own time")
    expect(page.locator(".noticed")).to_be_hidden()
    assert sent == []


def test_beside_whom_i_call_nothing_looks(page: Page) -> None:
    page.goto(f"/plan/build/{parts.CALL}/")
    page.get_by_label("Number").first.fill("+1 555 010 4477")
    page.locator("textarea").fill("Sam, 555 010 4477")
    page.wait_for_timeout(800)
    expect(page.locator(".noticed")).to_have_count(0)
