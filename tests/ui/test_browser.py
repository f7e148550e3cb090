"""In a real browser: leaving by key and by button, toasts, and the style page looked over in every light and width."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support import Cast

Browse = Callable[..., Page]


def _neutral(settings: Any, live: str) -> str:
    settings.KEEPWELL_EXIT_URL = f"{live}/healthz"  # stands for the neutral site: the network is off
    return str(settings.KEEPWELL_EXIT_URL)


def _shift(page: Page, times: int) -> None:
    for _ in range(times):
        page.keyboard.press("Shift")


def test_shift_three_times_leaves_and_the_page_is_gone_from_history(
    cast: Cast, browse: Browse, live: str, settings: Any
) -> None:
    away = _neutral(settings, live)
    page = browse(cast.ada, width=390)
    page.goto("/help/")
    _shift(page, 3)
    page.wait_for_url(away)
    assert not [cookie for cookie in page.context.cookies() if cookie["name"].startswith("kw")]
    page.go_back()
    expect(page.locator("h1")).to_have_count(0)  # the page before was the empty one of a new window


def test_two_presses_other_keys_and_escape_leave_nothing(cast: Cast, browse: Browse, live: str, settings: Any) -> None:
    _neutral(settings, live)
    page = browse(cast.ada)
    page.goto("/help/")
    _shift(page, 2)
    page.keyboard.press("a")
    _shift(page, 2)
    for _ in range(3):
        page.keyboard.press("Escape")
    for letter in "ABC":
        page.keyboard.press(f"Shift+{letter}")  # capitals in a text are no wish to leave
    expect(page.locator(".cover")).to_have_count(0)
    assert page.url.endswith("/help/")


def test_presses_far_apart_do_not_count_together(cast: Cast, browse: Browse, live: str, settings: Any) -> None:
    _neutral(settings, live)
    page = browse(cast.ada)
    page.clock.install()
    page.goto("/help/")
    _shift(page, 2)
    page.clock.fast_forward(6000)
    _shift(page, 1)
    expect(page.locator(".cover")).to_have_count(0)


def test_the_button_covers_at_once_and_says_so(cast: Cast, browse: Browse, live: str, settings: Any) -> None:
    away = _neutral(settings, live)
    page = browse(cast.ada)
    page.goto("/help/")
    # in the same breath as the click, before any answer can come
    role, width, height = page.evaluate(
        """() => {
            document.querySelector("[data-leave-now]").click();
            const cover = document.querySelector(".cover");
            const box = cover.getBoundingClientRect();
            return [cover.getAttribute("role"), box.width, box.height];
        }"""
    )
    assert role == "alert" and width >= 1265 and height >= 800
    page.wait_for_url(away)


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (390, "dark"), (1280, "light"), (1280, "dark")])
def test_the_style_page_is_accessible_and_fits(
    browse: Browse, axe: Callable[..., None], settings: Any, width: int, scheme: str
) -> None:
    settings.DEBUG = True
    page = browse(width=width, scheme=scheme)
    page.goto("/style/")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    axe(page)


def test_text_twice_as_large_still_fits(browse: Browse, settings: Any) -> None:
    settings.DEBUG = True
    page = browse(width=195)  # 390 px with everything doubled leaves room for half as much
    page.goto("/style/")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_right_to_left_fits(browse: Browse, settings: Any) -> None:
    settings.DEBUG = True
    page = browse(width=390)
    page.goto("/style/")
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_dialog_opens_by_its_button_and_gives_the_focus_back(browse: Browse, settings: Any) -> None:
    settings.DEBUG = True
    page = browse()
    page.goto("/style/")
    opener = page.get_by_role("button", name="Open it")
    opener.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()


def test_the_faults_of_a_form_are_read_first(browse: Browse, settings: Any) -> None:
    settings.DEBUG = True
    page = browse(width=390)
    page.goto("/style/")
    expect(page.locator("[data-look-here]")).to_be_focused()
    page.get_by_role("link", name="How to reach you").click()
    expect(page.locator("#bad_reach")).to_be_in_viewport()
