"""One person's week, end to end, in a real browser: the first Today, check-in, plan, commitment, reminder, data, leaving, erasing."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from playwright.sync_api import Page, expect

from keepwell.insight import tasks as insight_tasks
from keepwell.measures.models import CheckIn
from keepwell.notify import tasks as post
from keepwell.people import upkeep
from keepwell.people.keystore import WrappedKey
from keepwell.people.models import Person, TalkTo
from keepwell.people.viewer import viewer_for
from keepwell.plans.models import Commitment, Entry
from tests import support

Browse = Callable[..., Page]
LOOKS = [(390, "en", "light"), (1280, "es", "dark")]


def speak(person: Person, language: str) -> None:
    Person.objects.filter(pk=person.pk).update(language=language)


def fits(page: Page) -> None:
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} scrolls sideways"


@pytest.mark.parametrize(("width", "language", "scheme"), LOOKS)
def test_the_first_day(browse: Browse, cast: support.Cast, axe: Any, width: int, language: str, scheme: str) -> None:
    """Three things, each optional; a minute's check-in; a result that never stands alone; a plan left and gone on with."""
    speak(cast.ada, language)
    entry = TalkTo(kind="counselling", name="Lantern line", phone="555-0142", passes_on="Nothing")
    upkeep.list_to_talk(by=viewer_for(cast.adam), entry=entry, now=support.NOW)
    page = browse(cast.ada, width=width, language=language, scheme=scheme)

    page.goto("/")
    expect(page.locator("main h2:not(.vh)")).to_have_count(3)  # check-in, one small thing, where help is
    axe(page)
    fits(page)
    expect(page.locator('main a[href="/help/"]')).to_be_visible()
    page.locator('main a[href^="/check-in/"]').click()
    for number in range(1, 10):
        expect(page).to_have_url(re.compile(rf"/{number}/$"))
        page.locator("main label:has(input[type=radio])").nth(3).click()
    expect(page).to_have_url(re.compile("/tags/$"))
    page.locator("main button.act").click()

    expect(page).to_have_url(re.compile(r"/check-in/.*"))
    page.wait_for_load_state()
    said = page.locator("main").inner_text()
    assert page.locator("main figure.chart").count() == 2  # never one number
    assert "Lantern line" in said  # people to talk to
    assert {"en": "not a diagnosis", "es": "no es un diagnóstico"}[language] in said.lower()
    assert "8" in said or {"en": "eight", "es": "ocho"}[language] in said  # when the usual range will be there
    axe(page)
    fits(page)
    assert CheckIn.objects.get(person=cast.ada).finished

    page.goto("/plan/build/")
    page.locator("main a.act").click()
    page.locator("main textarea").first.fill("Walk home the long way 🌿")
    page.locator("main label:has(input[name=domain][value=body])").click()
    page.locator("main button.act").click()
    page.wait_for_url(re.compile("/plan/build/now-not-helpful/"))
    left_at = page.url
    page.goto("/")  # left
    page.goto("/plan/build/")
    page.locator("main a.act").click()  # and gone on with, where it was left
    assert page.url == left_at
    page.goto("/plan/build/now-helpful/")
    expect(page.get_by_text("Walk home the long way 🌿").first).to_be_visible()
    page.goto("/plan/")
    axe(page)
    fits(page)
    assert Entry.objects.filter(person=cast.ada).count() == 1


@pytest.mark.parametrize(("width", "language", "scheme"), [(390, "es", "dark"), (1280, "en", "light")])
def test_the_weeks_one_small_thing(
    browse: Browse, cast: support.Cast, axe: Any, smtp: support.Post, width: int, language: str, scheme: str
) -> None:
    """Chosen, remembered by a discreet letter through a real mail server, and answered in one tap on Today."""
    speak(cast.ada, language)
    page = browse(cast.ada, width=width, language=language, scheme=scheme)
    page.goto("/plan/week/")
    page.locator("main textarea, main input[name=own]").first.fill("Ten minutes of nothing")
    page.locator('main label:has(input[name=day][value="2026-11-26"])').click()
    page.locator("main details summary").last.click()
    page.locator("[name=remind]").fill("12:00")
    page.locator("main button.act").click()
    expect(page.get_by_text("Ten minutes of nothing").first).to_be_visible()
    axe(page)

    with time_machine.travel(support.NOW + timedelta(days=2), tick=False):
        for hours in range(12):
            at = support.NOW + timedelta(days=1, hours=hours)
            post.remind(at)
            post.remind(at)  # the clock comes by often
        post.send()
    (mail,) = smtp.mails
    assert smtp.recipients == [cast.ada.email]
    body = mail.as_string()
    assert not re.search(r"nothing|check-in|burnout|health|plan\b|stress|salud|agotamiento", str(mail["Subject"]), re.IGNORECASE)
    assert "Ten minutes" not in body

    page.goto("/")
    card = page.locator('section:has(form[action="/plan/week/answer/"])')
    expect(card.get_by_text("Ten minutes of nothing")).to_be_visible()
    card.locator('button[value="partly"]').click()
    page.wait_for_url(re.compile("/$"))
    expect(page.locator('form[action="/plan/week/answer/"]')).to_have_count(0)
    assert Commitment.objects.get(person=cast.ada).state == "partly"
    page.goto("/me/notes/")
    axe(page)
    fits(page)


