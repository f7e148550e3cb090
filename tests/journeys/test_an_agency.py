"""Those who answer for others: a supervisor's second key; an empty server from its first page to a list taken in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from keepwell.notify import tasks as post
from keepwell.people.models import Agency, Installation, Invitation, Member, Person, Responsibility, TalkTo, Team
from tests import support

Browse = Callable[..., Page]


def code_of(secret: str) -> str:
    """What a telephone would show now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def add_a_code(page: Page, password: str) -> None:
    """From the page that says why, to the ten codes for a lost telephone."""
    page.locator('main a[href*="2fa/code/add"]').first.click()
    page.wait_for_load_state()
    if "reauthenticate" in page.url:
        page.locator("[name=password]").fill(password)
        page.locator("main button.act").click()
        page.wait_for_url(re.compile("2fa/code/add"))
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.locator("[name=code]").fill(code_of(secret))
    page.locator("main button.act").click()
    page.wait_for_url(re.compile("recovery-codes"))
    expect(page.locator("main code")).to_have_count(10)


@pytest.mark.parametrize(("width", "language"), [(390, "es"), (1280, "en")])
def test_a_supervisor_adds_a_second_key_before_anything_opens(
    browse: Browse, cast: support.Cast, axe: Any, width: int, language: str
) -> None:
    cache.clear()
    Person.objects.filter(pk=cast.ben.pk).update(language=language)
    page = browse(width=width, language=language)
    page.goto("/account/login/")
    page.locator("[name=login]").fill(cast.ben.email)
    page.locator("[name=password]").fill(support.PASSWORD)
    page.locator("main button.act").click()
    page.goto("/")
    expect(page).to_have_url(re.compile("/second-factor|/key|/account/"))
    axe(page)
    add_a_code(page, support.PASSWORD)
    axe(page)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ben")
    assert "Ada" not in page.locator("main").inner_text()  # nobody's week but one's own


def test_an_empty_server_becomes_an_agency(browse: Browse, live: str, axe: Any, smtp: support.Post, tmp_path: Any) -> None:
    cache.clear()
    page = browse(width=1280)
    page.goto("/")
    page.wait_for_url(re.compile("/start/"))
    axe(page)
    password = "three words in a row"
    given = {"agency_name": "Harbour Street", "hosted_by": "Open Harbour Coalition", "called": "Adam", "email": "adam@harbour.example"}
    for name, value in {**given, "password": password}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=country]").select_option("MX")
    page.locator("main button.act").click()
    page.wait_for_load_state()
    add_a_code(page, password)
    assert Installation.objects.get().hosted_by == "Open Harbour Coalition"

    page.goto("/setup/")
    axe(page)
    expect(page.locator("main ol.rows > li")).to_have_count(6)
    steps = [link.get_attribute("href") or "" for link in page.locator("main ol.rows a").all()]
    for step in steps:  # each stands alone, in any order
        page.goto(step)
        axe(page)
        assert page.locator("h1").count() == 1, step

    page.goto("/agency/teams/")
    page.locator("form:has(button):has([name$=name])").first.locator("[name$=name]").fill("Outreach")
    page.locator("main form button[type=submit]").first.click()
    page.goto("/agency/talk-to/")
    page.locator("main [name=name]").fill("Lantern line")
    page.locator("main [name=phone]").fill("555-0142")
    page.locator("main form button.act").click()
    assert TalkTo.objects.get().name == "Lantern line"
    page.goto("/agency/country/")
    page.locator("main [name=exit_url]").fill("https://weather.example/")
    page.locator("main form button.act").click()
    page.goto("/agency/rooms/")
    page.locator("main form button.act").click()
    page.goto("/agency/post/")
    page.locator("main form button").first.click()
    post.send()
    assert smtp.recipients == ["adam@harbour.example"] * 2  # the letter of trial, and that a second key was added

    page.goto("/agency/people/invite/")
    page.locator("[name=email]").fill("ada@harbour.example")
    page.locator("[name=name]").fill("Ada Linares")
    page.locator("main button.act").click()
    page.wait_for_url(re.compile("/agency/people/$"))
    staff = tmp_path / "staff.csv"
    staff.write_text("Team;Correo;Nombre;Fecha de nacimiento\nNight;mia@harbour.example;Mía Torres;1990-02-03\n", encoding="cp1252")
    page.goto("/agency/people/import/")
    page.locator("[name=file]").set_input_files(staff)
    page.locator("main button.act").click()
    expect(page.get_by_text("Night")).to_be_visible()
    assert not Invitation.objects.filter(email="mia@harbour.example").exists()  # shown first
    assert "1990" not in page.locator("body").inner_text()
    axe(page)
    page.locator("main button.act").click()
    page.wait_for_url(re.compile("/agency/people/$"))
    assert Invitation.objects.get(email="mia@harbour.example").name == "Mía Torres"
    assert Team.objects.filter(name="Night").exists()

    smtp.recipients.clear()
    post.post_invitations(timezone.now())
    post.send()
    assert sorted(smtp.recipients) == ["ada@harbour.example", "mia@harbour.example"]
    member = Member.objects.get()
    assert member.responsibilities.get().kind == Responsibility.ADMINISTRATOR
    assert Agency.objects.get().country == "MX"
