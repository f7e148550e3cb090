"""Arriving: four screens from the link to Today, nothing taken by reading, nothing taken twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import signing
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from keepwell.people import actions, queries
from keepwell.people.models import Installation, Invitation, Member, Person, Responsibility
from keepwell.people.viewer import viewer_for
from tests import support

PASSWORD = "three words in a row"


@pytest.fixture(autouse=True)
def no_old_limits(db: None) -> None:
    cache.clear()
    Installation.objects.update_or_create(defaults={"hosted_by": "Coastal Coalition", "made_at": support.NOW})


def invited(cast: support.Cast, email: str = "new@demo.example", **more: Any) -> tuple[Invitation, str]:
    row = actions.invite(
        by=viewer_for(cast.adam),
        email=email,
        name=more.pop("name", "Nia Okafor"),
        kind=Member.STAFF,
        team=cast.outreach,
        now=support.NOW,
        **more,
    )
    return row, actions.invitation_token(row)


def at_key(token: str) -> Client:
    client = Client()
    client.post(reverse("arrive_go_on", args=[token]))
    return client


def test_three_screens_then_today(cast: support.Cast, now: datetime) -> None:
    invitation, token = invited(cast, note="Good to have you.")
    client = Client()
    first = client.get(reverse("arrive", args=[token]))
    assert first.status_code == 200
    for words in ("Harbour Street", "Good to have you.", "Coastal Coalition", "1 of 3"):
        assert words in first.content.decode()

    went_on = client.post(reverse("arrive_go_on", args=[token]))
    assert went_on.url == reverse("arrive_key", args=[token])
    assert "new@demo.example" in client.get(went_on.url).content.decode()

    sent = {"password": PASSWORD, "private_address": "Nia@Home.example", "way": "password"}
    took = client.post(went_on.url, sent)
    assert took.url == reverse("arrive_you")
    page = client.get(took.url).content.decode()
    assert "3 of 3" in page
    assert 'value="Nia Okafor"' in page

    done = client.post(took.url, {"called": "Nia", "language": "es", "zone": "America/Chicago", "week_start": "6"})
    assert done.url == reverse("today")
    person = Person.objects.get(email="new@demo.example")
    assert (person.called, person.language, person.zone, person.week_start) == ("Nia", "es", "America/Chicago", 6)
    assert person.arrived_at == now
    assert person.check_password(PASSWORD)
    addresses = {one.email: (one.verified, one.primary) for one in EmailAddress.objects.filter(user=person)}
    assert addresses == {"new@demo.example": (True, True), "nia@home.example": (False, False)}
    member = Member.objects.get(person=person)
    assert (member.agency, member.team, member.kind, member.name) == (
        cast.harbour,
        cast.outreach,
        Member.STAFF,
        "Nia Okafor",
    )
    assert client.get(reverse("today")).wsgi_request.user.pk == person.pk


def test_reading_the_link_changes_nothing(cast: support.Cast, now: datetime) -> None:
    invitation, token = invited(cast)
    people = Person.objects.count()
    for _ in range(3):
        Client().get(reverse("arrive", args=[token]))
        Client().head(reverse("arrive", args=[token]))
        assert Client().get(reverse("arrive_go_on", args=[token])).status_code == 405
        assert Client().get(reverse("arrive_take", args=[token])).status_code == 405
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert Person.objects.count() == people


def test_the_key_page_asks_for_the_first_screen(cast: support.Cast, now: datetime) -> None:
    _row, token = invited(cast)
    assert Client().get(reverse("arrive_key", args=[token])).url == reverse("arrive", args=[token])
    posted = Client().post(reverse("arrive_key", args=[token]), {"password": PASSWORD, "way": "password"})
    assert posted.url == reverse("arrive", args=[token])
    assert not Person.objects.filter(email="new@demo.example").exists()


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "Make it at least 10 characters long."),
        ("password123", "Many people use this one"),
        ("new@demo.example", "too close to your name or address"),
    ],
)
def test_a_weak_password_is_told_kindly_and_the_rest_is_kept(
    cast: support.Cast, now: datetime, password: str, said: str
) -> None:
    invitation, token = invited(cast)
    page = at_key(token).post(
        reverse("arrive_key", args=[token]),
        {"password": password, "private_address": "nia@home.example", "way": "password"},
    )
    assert page.status_code == 200
    assert said in page.content.decode()
    assert "nia@home.example" in page.content.decode()
    assert password not in page.content.decode().replace("new@demo.example", "") or password == "new@demo.example"
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_sent_twice_is_one_person_and_one_place(cast: support.Cast, now: datetime) -> None:
    _row, token = invited(cast)
    client, address = at_key(token), reverse("arrive_key", args=[token])
    second_tab = at_key(token)
    sent = {"password": PASSWORD, "way": "password"}
    client.post(address, sent)
    assert client.post(address, sent).url == reverse("arrive_you")
    assert second_tab.post(address, {"password": "another long one", "way": "password"}).url == reverse("arrive_you")
    assert second_tab.get(reverse("arrive_you")).url.startswith(reverse("account_login"))
    person = Person.objects.get(email="new@demo.example")
    assert person.check_password(PASSWORD)
    assert Member.objects.filter(person=person).count() == 1


def test_a_link_that_opens_nothing_says_what_to_do(cast: support.Cast, now: datetime) -> None:
    _used, used = invited(cast, "used@demo.example")
    at_key(used).post(reverse("arrive_key", args=[used]), {"password": PASSWORD, "way": "password"})
    taken_back, back = invited(cast, "back@demo.example")
    actions.withdraw_invitation(by=viewer_for(cast.adam), invitation_id=taken_back.id, now=now)
    old, expired = invited(cast, "old@demo.example")
    Invitation.objects.filter(pk=old.pk).update(expires_at=now - timedelta(seconds=1))
    forged = signing.dumps("00000000-0000-0000-0000-000000000000", salt=queries.INVITATION_SALT)
    for token in (used, back, expired, forged, "no-token-at-all", used[:-1] + "x"):
        page = Client().get(reverse("arrive", args=[token]))
        assert page.status_code == 404
        assert "ask the person who invited you for a new one" in page.content.decode()
        assert Client().post(reverse("arrive_go_on", args=[token])).url == reverse("arrive", args=[token])


def test_who_took_it_and_opens_the_letter_again_is_led_to_today(cast: support.Cast, now: datetime) -> None:
    _row, token = invited(cast)
    client = at_key(token)
    client.post(reverse("arrive_key", args=[token]), {"password": PASSWORD, "way": "password"})
    assert client.get(reverse("arrive", args=[token])).url == reverse("today")


def test_whoever_sees_others_adds_a_second_key_in_between(cast: support.Cast, now: datetime) -> None:
    _row, token = invited(cast, parts=[actions.Part(Responsibility.SUPERVISOR, team=str(cast.outreach.id))])
    client = Client()
    assert "1 of 4" in client.get(reverse("arrive", args=[token])).content.decode()
    client.post(reverse("arrive_go_on", args=[token]))
    took = client.post(reverse("arrive_key", args=[token]), {"password": PASSWORD, "way": "password"})
    assert took.url == reverse("second_factor")
    assert client.get(took.url).status_code == 200
    assert client.get(reverse("today")).url == reverse("second_factor")
    assert client.get(reverse("me")).url == reverse("second_factor")
    # the password was chosen a moment ago, so it is not asked for again
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_by_passkey_nobody_has_a_password(cast: support.Cast, now: datetime) -> None:
    _row, token = invited(cast)
    client = at_key(token)
    took = client.post(reverse("arrive_key", args=[token]), {"password": "", "way": "passkey"})
    assert took.url == reverse("mfa_add_webauthn")
    assert not Person.objects.get(email="new@demo.example").has_usable_password()
    page = client.get(took.url)
    assert page.status_code == 200
    assert reverse("account_set_password") in page.content.decode()


def test_somebody_known_signs_in_first_and_joins_by_one_press(
    cast: support.Cast, now: datetime, client_of: Any
) -> None:
    invitation, token = invited(cast, cast.dov.email)
    address = reverse("arrive", args=[token])
    assert f"{reverse('account_login')}?next=" in Client().get(address).content.decode()
    assert (
        at_key(token).post(reverse("arrive_key", args=[token]), {"password": PASSWORD, "way": "password"}).url
        == address
    )

    somebody_else = client_of(cast.rosa)
    assert "for another address" in somebody_else.get(address).content.decode()
    assert somebody_else.post(reverse("arrive_take", args=[token])).url == address
    invitation.refresh_from_db()
    assert invitation.accepted_at is None

    dov = client_of(cast.dov)
    assert reverse("arrive_take", args=[token]) in dov.get(address).content.decode()
    for _ in range(2):
        assert dov.post(reverse("arrive_take", args=[token])).status_code == 302
    assert Member.objects.filter(person=cast.dov, ended_on=None).count() == 2
    assert dov.get(reverse("me_who_sees")).wsgi_request.viewer.agency == cast.harbour


def test_stopped_half_way_signing_in_leads_back(cast: support.Cast, now: datetime) -> None:
    _row, token = invited(cast)
    at_key(token).post(reverse("arrive_key", args=[token]), {"password": PASSWORD, "way": "password"})
    later = Client()
    back = later.post(reverse("account_login"), {"login": "new@demo.example", "password": PASSWORD})
    assert back.url == reverse("arrive_you")


def test_the_agency_learns_a_name_where_nobody_gave_one(cast: support.Cast, now: datetime) -> None:
    _row, token = invited(cast, name="")
    client = at_key(token)
    client.post(reverse("arrive_key", args=[token]), {"password": PASSWORD, "way": "password"})
    assert 'value="new"' not in client.get(reverse("arrive_you")).content.decode()
    client.post(reverse("arrive_you"), {"called": "Nia", "language": "en", "zone": "UTC", "week_start": "0"})
    assert Member.objects.get(person__email="new@demo.example").name == "Nia"


@pytest.mark.parametrize("wrong", [{"zone": "Mars/Olympus"}, {"language": "xx"}, {"week_start": "3"}, {"called": ""}])
def test_nonsense_on_the_last_screen_is_refused_and_kept(
    cast: support.Cast, now: datetime, wrong: dict[str, str]
) -> None:
    _row, token = invited(cast)
    client = at_key(token)
    client.post(reverse("arrive_key", args=[token]), {"password": PASSWORD, "way": "password"})
    told = {"called": "Nía ✨", "language": "en", "zone": "UTC", "week_start": "0"} | wrong
    page = client.post(reverse("arrive_you"), told)
    assert page.status_code == 200
    assert told["called"] in page.content.decode()
    assert Person.objects.get(email="new@demo.example").arrived_at is None


def test_a_week_later_the_link_is_shut(cast: support.Cast, now: datetime) -> None:
    _row, token = invited(cast)
    with time_machine.travel(now + actions.INVITATION_LASTS, tick=False):
        assert Client().get(reverse("arrive", args=[token])).status_code == 404
