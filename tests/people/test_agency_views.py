"""The agency's pages, by hand: what each person meets there, what a mistake costs (nothing), what nobody may learn."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from keepwell.people import actions
from keepwell.people.actions import Hello
from keepwell.people.models import Agency, Invitation, Member, Person, Programme, Responsibility, TalkTo, Team
from keepwell.people.viewer import viewer_for
from tests import support

Of = Callable[..., Client]


@pytest.fixture(autouse=True)
def at_the_moment(now: datetime) -> None:
    """Every page is asked at `support.NOW`."""


@pytest.fixture
def adam(cast: support.Cast, client_of: Of) -> Client:
    return client_of(cast.adam)


def here(person: Person) -> Member:
    return Member.objects.get(person=person, ended_on=None)


def words(response: Any) -> str:
    """What a page says, without the token that each answer has anew."""
    return re.sub(r'value="\w{64}"', "", " ".join(response.content.decode().split()))


# ---- what each page gives away ----


def test_a_manager_sees_who_is_here_and_neither_invitations_nor_a_way_to_change(
    cast: support.Cast, client_of: Of
) -> None:
    actions.invite(
        by=viewer_for(cast.adam), email="new@demo.example", name="Nia", kind="staff", team=None, now=support.NOW
    )
    said = words(client_of(cast.cleo).get(reverse("agency_people")))
    assert "Ada" in said
    for hidden in ("new@demo.example", "Nia", "Send again", reverse("agency_invite"), str(here(cast.ada).id)):
        assert hidden not in said


@pytest.mark.parametrize("arrived", [True, False])
def test_the_list_of_people_does_not_tell_who_uses_keepwell(cast: support.Cast, client_of: Of, arrived: bool) -> None:
    """The same bytes, whether somebody has ever arrived and signed in or not."""
    page = client_of(cast.cleo)
    before = words(page.get(reverse("agency_people")))
    Person.objects.filter(pk=cast.ada.pk).update(
        arrived_at=support.NOW - timedelta(days=1) if arrived else None, password="!"
    )
    client_of(cast.ada).get(reverse("me"))
    assert words(page.get(reverse("agency_people"))) == before


def test_no_address_stands_on_any_page_of_people(cast: support.Cast, adam: Client) -> None:
    for address in (
        reverse("agency_people"),
        reverse("agency_place", args=[here(cast.ada).id]),
        reverse("agency_end", args=[here(cast.ada).id]),
    ):
        assert "@demo.example" not in words(adam.get(address))


def test_who_has_left_is_on_no_page(cast: support.Cast, adam: Client) -> None:
    lena = Member.objects.get(person=cast.lena)
    assert "Lena" not in words(adam.get(reverse("agency_people")))
    assert adam.get(reverse("agency_place", args=[lena.id])).status_code == 404


def test_a_technical_administrator_meets_the_server_and_no_person(cast: support.Cast, client_of: Of) -> None:
    tess = client_of(cast.tess)
    said = words(tess.get(reverse("agency")))
    assert reverse("agency_country") in said
    assert reverse("agency_people") not in said
    assert tess.get(reverse("agency_people")).status_code == 404


# ---- inviting ----


def invite(client: Client, **more: Any) -> Any:
    return client.post(reverse("agency_invite"), {"email": "new@demo.example", "name": "Nia", "kind": "staff", **more})


def test_an_invitation_from_the_page_to_the_list(cast: support.Cast, adam: Client) -> None:
    given = {
        "team": str(cast.outreach.id),
        "supervises": [str(cast.shelter.id)],
        "answers_for": ["manager"],
        "note": "Glad you come.",
    }
    for _ in range(2):  # a double press
        assert invite(adam, **given).status_code == 302
    one = Invitation.objects.get(agency=cast.harbour)
    assert (one.email, one.team, one.note) == ("new@demo.example", cast.outreach, "Glad you come.")
    assert {part["kind"] for part in one.responsibilities} == {"supervisor", "manager"}
    assert "Nia" in words(adam.get(reverse("agency_people")))


@pytest.mark.parametrize(
    "wrong", [{"email": "nobody"}, {"email": "ada@demo.example"}, {"kind": "boss"}, {"name": "N" * 81}]
)
def test_a_mistake_loses_nothing(cast: support.Cast, adam: Client, wrong: dict[str, str]) -> None:
    answer = invite(adam, **{"note": "Glad you come.", "answers_for": ["manager"], **wrong})
    assert answer.status_code == 422
    said = words(answer)
    assert 'role="alert"' in said
    assert "Glad you come." in said
    assert '<details class="behind mt" open>' in said
    assert not Invitation.objects.exists()


def test_a_team_of_another_agency_is_no_choice(cast: support.Cast, adam: Client) -> None:
    assert invite(adam, team=str(cast.quay_team.id)).status_code == 422
    assert invite(adam, supervises=[str(cast.quay_team.id)]).status_code == 422
    assert not Invitation.objects.exists()


def test_sending_again_and_withdrawing(cast: support.Cast, adam: Client, client_of: Of) -> None:
    invite(adam)
    one = Invitation.objects.get()
    Invitation.objects.update(
        made_at=support.NOW - timedelta(days=8), expires_at=support.NOW - timedelta(days=1), posted_at=support.NOW
    )
    assert "the link has ended" in words(adam.get(reverse("agency_people")))
    for deed in ("agency_send_again", "agency_withdraw"):
        assert client_of(cast.uma).post(reverse(deed, args=[one.id])).status_code == 404
    adam.post(reverse("agency_send_again", args=[one.id]))
    one.refresh_from_db()
    assert (one.posted_at, one.open_at(support.NOW)) == (None, True)
    for _ in range(2):
        assert adam.post(reverse("agency_withdraw", args=[one.id])).status_code == 302
    one.refresh_from_db()
    assert not one.open_at(support.NOW)


# ---- placing, ending ----


def test_placing_and_a_second_tab(cast: support.Cast, adam: Client) -> None:
    address = reverse("agency_place", args=[here(cast.rosa).id])
    given = {"team": str(cast.shelter.id), "looks_after": [str(cast.advocacy.id)]}
    for _ in range(2):
        assert adam.post(address, given).status_code == 302
    assert here(cast.rosa).team == cast.shelter
    assert [one.kind for one in Responsibility.objects.filter(member=here(cast.rosa))] == ["programme-staff"]
    adam.post(reverse("agency_end", args=[here(cast.rosa).id]))
    assert adam.post(address, given).status_code == 404  # the other tab, afterwards


def test_an_administrator_cannot_lock_everybody_out(cast: support.Cast, adam: Client) -> None:
    answer = adam.post(reverse("agency_place", args=[here(cast.adam).id]), {"team": ""})
    assert answer.status_code == 422
    assert "your own administrator part" in words(answer)
    ending = adam.post(reverse("agency_end", args=[here(cast.adam).id]))
    assert ending.status_code == 422
    assert "Nothing was changed" in words(ending)


def test_an_administrator_who_leaves_lands_in_their_own_space(cast: support.Cast, adam: Client) -> None:
    actions.place_member(
        by=viewer_for(cast.adam),
        member=here(cast.ben),
        team=None,
        parts=[actions.Part("administrator")],
        now=support.NOW,
    )
    answer = adam.post(reverse("agency_end", args=[here(cast.adam).id]))
    assert answer.headers["Location"] == reverse("today")
    assert adam.get(reverse("agency")).status_code == 404


@pytest.mark.parametrize("name", ["today", "plans:plan", "measures:checkin", "insight:trends", "me", "me_who_sees"])
def test_whoever_left_keeps_their_own_space(cast: support.Cast, client_of: Of, name: str) -> None:
    assert client_of(cast.lena).get(reverse(name), follow=True).status_code == 200


@pytest.mark.parametrize("name", ["agency", "agency_people", "agency_teams", "agency_rooms", "setup", "agency_import"])
def test_whoever_left_finds_no_agency(cast: support.Cast, client_of: Of, name: str) -> None:
    assert client_of(cast.lena).get(reverse(name)).status_code == 404


# ---- taking in a list ----


def upload(client: Client, content: bytes, name: str = "staff.csv") -> Any:
    file = BytesIO(content)
    file.name = name
    return client.post(reverse("agency_import"), {"file": file})


LIST = b"Email,Name,Team,Date of birth\nx@new.example,Xena Sol,Outreach,1990-01-02\ny@new.example,Yuri Sol,Doorway,1991-01-02\n"


def test_a_list_is_shown_first_and_taken_in_with_one_press(cast: support.Cast, adam: Client) -> None:
    shown = upload(adam, LIST)
    assert shown.status_code == 200
    assert not Invitation.objects.exists()
    assert "Doorway" in words(shown)
    held = shown.context["held"]
    for _ in range(2):
        assert adam.post(reverse("agency_import_now"), {"held": held}).status_code == 302
    assert set(Invitation.objects.values_list("email", "name")) == {
        ("x@new.example", "Xena Sol"),
        ("y@new.example", "Yuri Sol"),
    }
    assert Team.objects.filter(agency=cast.harbour, name="Doorway").count() == 1


def test_the_preview_does_not_hold_what_is_not_read(adam: Client) -> None:
    shown = upload(adam, LIST)
    held = signing.loads(shown.context["held"], salt=f"keepwell.import.{shown.wsgi_request.viewer.agency.id}")
    assert "1990" not in repr(held)
    assert "1990" not in words(shown)


def test_a_preview_opens_in_its_own_agency_only_and_for_an_hour(
    cast: support.Cast, adam: Client, client_of: Of
) -> None:
    held = upload(adam, LIST).context["held"]
    for client, what in ((client_of(cast.uma), held), (adam, held[:-2] + "xx"), (adam, "")):
        answer = client.post(reverse("agency_import_now"), {"held": what})
        assert answer.headers["Location"] == reverse("agency_import")
    assert not Invitation.objects.exists()


def test_wrong_lines_are_listed_and_nothing_is_done(adam: Client) -> None:
    answer = upload(adam, b"email,kind\nx@new.example,staf\nnobody,staff\n")
    assert answer.status_code == 422
    said = words(answer)
    assert "Row 2, column kind" in said
    assert "Row 3, column email" in said
    assert 'name="held"' not in said


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 x", b"email\n" + b"x" * (1024 * 1024)])
def test_what_is_no_list_comes_back_with_a_sentence(adam: Client, content: bytes) -> None:
    assert upload(adam, content).status_code == 422
    assert adam.post(reverse("agency_import"), {}).status_code == 422


def test_teams_changed_since_the_preview_are_told(cast: support.Cast, adam: Client) -> None:
    held = upload(adam, b"email,team\nx@new.example,Shelter\n").context["held"]
    Team.objects.create(agency=cast.harbour, name="Shelter", programme=cast.mentoring)
    answer = adam.post(reverse("agency_import_now"), {"held": held})
    assert answer.status_code == 422
    assert "several programmes" in words(answer)
    assert not Invitation.objects.exists()


# ---- teams, list, settings ----


def test_a_team_is_named_changed_and_closed(cast: support.Cast, adam: Client) -> None:
    for _ in range(2):
        adam.post(reverse("agency_teams"), {"name": "Night line", "programme": str(cast.advocacy.id)})
    night = Team.objects.get(name="Night line")
    address = reverse("agency_team", args=[night.id])
    given = {"name": "Night", "programme": str(cast.mentoring.id), "parent": "", "one_more": str(here(cast.kai).id)}
    assert adam.post(address, given).status_code == 302
    night.refresh_from_db()
    assert (night.name, night.programme) == ("Night", cast.mentoring)
    assert Responsibility.objects.filter(team=night, member=here(cast.kai)).count() == 1
    again = adam.post(address, {**given, "name": "Evening mentors"})
    assert again.status_code == 422
    assert "There is a team of that name" in words(again)
    for _ in range(2):
        assert adam.post(reverse("agency_close_team", args=[night.id])).status_code == 302
    assert adam.get(address).status_code == 404


def test_two_tabs_on_one_team_lose_no_supervisor(cast: support.Cast, adam: Client) -> None:
    address = reverse("agency_team", args=[cast.outreach.id])
    ben, kai, rosa = (str(here(one).id) for one in (cast.ben, cast.kai, cast.rosa))
    given = {"name": "Outreach", "programme": str(cast.advocacy.id), "shown": [ben]}
    adam.post(address, {**given, "supervisors": [ben], "one_more": kai})
    adam.post(address, {**given, "supervisors": [ben], "one_more": rosa})  # a tab from before kai was added
    adam.post(address, {**given, "supervisors": [], "one_more": ""})  # another, in which ben is unticked
    held = Responsibility.objects.filter(team=cast.outreach).values_list("member__person__called", flat=True)
    assert sorted(held) == ["Kai", "Rosa"]


def test_a_programme_is_named_and_renamed(cast: support.Cast, adam: Client) -> None:
    adam.post(reverse("agency_programme"), {"p-name": "Housing"})
    housing = Programme.objects.get(name="Housing")
    address = reverse("agency_rename_programme", args=[housing.id])
    assert adam.post(address, {"name": "Advocacy"}).status_code == 422
    assert adam.post(address, {"name": "Homes"}).status_code == 302
    assert adam.post(reverse("agency_programme"), {"p-name": ""}).status_code == 422
    housing.refresh_from_db()
    assert housing.name == "Homes"


def test_somebody_to_talk_to_is_listed_changed_and_taken_off(cast: support.Cast, adam: Client, client_of: Of) -> None:
    given = {"kind": "counselling", "name": "The line", "hours": "Always"}
    kinds = [slug for slug, _label in adam.get(reverse("agency_talk_to")).context["form"].fields["kind"].choices]
    given["kind"] = kinds[0]
    assert adam.post(reverse("agency_talk_to"), given).status_code == 422  # no way to reach them
    adam.post(reverse("agency_talk_to"), {**given, "phone": "555 0100"})
    entry = TalkTo.objects.get(agency=cast.harbour)
    change = reverse("agency_change_talk_to", args=[entry.id])
    assert client_of(cast.uma).get(change).status_code == 404
    adam.post(change, {**given, "phone": "555 0101"})
    assert TalkTo.objects.get(agency=cast.harbour).phone == "555 0101"
    client_of(cast.uma).post(reverse("agency_drop_talk_to", args=[entry.id]))
    assert TalkTo.objects.filter(agency=cast.harbour).count() == 1
    for _ in range(2):
        assert adam.post(reverse("agency_drop_talk_to", args=[entry.id])).status_code == 302
    assert not TalkTo.objects.filter(agency=cast.harbour).exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [("weather.example", "https://weather.example"), ("javascript:alert(1)", None), ("ftp://x.example", None)],
)
def test_the_exit_page_is_a_page_of_the_web(cast: support.Cast, adam: Client, given: str, kept: str | None) -> None:
    answer = adam.post(
        reverse("agency_country"), {"country": "MX", "zone": "America/Mexico_City", "language": "es", "exit_url": given}
    )
    assert answer.status_code == (302 if kept else 422)
    assert Agency.objects.get(id=cast.harbour.id).exit_url == (kept or "")


def test_a_room_that_is_off_is_off(cast: support.Cast, adam: Client, client_of: Of) -> None:
    adam.post(reverse("agency_rooms"), {"rooms": ["plans"], "words": "advocate"})
    agency = Agency.objects.get(id=cast.harbour.id)
    assert (agency.rooms, agency.words) == (["plans"], "advocate")
    assert adam.post(reverse("agency_rooms"), {"rooms": ["gossip"], "words": "mentor"}).status_code == 422


def test_names_are_shown_as_written_and_never_as_markup(cast: support.Cast, adam: Client) -> None:
    long = "María de los Ángeles <b>Fernández</b> 👩‍🌾 مريم"
    Member.objects.filter(id=here(cast.ada).id).update(name=long)
    said = words(adam.get(reverse("agency_people")))
    assert "&lt;b&gt;Fernández" in said
    assert "<b>Fernández" not in said


def test_two_hundred_people_are_four_pages_and_found_by_name(
    cast: support.Cast, adam: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(200):
        person = Person.objects.create(email=f"p{n}@many.example")
        Member.objects.create(
            agency=cast.harbour, person=person, name=f"Person {n:03}", kind="staff", began_on=support.NOW.date()
        )
    with django_assert_max_num_queries(16):
        first = adam.get(reverse("agency_people"))
    assert len(first.context["page"].object_list) == 50
    found = adam.get(reverse("agency_people"), {"name": "son 19"})
    assert [one.name for one in found.context["page"]] == [f"Person 19{n}" for n in range(10)]
    assert "Nobody here has this" in words(adam.get(reverse("agency_people"), {"name": "zzz"}))


# ---- two agencies ----


def test_whoever_has_two_agencies_goes_from_one_to_the_other(cast: support.Cast, adam: Client) -> None:
    assert "Your other agencies" not in words(adam.get(reverse("agency")))
    actions.add_member(
        agency=cast.quay,
        person=cast.adam,
        kind="staff",
        team=None,
        parts=[actions.Part("manager")],
        now=support.NOW + timedelta(days=1),
    )
    assert "Quay Light" in words(adam.get(reverse("agency")))
    adam.post(reverse("me_other_agency"), {"agency": str(cast.quay.id)})
    said = words(adam.get(reverse("agency_people")))
    assert "Dov" in said
    assert "Rosa" not in said
    assert adam.get(reverse("agency_invite")).status_code == 404  # administrator there, manager here


def test_nobody_goes_to_an_agency_they_have_no_place_in(cast: support.Cast, adam: Client) -> None:
    adam.post(reverse("me_other_agency"), {"agency": str(cast.quay.id)})
    assert "Dov" not in words(adam.get(reverse("agency_people")))


def test_an_invited_address_is_taken_with_its_place(cast: support.Cast, adam: Client) -> None:
    """From the page to the membership; the letter between is the post's."""
    invite(adam, team=str(cast.outreach.id))
    member = actions.take_invitation(
        invitation=Invitation.objects.get(),
        person=None,
        hello=Hello("Nia", support.PASSWORD),
        private_address="nia@home.example",
        now=support.NOW,
    )
    assert (member.team, member.address) == (cast.outreach, "new@demo.example")
    assert invite(adam).status_code == 422  # here already
    assert (
        invite(adam, email="nia@home.example").status_code == 302
    )  # and nothing is given away about the address she added
