"""My data, as its owner meets it."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

from django.test import Client
from django.urls import reverse

from keepwell.insight import tasks
from keepwell.insight.models import Export
from keepwell.people.models import Person
from tests.insight.lived import WORD, live_a_week
from tests.support import PASSWORD, Cast


def signed_in_again(client: Client, person: Person) -> Client:
    """As after typing the password once more, a moment ago."""
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": reverse("insight:data")})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return client


def test_asking_looking_again_downloading_and_throwing_away(cast: Cast, client_of: object, now: datetime) -> None:
    live_a_week(cast.ada, now)
    client = client_of(cast.ada)
    asked = client.post(reverse("insight:ask_export"))
    assert "reauthenticate" in asked.headers["Location"]
    # what was asked for is done once the password is typed: nobody has to ask twice
    again = client.post(asked.headers["Location"], {"password": PASSWORD, "next": reverse("insight:ask_export")})
    assert again.status_code == 302
    export = Export.objects.get(person=cast.ada)
    page = client.get(reverse("insight:data")).content.decode()
    assert "Being made" in page
    tasks.build_exports(now)
    assert "Download" in client.get(reverse("insight:data")).content.decode()
    answer = client.get(reverse("insight:download", args=[export.id]))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert WORD in archive.read("everything.json").decode()
    assert client_of(cast.rosa).get(reverse("insight:download", args=[export.id])).status_code == 404
    client.post(reverse("insight:drop_export", args=[export.id]))
    assert client.get(reverse("insight:download", args=[export.id])).status_code == 404


def test_taking_away_and_erasing_ask_to_sign_in_again_after_a_while(cast: Cast, client_of: object, now: datetime) -> None:
    client = client_of(cast.ada)
    for name in ("insight:ask_export", "insight:erase"):
        answer = client.post(reverse(name), {"sure": "on"})
        assert answer.status_code == 302
        assert "reauthenticate" in answer.headers["Location"]
    assert not Export.objects.exists()
    assert Person.objects.filter(id=cast.ada.id).exists()


def test_erasing_one_thing_from_the_list(cast: Cast, client_of: object, now: datetime) -> None:
    live_a_week(cast.ada, now)
    client = client_of(cast.ada)
    page = client.get(reverse("insight:things"))
    shelves = {shelf.table: shelf for shelf in page.context["shelves"]}
    assert {"check-ins", "commitments", "entries", "emergency", "notes"} <= set(shelves)
    entry = shelves["entries"].things[0]
    address = reverse("insight:erase_thing", args=["plans", "entries", entry.id])
    assert "Erased" in client.post(address, follow=True).content.decode()
    assert "gone already" in client.post(address, follow=True).content.decode()


def test_erasing_everything_needs_the_tick_and_signs_out(cast: Cast, client_of: object, now: datetime) -> None:
    live_a_week(cast.ada, now)
    client = signed_in_again(client_of(cast.ada), cast.ada)
    refused = client.post(reverse("insight:erase"), {"sure": ""})
    assert refused.status_code == 422
    assert "Nothing was erased" in refused.content.decode()
    gone = client.post(reverse("insight:erase"), {"sure": "on"}, follow=True)
    assert "It is erased" in gone.content.decode()
    assert "30 December 2026" in gone.content.decode()  # 35 days on
    assert not Person.objects.filter(id=cast.ada.id).exists()
    assert client.get(reverse("insight:data")).status_code == 302


def test_the_only_administrator_reads_what_to_do_first(cast: Cast, client_of: object, now: datetime) -> None:
    answer = signed_in_again(client_of(cast.adam), cast.adam).post(reverse("insight:erase"), {"sure": "on"})
    assert answer.status_code == 422
    assert "Make somebody else one first" in answer.content.decode()
    assert Person.objects.filter(id=cast.adam.id).exists()


def test_empty_space(cast: Cast, client_of: object, now: datetime) -> None:
    page = client_of(cast.rosa).get(reverse("insight:things")).content.decode()
    assert "There is nothing of yours here yet" in page
