"""The first page of an empty server, and the six steps that follow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from keepwell.people import actions, queries, upkeep
from keepwell.people.models import Agency, Installation, Invitation, Member, Person, TalkTo
from keepwell.people.viewer import viewer_for
from tests import support

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

GIVEN = {
    "agency_name": "Harbour Street",
    "country": "MX",
    "zone": "America/Mexico_City",
    "hosted_by": "Open Harbour Coalition",
    "host_contact": "555 0100",
    "called": "Adam",
    "email": "Adam@Harbour.example",
    "password": "three warm words",
}


@pytest.fixture(autouse=True)
def at_the_moment(now: datetime) -> None:
    """Every page is asked at `support.NOW`."""


def test_an_empty_server_leads_to_its_first_page(client: Client) -> None:
    assert client.get("/").headers["Location"] == reverse("first_run")
    assert client.get(reverse("first_run")).status_code == 200


def test_the_first_run_makes_the_server_somebodys(client: Client) -> None:
    answer = client.post(reverse("first_run"), GIVEN)
    assert answer.headers["Location"] == reverse("setup")
    member = Member.objects.select_related("person", "agency").get()
    assert member.person is not None
    assert (member.person.email, member.agency.name, member.agency.country) == (
        "adam@harbour.example",
        "Harbour Street",
        "MX",
    )
    assert [part.kind for part in member.responsibilities.all()] == ["administrator"]
    assert Installation.objects.get().hosted_by == "Open Harbour Coalition"
    # whoever answers for others adds a second factor before anything else
    assert client.get(reverse("setup")).headers["Location"] == reverse("second_factor")


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "short"},
        {"password": "adam@harbour.example"},
        {"email": "adam"},
        {"zone": "Mars/Base"},
        {"hosted_by": " "},
    ],
)
def test_a_mistake_loses_nothing_and_makes_nothing(client: Client, wrong: dict[str, str]) -> None:
    answer = client.post(reverse("first_run"), {**GIVEN, **wrong})
    assert answer.status_code == 422
    said = answer.content.decode()
    assert 'role="alert"' in said
    assert 'value="Harbour Street"' in said
    assert GIVEN["password"] not in said
    assert not (Person.objects.exists() or Agency.objects.exists() or Installation.objects.exists())


def test_a_second_tab_and_a_stranger_find_the_front_door(client: Client) -> None:
    client.post(reverse("first_run"), GIVEN)
    for visitor in (client, Client()):
        assert visitor.get(reverse("first_run")).headers["Location"] == reverse("today")
        assert visitor.post(reverse("first_run"), {**GIVEN, "email": "mallory@bad.example"}).headers[
            "Location"
        ] == reverse("today")
    assert list(Person.objects.values_list("email", flat=True)) == ["adam@harbour.example"]


def test_a_store_with_an_agency_is_never_given_away(cast: support.Cast, client: Client) -> None:
    """Even where the row of the installation is missing."""
    Installation.objects.all().delete()
    assert client.get(reverse("first_run")).headers["Location"] == reverse("today")
    with pytest.raises(actions.Refused):
        actions.first_run(
            agency_name="Mine", country="US", zone="UTC", language="en", hosted_by="Me", host_contact="", email="m@bad.example",
            hello=actions.Hello("M", support.PASSWORD), now=support.NOW,
        )  # fmt: skip


def levels(viewer: Any) -> dict[str, int]:
    return {step.slug: step.level for step in queries.setup_steps(viewer)}


def test_the_six_steps_fill_as_things_are_there(cast: support.Cast) -> None:
    uma = viewer_for(cast.uma)
    assert levels(uma) == {"teams": 4, "supervisors": 4, "talk-to": 0, "post": 0, "country": 0, "rooms": 4}
    actions.name_team(by=uma, name="Night room", now=support.NOW)
    upkeep.list_to_talk(by=uma, entry=TalkTo(kind="counselling", name="Line", phone="1"), now=support.NOW)
    upkeep.settle_agency(by=uma, values={"exit_url": "https://weather.example"}, now=support.NOW)
    actions.invite(by=uma, email="n@quay.example", name="", kind="staff", team=None, now=support.NOW)
    Invitation.objects.update(accepted_at=support.NOW)
    assert levels(viewer_for(cast.uma)) == {
        "teams": 4,
        "supervisors": 2,
        "talk-to": 4,
        "post": 4,
        "country": 4,
        "rooms": 4,
    }


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_of_steps_leads_to_each_of_them(
    cast: support.Cast, client_of: Callable[..., Client], language: str
) -> None:
    Person.objects.filter(pk=cast.adam.pk).update(language=language)
    said = client_of(cast.adam).get(reverse("setup")).content.decode()
    for name in (
        "agency_teams",
        "agency_supervisors",
        "agency_talk_to",
        "notify:email_test",
        "agency_country",
        "agency_rooms",
    ):
        assert f'href="{reverse(name)}"' in said
