"""Help now and What is private: open to everybody, true for the country, dated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from keepwell.people.models import Agency, Installation, TalkTo
from keepwell.people.rules import authored
from keepwell.people.rules.browsers import browser_named
from keepwell.people.rules.zones import by_part, known, place
from tests import support


@pytest.fixture
def host(db: None) -> None:
    Installation.objects.update_or_create(defaults={"hosted_by": "Coastal Coalition", "made_at": support.NOW})


def test_help_is_open_before_anything_is_set_up(db: None, now: datetime) -> None:
    page = Client().get(reverse("help"))
    assert page.status_code == 200
    assert "988" not in page.content.decode()
    assert "emergency number" in page.content.decode()


def test_signed_out_the_country_is_that_of_the_first_agency(cast: support.Cast, now: datetime) -> None:
    assert "tel:988" in Client().get(reverse("help")).content.decode()
    Agency.objects.update(country="MX")
    page = Client().get(reverse("help")).content.decode()
    assert "tel:8009112000" in page
    assert "988" not in page


def test_a_country_without_lines_never_gets_those_of_another(
    cast: support.Cast, now: datetime, client_of: Callable[..., Client]
) -> None:
    Agency.objects.update(country="NZ")
    for client in (Client(), client_of(cast.ada)):
        page = client.get(reverse("help")).content.decode()
        assert "911" not in page
        assert "988" not in page
        assert "We have no checked lines for this country" in page


def test_asked_for_a_country_it_is_that_one(
    cast: support.Cast, now: datetime, client_of: Callable[..., Client]
) -> None:
    for client in (Client(), client_of(cast.ada)):
        assert "tel:8009112000" in client.get(reverse("help"), {"country": "MX"}).content.decode()
        assert "tel:988" in client.get(reverse("help"), {"country": "<script>"}).content.decode()


def test_the_agencys_own_list_is_for_the_agency(
    cast: support.Cast, now: datetime, client_of: Callable[..., Client]
) -> None:
    TalkTo.objects.create(
        agency=cast.harbour, kind="peer", name="The duty line", phone="555 0100", passes_on="danger, to Cleo"
    )
    seen = client_of(cast.ada).get(reverse("help")).content.decode()
    assert "The duty line" in seen
    assert "danger, to Cleo" in seen
    for client in (Client(), client_of(cast.dov), client_of(cast.lena)):
        assert "The duty line" not in client.get(reverse("help")).content.decode()


def test_old_numbers_say_so(cast: support.Cast, now: datetime) -> None:
    banner = "These numbers have not been checked lately"
    assert banner not in Client().get(reverse("help")).content.decode()
    with time_machine.travel(now + timedelta(days=181), tick=False):
        assert banner in Client().get(reverse("help")).content.decode()


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_country_has_words_and_a_way(language: str) -> None:
    countries = authored.countries(language)
    assert [country.code for country in countries][-1] == authored.ELSEWHERE
    for country in countries:
        found = authored.help_lines(country.code, language, date(2026, 11, 25))
        lines = (*found.danger, *found.talk, *found.work)
        assert lines
        assert all(line.name and line.about and (line.number or line.text_to or line.url) for line in lines)
        assert found.danger or found.country.code == authored.ELSEWHERE


def test_a_line_that_may_report_says_so(cast: support.Cast, now: datetime) -> None:
    page = Client().get(reverse("help"), {"country": "US"}).content.decode()
    assert "May have to report what it hears." in page
    assert "This is not a reporting line" in page


def test_privacy_names_who_runs_the_server(
    cast: support.Cast, host: None, now: datetime, client_of: Callable[..., Client]
) -> None:
    for client in (Client(), client_of(cast.ada)):
        page = client.get(reverse("privacy"))
        assert page.status_code == 200
        assert "This server is run by Coastal Coalition." in page.content.decode()
        assert "{" not in page.content.decode().partition("<main")[2].partition("</main>")[0]
    assert "Administrators at Harbour Street" in client_of(cast.ada).get(reverse("privacy")).content.decode()
    assert "Harbour Street" not in Client().get(reverse("privacy")).content.decode()


def test_privacy_stands_before_the_first_run(db: None, now: datetime) -> None:
    assert "run by whoever set it up" in Client().get(reverse("privacy")).content.decode()


def test_help_and_privacy_in_spanish(cast: support.Cast, host: None, now: datetime) -> None:
    client = Client(headers={"Accept-Language": "es-MX"})
    assert "Alguien con quien hablar" in client.get(reverse("help")).content.decode()
    assert "Lo que solo ves tú" in client.get(reverse("privacy")).content.decode()


@pytest.mark.parametrize(
    ("agent", "named"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36",
            "Chrome, Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0", "Firefox, Android"),
        ("curl/8", ""),
    ],
)
def test_browsers_are_named(agent: str, named: str) -> None:
    assert browser_named(agent) == named


def test_zones() -> None:
    assert place("America/Argentina/Salta") == "Salta"
    assert known("America/New_York")
    assert not known("posix/UTC")
    assert not known("")
    everywhere = [zone for _part, zones in by_part() for zone, _place in zones]
    assert len(everywhere) == len(set(everywhere)) > 300