def test_taking_ones_data_away_and_erasing_everything(browse: Browse, cast: support.Cast, tmp_path: Any) -> None:
    from tests.measures import story

    cache.clear()
    story.live(cast.ada, support.NOW, [(2, 2)] * 9)
    page = browse(width=390)
    page.goto("/account/login/?next=/me/data/")
    page.locator("[name=login]").fill(cast.ada.email)
    page.locator("[name=password]").fill(support.PASSWORD)
    page.locator("main button.act").click()
    page.wait_for_url(re.compile("/me/data/"))
    page.locator('form[action="/me/data/export/"] button, form.acts button').first.click()
    page.locator("[name=password]").fill(support.PASSWORD)  # once more, for a grave deed
    page.locator("main button.act").click()
    page.wait_for_url(re.compile("/me/data/"))
    expect(page.locator("progress")).to_be_visible()
    insight_tasks.build_exports(support.NOW + timedelta(minutes=1))
    page.goto("/me/data/")
    with page.expect_download() as waiting:
        page.locator("#exports a.btn").click()
    path = tmp_path / "mine.zip"
    waiting.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        (whole,) = [json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")]
        assert {name.rsplit(".", 1)[-1] for name in archive.namelist()} >= {"json", "csv", "ics"}
    assert len(json.dumps(whole)) > 1000

    key = {"owner_kind": "person", "owner_id": str(cast.ada.pk)}
    assert WrappedKey.objects.filter(**key).exists()
    page.goto("/me/data/erase/")
    page.locator("main form").evaluate("form => { form.noValidate = true; }")  # as an old browser
    page.locator("main button.act").click()  # nothing ticked: nothing erased, and said
    expect(page.locator("[role=alert]").first).to_be_visible()
    assert Person.objects.filter(pk=cast.ada.pk).exists()
    browse.faults.clear()  # type: ignore[attr-defined]  # the browser writes down that a form came back with 422
    page.locator("[name=sure]").check(force=True)
    page.locator("main button.act").click()
    page.wait_for_url(re.compile("/erased/"))
    assert not Person.objects.filter(pk=cast.ada.pk).exists()
    assert not CheckIn.objects.filter(person_id=cast.ada.pk).exists()
    assert not WrappedKey.objects.filter(**key).exists()
    page.goto("/check-in/")
    page.wait_for_url(re.compile("/account/login/"))
    page.go_back()
    assert "Ada" not in page.locator("body").inner_text()


@pytest.mark.parametrize("script", [True, False])
def test_leaving_quickly_shows_nothing_to_whoever_presses_back(
    browse: Browse, cast: support.Cast, live: str, settings: Any, script: bool
) -> None:
    settings.KEEPWELL_EXIT_URL = f"{live}/help/"  # a neutral page this machine can show
    Person.objects.filter(pk=cast.ada.pk).update(called="Adaline")
    page = browse(cast.ada, width=390, java_script_enabled=script)
    page.goto("/help/")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Adaline")
    page.locator("header a.leave").click()
    page.wait_for_url(re.compile("/help/"))
    for _ in range(2):
        page.go_back()
        page.wait_for_load_state()
        assert "Adaline" not in page.locator("body").inner_text()
    page.goto("/trends/")
    page.wait_for_url(re.compile("/account/login/"))


def test_a_page_of_ones_own_by_keyboard_alone(browse: Browse, cast: support.Cast) -> None:
    """From the skip link to a chosen small thing and its answer, without a pointer."""
    page = browse(cast.ada, width=1280)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    _tab_to(page, 'a[href="/plan/week/"]')
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/plan/week/"))
    _tab_to(page, "[name=own]")
    page.keyboard.type("A cup of tea")
    _tab_to(page, "main button.act")
    assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    expect(page.get_by_text("A cup of tea").first).to_be_visible()
    page.goto("/")
    _tab_to(page, 'button[value="done"]')
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/$"))
    expect(page.locator('form[action="/plan/week/answer/"]')).to_have_count(0)
    assert Commitment.objects.get(person=cast.ada).state == "done"


def _tab_to(page: Page, selector: str) -> None:
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"no way to {selector} by the keyboard")
