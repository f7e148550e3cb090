"""Settings: one page, one deed; who can see what is told as it is; leaving ends a place and never a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from keepwell.notify.models import Message
from keepwell.people import actions
from keepwell.people.models import Member, Person, Responsibility
from keepwell.people.viewer import viewer_for
from tests import support
from tests.people.test_account import last_code, reauthenticated

ClientOf = Callable[..., Client]


@pytest.fixture(autouse=True)
def no_old_limits(db: None) -> None:
    cache.clear()


def test_the_list_leads_to_every_page(cast: support.Cast, now: datetime, client_of: ClientOf) -> None:
    page = client_of(cast.ada).get(reverse("me")).content.decode()
    names = (
        "me_called",
        "me_in_time",
        "me_theme",
        "me_who_sees",
        "me_security",
        "account_email",
        "me_leave",
        "account_logout",
    )
    for name in (*names, "notify:hours", "insight:data"):
        assert reverse(name) in page, name


def test_what_one_is_called_is_not_the_agencys_name(cast: support.Cast, now: datetime, client_of: ClientOf) -> None:
    client = client_of(cast.ada)
    assert client.post(reverse("me_called"), {"called": "  Añita ✨ "}).url == reverse("me")
    cast.ada.refresh_from_db()
    assert cast.ada.called == "Añita ✨"
    assert Member.objects.get(person=cast.ada).name == "Ada"
    too_long = client.post(reverse("me_called"), {"called": "a" * 81})
    assert too_long.status_code == 200
    assert "a" * 81 in too_long.content.decode()


def test_language_zone_and_week(cast: support.Cast, now: datetime, client_of: ClientOf) -> None:
    client = client_of(cast.ada)
    client.post(reverse("language"), {"language": "en"})
    client.post(reverse("me_in_time"), {"language": "es", "zone": "Asia/Kolkata", "week_start": "6"})
    cast.ada.refresh_from_db()
    assert (cast.ada.language, cast.ada.zone, cast.ada.week_start) == ("es", "Asia/Kolkata", 6)
    assert 'lang="es"' in client.get(reverse("me")).content.decode()
    assert (
        client.post(reverse("me_in_time"), {"language": "es", "zone": "Not/Real", "week_start": "6"}).status_code == 200
    )


def test_a_zone_with_an_old_name_stays(cast: support.Cast, now: datetime, client_of: ClientOf) -> None:
    Person.objects.filter(pk=cast.ada.pk).update(zone="US/Eastern")
    client = client_of(cast.ada)
    assert '<option value="US/Eastern" selected>' in client.get(reverse("me_in_time")).content.decode()
    assert (
        client.post(reverse("me_in_time"), {"language": "en", "zone": "US/Eastern", "week_start": "0"}).status_code
        == 302
    )


def test_theme(cast: support.Cast, now: datetime, client_of: ClientOf) -> None:
    client = client_of(cast.ada)
    for theme, there in (("dark", True), ("", False)):
        assert client.post(reverse("me_theme"), {"theme": theme}).status_code == 302
        assert ('data-theme="dark"' in client.get(reverse("me")).content.decode()) is there
    assert client.post(reverse("me_theme"), {"theme": "pink"}).status_code == 200


def test_who_can_see_what(cast: support.Cast, now: datetime, client_of: ClientOf) -> None:
    page = client_of(cast.ada).get(reverse("me_who_sees")).content.decode()
    for words in ("Only you. No supervisor, no manager, no administrator.", "Harbour Street", "Outreach", "Staff"):
        assert words in page
    assert "Quay Light" not in page
    assert "You are in no agency now" in client_of(cast.lena).get(reverse("me_who_sees")).content.decode()


def test_in_two_agencies_one_looks_at_one_at_a_time(cast: support.Cast, now: datetime, client_of: ClientOf) -> None:
    actions.add_member(agency=cast.quay, person=cast.ada, kind=Member.VOLUNTEER, team=None, parts=[], now=now)
    client = client_of(cast.ada)
    page = client.get(reverse("me_who_sees")).content.decode()
    assert "Quay Light" in page
    client.post(reverse("me_other_agency"), {"agency": str(cast.quay.id)})
    assert client.get(reverse("me")).wsgi_request.viewer.agency == cast.quay
    stranger = client_of(cast.rosa)
    stranger.post(reverse("me_other_agency"), {"agency": str(cast.quay.id)})
    assert stranger.get(reverse("me")).wsgi_request.viewer.agency == cast.harbour


# ---- addresses ----


def test_a_private_address_is_added_confirmed_and_made_the_first(
    cast: support.Cast, now: datetime, client_of: ClientOf
) -> None:
    client, address = reauthenticated(client_of(cast.ada)), reverse("account_email")
    added = client.post(address, {"email": "ada@home.example", "action_add": "1"})
    assert added.url == reverse("account_email_verification_sent")
    message = Message.objects.get()
    assert message.envelope["to"] == "ada@home.example"
    assert client.post(added.url, {"code": "WRONG"}).status_code == 200
    client.post(added.url, {"code": last_code()})
    assert EmailAddress.objects.get(user=cast.ada, email="ada@home.example").verified
    client.post(address, {"email": "ada@home.example", "action_primary": "1"})
    cast.ada.refresh_from_db()
    assert cast.ada.email == "ada@home.example"
    client.post(address, {"email": "ada@demo.example", "action_remove": "1"})
    assert [one.email for one in EmailAddress.objects.filter(user=cast.ada)] == ["ada@home.example"]
    assert Client().post(
        reverse("account_login"), {"login": "ada@home.example", "password": support.PASSWORD}
    ).url == reverse("today")


def test_an_address_offered_on_arriving_is_confirmed_later(
    cast: support.Cast, now: datetime, client_of: ClientOf
) -> None:
    EmailAddress.objects.create(user=cast.ada, email="ada@home.example", verified=False)
    client = reauthenticated(client_of(cast.ada))
    assert "One waits to be confirmed" in client.get(reverse("me")).content.decode()
    asked = client.post(reverse("account_email"), {"email": "ada@home.example", "action_send": "1"})
    client.post(asked.url, {"code": last_code()})
    assert EmailAddress.objects.get(email="ada@home.example").verified


def test_changing_addresses_asks_whether_it_is_still_you(
    cast: support.Cast, now: datetime, client_of: ClientOf
) -> None:
    answer = client_of(cast.ada).post(reverse("account_email"), {"email": "x@home.example", "action_add": "1"})
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert not Message.objects.exists()


def test_an_address_of_somebody_else_can_not_be_taken(cast: support.Cast, now: datetime, client_of: ClientOf) -> None:
    client = reauthenticated(client_of(cast.ada))
    client.post(reverse("account_email"), {"email": cast.rosa.email, "action_add": "1"}, follow=True)
    client.post(reverse("account_email_verification_sent"), {"code": "ABCDEF"})
    assert EmailAddress.objects.get(email=cast.rosa.email, verified=True).user == cast.rosa


# ---- leaving ----


def test_leaving_ends_the_place_and_keeps_the_person(cast: support.Cast, now: datetime, client_of: ClientOf) -> None:
    client = client_of(cast.ada)
    page = client.get(reverse("me_leave")).content.decode()
    assert cast.ada.email in page
    assert reverse("account_email") in page
    untold = client.post(reverse("me_leave"))
    assert untold.status_code == 200
    assert "Add a private address first" in untold.content.decode()
    assert Member.objects.get(person=cast.ada).ended_on is None

    assert client.post(reverse("me_leave"), {"sure": "on"}).url == reverse("me")
    assert Member.objects.get(person=cast.ada).ended_on is not None
    assert client.get(reverse("me")).status_code == 200
    assert client.post(reverse("me_leave"), {"sure": "on"}).url == reverse("me"), "a second press does no harm"


def test_the_only_administrator_can_not_leave(cast: support.Cast, now: datetime, client_of: ClientOf) -> None:
    client = client_of(cast.adam)
    page = client.post(reverse("me_leave"), {"sure": "on"})
    assert page.status_code == 200
    assert "only administrator here" in page.content.decode()
    assert Member.objects.get(person=cast.adam).ended_on is None
    cleo = Member.objects.get(person=cast.cleo)
    actions.place_member(
        by=viewer_for(cast.adam), member=cleo, team=None, parts=[actions.Part(Responsibility.ADMINISTRATOR)], now=now
    )
    assert client.post(reverse("me_leave"), {"sure": "on"}).url == reverse("me")
