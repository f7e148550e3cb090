"""The browser of the journeys: real, signed in, watched."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support import NOW, Cast

Browse = Callable[..., Page]


@pytest.mark.parametrize(("width", "scheme", "language"), [(390, "dark", "es"), (1280, "light", "en")])
def test_the_front_door(browse: Browse, axe: Callable[..., None], width: int, scheme: str, language: str) -> None:
    page = browse(width=width, scheme=scheme, language=language)
    answer = page.goto("/")
    assert answer is not None
    assert answer.status == 200
    expect(page.locator("html")).to_have_attribute("lang", language)
    axe(page)


def test_somebody_is_signed_in(browse: Browse, cast: Cast) -> None:
    page = browse(cast.ben)
    page.goto("/")
    expect(page.get_by_text("Ben").first).to_be_visible()
    assert page.evaluate("() => document.fonts.ready.then(() => true)")
    assert f"{NOW.day} November" in page.content(), "the server's day is the tests' day"


def test_what_a_page_asks_of_elsewhere_is_seen(browse: Browse) -> None:
    page = browse()
    page.goto("/help/")
    page.evaluate("() => fetch('https://example.org/').catch(() => null)")
    faults = browse.faults  # type: ignore[attr-defined]
    assert any("asked elsewhere" in fault or "content security policy" in fault.lower() for fault in faults)
    faults.clear()
