"""The check-in's pages, without script: what a person meets who taps, skips, goes back, stops and comes again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from keepwell.measures import actions, library
from keepwell.measures.models import CheckIn
from keepwell.notify.models import Due
from keepwell.people.models import Agency, Person, TalkTo
from tests.measures import story
from tests.support import Cast

WEEK = "2026-W48"
BASE = f"/check-in/{WEEK}/"
ClientOf = Callable[..., Client]


def body(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def ada(cast: Cast, client_of: ClientOf, now: datetime) -> Client:
    return client_of(cast.ada)


# ---- the way through ----


def test_nine_answers_and_one_tap(ada: Client, cast: Cast) -> None:
    page = ada.get("/check-in/", follow=True)
    assert page.redirect_chain == [(f"{BASE}1/", 302)]
    for number, item in enumerate(library.items(), start=1):
        assert item.text in body(page)
        assert "Only you see this answer." in body(page)
        assert f"{number} of 9" in body(page)
        page = ada.post(f"{BASE}{number}/answer/", {"answer": "3"}, follow=True)
    assert page.request["PATH_INFO"] == f"{BASE}tags/"
    page = ada.post(f"{BASE}finish/", {"tag": ["on-call"], "were": ""}, follow=True)
    assert page.request["PATH_INFO"] == BASE
    row = CheckIn.objects.get(person=cast.ada)
    assert row.finished and row.stressors == ["on-call"] and len(row.answers) == 9
    assert Due.objects.get(person=cast.ada).occasion == "2026-W49"


def test_the_door_line_and_the_length_come_before_the_first_answer(ada: Client) -> None:
    html = ada.get(f"{BASE}1/").content.decode()
    for said in ("Under a minute", "Only you see this answer.", "diagnosis"):
        assert html.index(said) < html.index('type="radio"')


def test_it_is_resumed_where_it_was_left(ada: Client, cast: Cast) -> None:
    for number in (1, 2, 3):
        ada.post(f"{BASE}{number}/answer/", {"answer": "1"})
    assert ada.get("/check-in/").headers["Location"] == f"{BASE}4/"
    assert not CheckIn.objects.get(person=cast.ada).finished


def test_going_back_shows_the_answer_and_correcting_it_goes_on_where_it_was(ada: Client, cast: Cast) -> None:
    for number in (1, 2, 3):
        ada.post(f"{BASE}{number}/answer/", {"answer": "1"})
    html = ada.get(f"{BASE}2/").content.decode()
    assert re.search(r'value="1" checked', html)
    assert ada.post(f"{BASE}2/answer/", {"answer": "4"}).headers["Location"] == f"{BASE}4/"
    assert CheckIn.objects.get(person=cast.ada).answers["story-returns"] == 4


def test_every_sentence_can_be_skipped(ada: Client, cast: Cast) -> None:
    for number in range(1, 10):
        response = ada.post(f"{BASE}{number}/answer/", {"skip": "1"})
    assert response.headers["Location"] == f"{BASE}tags/"
    page = ada.post(f"{BASE}finish/", follow=True)
    assert page.status_code == 200 and "missing" in body(page)


def test_next_without_a_choice_says_so_kindly(ada: Client) -> None:
    page = ada.post(f"{BASE}1/answer/", {})
    assert page.status_code == 422
    assert "Choose one of the five, or skip this one." in body(page)
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize("value", ["5", "-1", "two", "", "²", "3" * 5000, "\u0000"])
def test_what_is_no_answer_is_none(ada: Client, value: str) -> None:
    assert ada.post(f"{BASE}1/answer/", {"answer": value}).status_code == 422


@pytest.mark.parametrize("path", ["2026-W48/0/", "2026-W48/10/", "2026-W99/1/", "2026-W40/1/", "nonsense/", "2026-W10/", "2026-W10/tags/"])
def test_addresses_of_nothing(ada: Client, path: str) -> None:
    assert ada.get(f"/check-in/{path}").status_code == 404


def test_all_on_one_page(ada: Client, cast: Cast) -> None:
    page = ada.get("/check-in/all/", follow=True)
    assert page.request["PATH_INFO"] == f"{BASE}all/"
    sent = {f"a-{item.slug}": "2" for item in library.items()[:8]} | {"had": "{}", "tag": ["paperwork"], "were": ""}
    done = ada.post(f"{BASE}all/keep/", sent, follow=True)
    assert done.request["PATH_INFO"] == BASE
    row = CheckIn.objects.get(person=cast.ada)
    assert row.finished and row.answers["mind-with-me"] is None and row.answers["rest-refills"] == 2


@pytest.mark.parametrize("had", ["", "[]", "null", "{", '{"rest-refills": "x"}', '{"rest-refills": true}'])
def test_a_broken_memory_of_the_page_breaks_nothing(ada: Client, had: str) -> None:
    assert ada.post(f"{BASE}all/keep/", {"a-rest-refills": "2", "had": had}, follow=True).status_code == 200


def test_sending_twice_and_the_back_button_do_no_harm(ada: Client, cast: Cast) -> None:
    for _press in range(2):
        ada.post(f"{BASE}1/answer/", {"answer": "3"})
        ada.post(f"{BASE}finish/", {"tag": ["on-call"], "were": ""})
    assert CheckIn.objects.filter(person=cast.ada).count() == 1
    assert Due.objects.filter(person=cast.ada).count() == 1


def test_an_old_page_after_the_week_has_ended(ada: Client, cast: Cast, now: datetime) -> None:
    ada.post(f"{BASE}1/answer/", {"answer": "3"})
    with time_machine.travel(now + timedelta(days=6), tick=False):
        page = ada.post(f"{BASE}2/answer/", {"answer": "3"}, follow=True)
        assert "That week has ended" in body(page) and page.request["PATH_INFO"] == "/check-in/2026-W49/1/"
        assert "That week has ended" in body(ada.get(f"{BASE}2/", follow=True))
    assert list(CheckIn.objects.get(person=cast.ada).answers) == ["rest-refills"]


def test_a_step_asks_the_store_little(ada: Client) -> None:
    """At most three queries beside those every page of a signed-in person asks."""

    def asked(ask: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as rows, CaptureQueriesContext(connections["keys"]) as keys:
            ask()
        told = [query["sql"] for query in (*rows, *keys)]
        return len([sql for sql in told if not sql.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))])

    ada.post(f"{BASE}1/answer/", {"answer": "3"})
    bare = asked(lambda: ada.get(f"{BASE}99/"))  # person, session and a 404: no question of ours
    for path in ("1/", "2/", "tags/", "all/"):
        assert asked(lambda path=path: ada.get(f"{BASE}{path}")) <= bare + 3, path
    assert asked(lambda: ada.post(f"{BASE}2/answer/", {"answer": "3"})) <= bare + 3


def test_a_step_weighs_little(ada: Client) -> None:
    assert len(ada.get(f"{BASE}1/").content) < 14_000


# ---- the result ----


def test_a_result_never_stands_alone(ada: Client, cast: Cast, now: datetime) -> None:
    TalkTo.objects.create(
        agency=cast.harbour, kind="counsellor", name="Quiet Line", phone="555 0100", passes_on="Nothing, unless you ask"
    )
    TalkTo.objects.create(agency=cast.quay, kind="counsellor", name="Other Line")
    story.live(cast.ada, now, [(2, 2)] * 10 + [(4, 4)], tags=["paperwork"])
    page = ada.get("/check-in/result/", follow=True)
    text = body(page)
    assert page.request["PATH_INFO"] == BASE
    for said in (
        "both higher than your usual range",
        "100 this week, above your usual",
        "What this means",
        "What it does not mean",
        "What may help now",
        "So the first thing is the load, not you.",
        "Not a diagnosis",
        "If your own memories came back",
        "Quiet Line",
        "Nothing, unless you ask",
        "Only you see this page.",
        "The numbers behind this",
    ):
        assert said in text, said
    assert "Other Line" not in text
    html = page.content.decode()
    assert html.count('role="img"') == 2 and html.count("<h1>") == 1
    assert html.index("Ask which form counts") < html.index("Make room before")  # the load comes first


@pytest.mark.parametrize("levels", [[(2, 2)], [(4, 4)] * 8, [(2, 2)] * 12 + [(4, 1)], [(1, 2)] * 12 + [(None, None)]])
def test_a_result_judges_nobody(ada: Client, cast: Cast, now: datetime, levels: list[tuple[int | None, int | None]]) -> None:
    story.live(cast.ada, now, levels)
    text = body(ada.get(BASE)).lower()
    for word in ("risk", "severe", "streak", "missed", "overdue", "failed", "great job", "well done", "↑", "↓", "%"):
        assert word not in text, word


def test_the_first_result_is_early_and_asks_nothing_about_being_counted(ada: Client, cast: Cast, now: datetime) -> None:
    story.do_check_in(cast.ada, now)
    text = body(ada.get(BASE))
    assert "too early" in text and "After 7 more weeks your usual range shows here." in text
    assert "counted" not in text


def test_without_a_list_of_people_help_now_is_named(ada: Client, cast: Cast, now: datetime) -> None:
    story.do_check_in(cast.ada, now)
    assert "Your agency has not listed anybody yet." in body(ada.get(BASE))


def test_no_link_leads_to_a_room_that_is_off(ada: Client, cast: Cast, now: datetime) -> None:
    Agency.objects.filter(id=cast.harbour.id).update(rooms=["measures"])
    story.do_check_in(cast.ada, now)
    assert 'href="/plan/' not in ada.get(BASE).content.decode().split("<main", 1)[1]


def test_a_result_opens_with_few_queries(ada: Client, cast: Cast, now: datetime, django_assert_max_num_queries: Any) -> None:
    story.live(cast.ada, now, [(2, 2)] * 30)
    with django_assert_max_num_queries(5):  # session, person, viewer; check-ins, people (the key lies in the other store)
        ada.get(BASE)


def test_a_past_week_can_be_read_and_not_changed(ada: Client, cast: Cast, now: datetime) -> None:
    story.live(cast.ada, now, [(2, 2)] * 3)
    page = ada.get("/check-in/2026-W47/")
    assert "50 in that week." in body(page) and "Correct an answer" not in body(page)
    assert "Correct an answer" in body(ada.get(BASE))


def test_erasing_asks_once(ada: Client, cast: Cast, now: datetime) -> None:
    story.do_check_in(cast.ada, now)
    assert "Erase the week of 23 November?" in body(ada.get(f"{BASE}erase/"))
    assert CheckIn.objects.exists()
    ada.post(f"{BASE}erase/")
    assert not CheckIn.objects.exists()
    assert ada.post(f"{BASE}erase/").status_code == 404


def test_a_week_without_a_check_in_leads_to_it_while_it_lasts(ada: Client) -> None:
    assert ada.get(BASE).headers["Location"] == "/check-in/"
    assert ada.get("/check-in/result/").headers["Location"] == "/check-in/"


# ---- not today ----


def test_not_today(ada: Client, cast: Cast, now: datetime) -> None:
    actions._put(cast.ada, story.turn_of(cast.ada, now), now)
    ada.post(reverse("measures:later"))
    assert Due.objects.get(person=cast.ada).due_at.date() == date(2026, 11, 26)
    assert ada.get(reverse("measures:later")).status_code == 405


# ---- where it is off, and in Spanish ----


def test_where_the_room_is_off_there_is_nothing(ada: Client, cast: Cast) -> None:
    Agency.objects.filter(id=cast.harbour.id).update(rooms=["plans"])
    for path in ("/check-in/", f"{BASE}1/", BASE, "/check-in/all/", "/check-in/result/"):
        assert ada.get(path).status_code == 404, path
    assert ada.post(f"{BASE}1/answer/", {"answer": "3"}).status_code == 404


def test_who_has_left_every_agency_keeps_their_check_in(cast: Cast, client_of: ClientOf, now: datetime) -> None:
    lena = client_of(cast.lena)
    assert lena.get("/check-in/", follow=True).status_code == 200


def test_in_spanish(cast: Cast, client_of: ClientOf, now: datetime) -> None:
    Person.objects.filter(id=cast.ada.id).update(language="es")
    story.live(cast.ada, now, [(2, 2)] * 10 + [(2, 4)], tags=["on-call"])
    ada = client_of(cast.ada)
    text = body(ada.get(BASE))
    assert "Semana del 23 de noviembre" in text and "Fatiga por compasión" in text
    for english in ("What may help", "this week", "Only you", "usual", "Week of"):
        assert english not in text, english
    assert "Solo tú ves esta respuesta." in body(ada.get(f"{BASE}1/"))
