"""Arriving in a real browser: by password without script, by passkey with it; every page looked over by the accessibility engine."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page

from keepwell.people import actions
from keepwell.people.models import Member, Person
from keepwell.people.viewer import viewer_for
from tests import support

Browse = Callable[..., Page]


@pytest.fixture
def link(cast: support.Cast, live: str) -> str:
    cache.clear()
    row = actions.invite(
        by=viewer_for(cast.adam),
        email="nia@demo.example",
        name="Nia Okafor",
        kind=Member.STAFF,
        team=cast.outreach,
        note="Good to have you. Take your time.",
        now=support.NOW,
    )
    return reverse("arrive", args=[actions.invitation_token(row)])


@pytest.mark.parametrize(
    ("width", "scheme", "language"), [(390, "light", "en"), (320, "dark", "es"), (1280, "dark", "en")]
)
def test_from_the_letter_to_today(browse: Browse, axe: Any, link: str, width: int, scheme: str, language: str) -> None:
    page = browse(width=width, scheme=scheme, language=language, zone="America/Denver")
    page.goto(link)
    axe(page)
    page.locator("button.act").click()
    axe(page)
    page.locator("[name=password]").fill("short")
    page.locator("button.act").click()
    assert page.locator("[role=alert]").first.is_visible()
    axe(page)
    page.locator("[name=password]").fill("three words in a row")
    page.locator("button.act").click()
    axe(page)
    assert "Denver" in page.locator("summary").inner_text()
    page.locator("summary").click()
    assert page.locator("[name=zone]").input_value() == "America/Denver"
    page.locator("[name=called]").fill("Nia")
    page.locator("button.act").click()
    page.wait_for_url(re.compile(r"/$"))
    person = Person.objects.get(email="nia@demo.example")
    assert (person.called, person.zone, person.language) == ("Nia", "America/Denver", language)


def test_without_script_the_agencys_clock_stands(browse: Browse, cast: support.Cast, link: str) -> None:
    page = browse(width=390, zone="America/Denver", java_script_enabled=False)
    page.goto(link)
    page.locator("button.act").click()
    assert page.locator("text=Use a passkey instead").is_hidden()
    page.locator("[name=password]").fill("three words in a row")
    page.locator("button.act").click()
    page.locator("[name=called]").fill("Nia")
    page.locator("button.act").click()
    page.wait_for_url(re.compile(r"/$"))
    assert Person.objects.get(email="nia@demo.example").zone == cast.harbour.zone


def test_by_passkey_in_and_in_again(browse: Browse, axe: Any, link: str) -> None:
    page = browse(width=390)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto(link)
    page.locator("button.act").click()
    page.locator("button[value=passkey]").click()
    axe(page)
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(re.compile("recovery-codes"))
    axe(page)
    page.locator("a.act").click()
    page.locator("[name=called]").fill("Nia")
    page.locator("button.act").click()
    page.wait_for_url(re.compile(r"/$"))
    page.goto(reverse("me"))
    page.locator("main form[action$='logout/'] button").click()
    page.goto(reverse("account_login") + "?next=/me/theme/")
    page.locator("#passkey_login").click()
    page.wait_for_url(re.compile("/me/theme/"))


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_every_page_of_ones_own_is_accessible(
    browse: Browse, axe: Any, cast: support.Cast, width: int, scheme: str
) -> None:
    cache.clear()
    page = browse(cast.ada, width=width, scheme=scheme)
    names = ("me", "me_called", "me_in_time", "me_theme", "me_who_sees", "me_security", "me_leave")
    for name in (
        *names,
        "account_email",
        "account_change_password",
        "account_reauthenticate",
        "usersessions_list",
        "help",
        "privacy",
    ):
        page.goto(reverse(name))
        axe(page)
        assert page.locator("h1").count() == 1, name
        wide = page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide, f"{name} is wider than the screen"
        small = page.evaluate(
            "() => [...document.querySelectorAll('main button, main .btn, main select, main input:not([type=hidden])')]"
            ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 44 && !['checkbox','radio'].includes(e.type))"
            ".map(e => e.outerHTML.slice(0, 80))"
        )
        assert small == [], name


def test_the_kept_form_in_a_browser(browse: Browse, axe: Any, cast: support.Cast) -> None:
    from django.contrib.sessions.models import Session

    cache.clear()
    page = browse(width=390)

    def sign_in() -> None:
        page.locator("[name=login]").fill(cast.ada.email)
        page.locator("[name=password]").fill(support.PASSWORD)
        page.locator("main button.act").click()

    page.goto(reverse("account_login") + "?next=" + reverse("me_called"))
    sign_in()
    page.locator("[name=called]").fill("Ada, who was away")
    Session.objects.all().delete()
    page.locator("main button.act").click()
    page.wait_for_url(re.compile("/account/login/"))
    axe(page)
    sign_in()
    page.wait_for_url(re.compile("/kept/"))
    assert page.locator("text=Ada, who was away").is_visible()
    axe(page)
    page.locator("main button.act").click()
    page.wait_for_url(re.compile("/me/$"))
    cast.ada.refresh_from_db()
    assert cast.ada.called == "Ada, who was away"
