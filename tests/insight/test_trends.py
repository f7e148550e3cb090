"""My trends: empty, one, eight, many; apart, with tables, and for one pair of eyes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from keepwell.people.models import Agency, Person
from tests.measures import story
from tests.support import Cast

ClientOf = Callable[..., Client]


def body(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def ada(cast: Cast, client_of: ClientOf, now: datetime) -> Client:
    return client_of(cast.ada)


def test_nothing_yet(ada: Client) -> None:
    page = ada.get("/trends/")
    assert "Nothing here yet." in body(page) and "Only you see this page." in body(page)
    assert 'href="/check-in/"' in page.content.decode() and 'role="img"' not in page.content.decode()


def test_one_check_in(ada: Client, cast: Cast, now: datetime) -> None:
    story.do_check_in(cast.ada, now)
    text = body(ada.get("/trends/"))
    assert "50 this week. After 7 more weeks your usual range shows here." in text
    assert "Before that it would be guessing." in text
    assert "your usual range</span>" not in ada.get("/trends/").content.decode()


def test_two_strains_two_charts_and_two_quieter_ones_each_with_its_table(ada: Client, cast: Cast, now: datetime) -> None:
    story.live(cast.ada, now, [(2, 1)] * 8)
    html = ada.get("/trends/").content.decode()
    assert html.count('role="img"') == html.count("The numbers behind this") == 4
    assert html.count('class="usual"') == 2  # the two strains, from the eighth week on
    titles = re.findall(r"<figcaption><h\d>([^<]+)", html)
    assert titles == ["Burnout", "Compassion fatigue", "Being present", "Using what you are good at"]
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("span", "weeks"), [("", 12), ("?span=12-weeks", 12), ("?span=6-months", 26), ("?span=all", 40), ("?span=x", 12)])
def test_spans(ada: Client, cast: Cast, now: datetime, span: str, weeks: int) -> None:
    story.live(cast.ada, now, [(2, 2)] * 40, tags=["paperwork"])
    html = ada.get(f"/trends/{span}").content.decode()
    table = html.split("<tbody>")[1].split("</tbody>")[0]
    assert table.count("<tr>") == weeks
    assert f"Tagged in {weeks} check-ins" in html
    assert html.count('aria-current="page"') == 2  # the span, and the place in the navigation


def test_weeks_away_are_gaps_and_a_week_that_lasts_is_none(ada: Client, cast: Cast, now: datetime) -> None:
    story.live(cast.ada, now, [(2, 2)] * 3 + [None] * 3 + [(3, 2)] * 2, last_week_ago=1)
    html = ada.get("/trends/").content.decode()
    burnout = html.split("</figure>")[0]
    assert burnout.count(">away</td>") == 3 and 'text-anchor="middle">away</text>' in burnout
    assert "75 in the week of 16 November." in body(ada.get("/trends/"))


def test_only_ones_own(cast: Cast, client_of: ClientOf, now: datetime) -> None:
    story.live(cast.ada, now, [(2, 2)] * 8, tags=["paperwork"])
    for who in (cast.ben, cast.cleo, cast.adam, cast.tess, cast.dov):
        assert "Nothing here yet." in body(client_of(who).get("/trends/"))


def test_three_years_take_no_more_queries_than_one_week(
    ada: Client, cast: Cast, now: datetime, django_assert_max_num_queries: Any
) -> None:
    story.live(cast.ada, now, [(2, 2)] * 156)
    with django_assert_max_num_queries(4):  # session, person, viewer; check-ins
        assert ada.get("/trends/?span=all").status_code == 200


def test_a_range_above_is_said_without_a_verdict(ada: Client, cast: Cast, now: datetime) -> None:
    story.live(cast.ada, now, [(2, 2)] * 12 + [(4, 2)] * 3)
    text = body(ada.get("/trends/"))
    assert "as in the 2 check-ins before it." in text
    for word in ("risk", "bad", "worse", "streak", "%"):
        assert word not in text.lower(), word


def test_where_measures_is_off_there_is_nothing(ada: Client, cast: Cast) -> None:
    Agency.objects.filter(id=cast.harbour.id).update(rooms=["plans"])
    assert ada.get("/trends/").status_code == 404


def test_in_spanish(cast: Cast, client_of: ClientOf, now: datetime) -> None:
    Person.objects.filter(id=cast.ada.id).update(language="es")
    story.live(cast.ada, now, [(2, 2)] * 9, tags=["on-call"])
    text = body(client_of(cast.ada).get("/trends/"))
    assert "Lo que te pesó" in text and "dentro de lo habitual en ti" in text and "23 nov" in text
    for english in ("Check-ins", "Single weeks", "usual", "How far back"):
        assert english not in text, english
