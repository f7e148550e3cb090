"""The pages of this room, as their people and as strangers meet them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from keepwell.notify import actions, catalogue, letters, queries, tasks
from keepwell.notify.models import Hold, Hours, Message, Note
from keepwell.people.actions import Refused
from keepwell.people.models import Person
from keepwell.people.viewer import viewer_for
from tests.support import Cast, Post

ClientOf = Callable[[Person], Client]

HOURS = {
    "working_days": ["0", "2", "6"],
    "work_from": "22:00",
    "work_to": "06:00",
    "quiet_from": "08:00",
    "quiet_to": "16:30",
    "say_more": "on",
}


def _note(person: Person, now: datetime, path: str = "/me/hours/") -> Note:
    return actions.put_note(
        person=person,
        kind="check-in-reminder",
        occasion=str(uuid4()),
        words={"title": "Canary in a note"},
        path=path,
        now=now,
    )


# ---- notes ----


def test_notes_are_listed_and_opening_one_marks_it_and_leads_on(cast: Cast, client_of: ClientOf, now: datetime) -> None:
    note = _note(cast.ada, now)
    client = client_of(cast.ada)
    assert "Canary in a note" in client.get(reverse("notify:notes")).content.decode()
    answer = client.post(reverse("notify:open_note", args=[note.id]))
    assert (answer.status_code, answer["Location"]) == (302, "/me/hours/")
    note.refresh_from_db()
    assert note.read_at == now


@pytest.mark.parametrize("path", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_a_note_leads_nowhere_else(cast: Cast, client_of: ClientOf, now: datetime, path: str) -> None:
    note = _note(cast.ada, now, path)
    answer = client_of(cast.ada).post(reverse("notify:open_note", args=[note.id]))
    assert answer["Location"] == reverse("notify:notes")


def test_all_are_marked_as_read_and_nobody_elses(cast: Cast, client_of: ClientOf, now: datetime) -> None:
    _note(cast.ada, now), _note(cast.ada, now), _note(cast.mia, now)
    client_of(cast.ada).post(reverse("notify:read_all"))
    assert Note.objects.filter(person=cast.ada, read_at=None).count() == 0
    assert Note.objects.filter(person=cast.mia, read_at=None).count() == 1


def test_a_strangers_note_is_not_there(cast: Cast, client_of: ClientOf, now: datetime) -> None:
    note = _note(cast.mia, now)
    client = client_of(cast.ada)
    assert "Canary" not in client.get(reverse("notify:notes")).content.decode()
    assert client.post(reverse("notify:open_note", args=[note.id])).status_code == 404
    note.refresh_from_db()
    assert note.read_at is None


# ---- hours ----


def test_hours_are_kept_and_the_page_shows_what_is_kept_to(cast: Cast, client_of: ClientOf, now: datetime) -> None:
    client = client_of(cast.ada)
    assert client.post(reverse("notify:hours"), HOURS).status_code == 302
    row = Hours.objects.get(person=cast.ada)
    assert row.working_days == "1010001"
    assert (row.work_from, row.quiet_to) == (time(22), time(16, 30))
    assert (row.by_email, row.say_more) == (False, True)
    page = client.get(reverse("notify:hours")).content.decode()
    assert 'value="16:30"' in page
    client.post(reverse("notify:hours"), {**HOURS, "by_email": "on"})
    shown = queries.next_reminder(viewer_for(cast.ada), now)
    assert shown is not None
    page = client.get(reverse("notify:hours")).content.decode()
    assert f'datetime="{shown.astimezone(ZoneInfo(cast.ada.zone)).isoformat(timespec="minutes")}"' in page


def test_a_wrong_time_is_said_and_nothing_is_lost(cast: Cast, client_of: ClientOf, now: datetime) -> None:
    answer = client_of(cast.ada).post(reverse("notify:hours"), {**HOURS, "work_from": "25:99"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "25:99" in page
    assert 'value="16:30"' in page
    assert not Hours.objects.exists()


def test_the_week_begins_where_the_persons_does(cast: Cast, client_of: ClientOf, now: datetime) -> None:
    Person.objects.filter(id=cast.ada.id).update(week_start=6)
    page = client_of(cast.ada).get(reverse("notify:hours")).content.decode()
    days = re.findall(r'name="working_days" value="(\d)"', page)
    assert days == ["6", "0", "1", "2", "3", "4", "5"]


def test_going_away_and_coming_back(cast: Cast, client_of: ClientOf, now: datetime) -> None:
    client = client_of(cast.ada)
    for _twice in range(2):  # a double press is one stretch
        client.post(reverse("notify:go_away"), {"first": "2026-11-25", "last": "2026-11-27"})
    hold = Hold.objects.get(person=cast.ada)
    assert hold.ends_at == datetime.fromisoformat("2026-11-28T00:00-05:00")
    viewer = viewer_for(cast.ada)
    assert queries.next_reminder(viewer, now) == datetime.fromisoformat("2026-11-30T07:30-05:00")
    (away,) = queries.away(viewer, now)
    assert (away.first_day, away.last_day) == (date(2026, 11, 25), date(2026, 11, 27))
    client.post(reverse("notify:come_back", args=[hold.id]))
    assert queries.next_reminder(viewer, now) == now


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-11-27", "2026-11-25"), ("2026-01-01", "2026-01-02"), ("2026-11-27", "2099-01-01"), ("soon", "later")],
)
def test_days_that_can_not_be_are_refused_with_a_sentence(
    cast: Cast, client_of: ClientOf, now: datetime, first: str, last: str
) -> None:
    answer = client_of(cast.ada).post(reverse("notify:go_away"), {"first": first, "last": last})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Hold.objects.exists()


def test_nobody_ends_anothers_away_time(cast: Cast, client_of: ClientOf, now: datetime) -> None:
    hold = actions.go_away(by=cast.mia, first=date(2026, 11, 26), last=date(2026, 11, 27), now=now)
    client_of(cast.ada).post(reverse("notify:come_back", args=[hold.id]))
    assert Hold.objects.filter(id=hold.id).exists()


# ---- the catalogue ----


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_catalogue_shows_every_message_in_its_very_words(
    cast: Cast, client_of: ClientOf, now: datetime, language: str
) -> None:
    Person.objects.filter(id=cast.ada.id).update(language=language)
    page = client_of(cast.ada).get(reverse("notify:catalogue")).content.decode()
    for entry in catalogue.ENTRIES:
        subject = letters.write(entry, entry.example, language=language).subject
        assert subject in page
    assert page.count("<details") == len(catalogue.ENTRIES)


def test_an_optional_message_is_switched_off_and_on(cast: Cast, client_of: ClientOf, now: datetime) -> None:
    client = client_of(cast.ada)
    client.post(reverse("notify:switch_off", args=["check-in-reminder"]))
    client.post(reverse("notify:switch_off", args=["check-in-reminder"]))
    assert Hours.objects.get(person=cast.ada).not_kinds == ["check-in-reminder"]
    assert (
        reverse("notify:switch_on", args=["check-in-reminder"])
        in client.get(reverse("notify:catalogue")).content.decode()
    )
    client.post(reverse("notify:switch_on", args=["check-in-reminder"]))
    assert Hours.objects.get(person=cast.ada).not_kinds == []


@pytest.mark.parametrize("kind", ["password-reset-code", "nothing-of-ours"])
def test_what_must_reach_somebody_can_not_be_switched_off(
    cast: Cast, client_of: ClientOf, now: datetime, kind: str
) -> None:
    assert client_of(cast.ada).post(reverse("notify:switch_off", args=[kind])).status_code == 404
    with pytest.raises(Refused):
        actions.switch_message(by=cast.ada, kind=kind, on=False, now=now)


# ---- the post ----


@pytest.mark.parametrize("who", ["ada", "mia", "ben", "pia", "cleo", "dov", "lena"])
def test_the_post_is_not_there_for_others(cast: Cast, client_of: ClientOf, now: datetime, who: str) -> None:
    client = client_of(cast.people[who])
    assert client.get(reverse("notify:email_test")).status_code == 404
    assert client.post(reverse("notify:test_post")).status_code == 404
    assert not Message.objects.exists()


@pytest.mark.parametrize("who", ["adam", "tess"])
@pytest.mark.parametrize(
    ("mode", "said"), [("accept", "Accepted:"), ("refuse", "550 5.1.1 no such mailbox"), ("later", "451 4.3.0")]
)
def test_a_test_shows_what_the_mail_server_did(
    cast: Cast, client_of: ClientOf, now: datetime, smtp: Post, who: str, mode: str, said: str
) -> None:
    smtp.mode = mode
    client = client_of(cast.people[who])
    for _twice in range(2):  # a double press is one test
        client.post(reverse("notify:test_post"))
    assert Message.objects.count() == 1
    assert "Queued:" in client.get(reverse("notify:email_test")).content.decode()
    tasks.send(clock=lambda: now + timedelta(seconds=1))
    assert said in client.get(reverse("notify:email_test")).content.decode()


def test_a_test_goes_to_oneself_only(cast: Cast, client_of: ClientOf, now: datetime, smtp: Post) -> None:
    client_of(cast.tess).post(reverse("notify:test_post"), {"to": "other@x.example"})
    tasks.send(clock=lambda: now)
    assert smtp.recipients == [cast.tess.email]
    assert cast.tess.email not in client_of(cast.adam).get(reverse("notify:email_test")).content.decode()


# ---- everything of a person's ----


def test_export_holds_every_table_and_erase_leaves_none(cast: Cast, now: datetime) -> None:
    for person in (cast.ada, cast.mia):
        actions.put_due(
            person=person,
            room="plans",
            kind="commitment",
            occasion="w",
            due_at=now,
            path="/",
            words={"title": "x"},
            now=now,
        )
        _note(person, now)
        actions.go_away(by=person, first=date(2026, 11, 26), last=date(2026, 11, 27), now=now)
        Hours.objects.create(person=person)
        actions.tell(person=person, kind="export-ready", occasion="1", now=now)
    told = queries.export(cast.ada)
    assert {table: len(rows) for table, rows in told.items()} == {
        "due": 1,
        "notes": 1,
        "hours": 1,
        "away": 1,
        "messages": 1,
    }
    actions.erase(person=cast.ada, now=now)
    actions.erase(person=cast.ada, now=now)
    assert not any(queries.export(cast.ada).values())
    assert all(queries.export(cast.mia).values())
