"""What administrators do, as deeds: safe to repeat, safe in two tabs, and never across agencies."""

from __future__ import annotations

from datetime import timedelta

import pytest

from keepwell.people import actions, queries, upkeep
from keepwell.people.actions import Hello, Part, Refused
from keepwell.people.models import Agency, Invitation, Member, Person, Responsibility, TalkTo, Team
from keepwell.people.viewer import Viewer, viewer_for
from tests import support

NOW = support.NOW


@pytest.fixture
def adam(cast: support.Cast) -> Viewer:
    return viewer_for(cast.adam)


def here(person: Person) -> Member:
    return Member.objects.get(person=person, ended_on=None)


# ---- invitations ----


def test_inviting_twice_is_one_invitation_and_one_letter(cast: support.Cast, adam: Viewer) -> None:
    for _ in range(2):
        one = actions.invite(
            by=adam, email=" New@Demo.example", name="New", kind="staff", team=cast.outreach, note="Hello", now=NOW
        )
        Invitation.objects.filter(id=one.id).update(posted_at=NOW)
    assert Invitation.objects.get(agency=cast.harbour, email="new@demo.example").posted_at == NOW


def test_sending_again_makes_the_link_last_and_needs_an_hour(cast: support.Cast, adam: Viewer) -> None:
    one = actions.invite(by=adam, email="new@demo.example", name="", kind="staff", team=None, now=NOW)
    Invitation.objects.update(posted_at=NOW)
    assert not actions.send_again(by=adam, invitation_id=one.id, now=NOW + timedelta(minutes=59))
    late = NOW + timedelta(days=9)
    assert actions.send_again(by=adam, invitation_id=one.id, now=late)
    one.refresh_from_db()
    assert (one.posted_at, one.open_at(late)) == (None, True)
    for stranger in (cast.uma, cast.cleo, cast.tess):
        assert not actions.send_again(by=viewer_for(stranger), invitation_id=one.id, now=late + timedelta(days=1))


def test_a_team_closed_before_the_invitation_is_taken_gives_no_place_and_no_part(
    cast: support.Cast, adam: Viewer
) -> None:
    parts = [Part("supervisor", team=str(cast.shelter.id)), Part("manager")]
    one = actions.invite(
        by=adam, email="new@demo.example", name="", kind="staff", team=cast.shelter, parts=parts, now=NOW
    )
    upkeep.close_team(by=adam, team_id=cast.shelter.id, now=NOW)
    one.refresh_from_db()
    member = actions.accept_invitation(invitation=one, person=None, hello=Hello("Nia", support.PASSWORD), now=NOW)
    assert member.team is None
    assert {part.kind for part in member.responsibilities.all()} == {"manager"}


# ---- places ----


def test_placing_somebody_whose_place_has_ended_is_refused(cast: support.Cast, adam: Viewer) -> None:
    member = here(cast.rosa)
    actions.end_membership(by=adam, member=member, now=NOW)
    with pytest.raises(Refused):
        actions.place_member(by=adam, member=member, team=cast.shelter, parts=[Part("manager")], now=NOW)
    assert not Responsibility.objects.filter(member=member).exists()


def test_an_agency_is_never_left_without_an_administrator(cast: support.Cast, adam: Viewer) -> None:
    with pytest.raises(Refused):
        actions.end_membership(by=adam, member=here(cast.adam), now=NOW)
    with pytest.raises(Refused):
        actions.place_member(by=adam, member=here(cast.adam), team=None, parts=[], now=NOW)
    assert Responsibility.objects.filter(member=here(cast.adam), kind="administrator").exists()


def test_ending_twice_keeps_the_first_day_and_the_person(cast: support.Cast, adam: Viewer) -> None:
    member = here(cast.ben)
    actions.end_membership(by=adam, member=member, now=NOW)
    actions.end_membership(by=adam, member=member, now=NOW + timedelta(days=3))
    member.refresh_from_db()
    assert member.ended_on == NOW.date()
    assert member.person == cast.ben
    assert viewer_for(cast.ben).agency is None
    assert viewer_for(cast.ben).rooms == {"measures", "plans"}


def test_only_after_erasure_somebody_is_a_former_colleague(cast: support.Cast, adam: Viewer) -> None:
    lena = Member.objects.get(person=cast.lena)
    assert str(lena) == "Lena"
    actions.erase(person=cast.lena, now=NOW)
    lena.refresh_from_db()
    assert (str(lena), lena.address, lena.person) == ("a former colleague", None, None)


def test_nobody_of_another_agency_is_placed_ended_or_named(cast: support.Cast, adam: Viewer) -> None:
    dov = here(cast.dov)
    for deed in (
        lambda: actions.place_member(by=adam, member=dov, team=None, parts=[], now=NOW),
        lambda: actions.end_membership(by=adam, member=dov, now=NOW),
        lambda: upkeep.settle_team(
            by=adam, team=cast.outreach, name="Outreach", programme=None, parent=None, supervisors=[dov], now=NOW
        ),
        lambda: upkeep.settle_team(
            by=adam, team=cast.quay_team, name="X", programme=None, parent=None, supervisors=[], now=NOW
        ),
        lambda: actions.name_team(by=adam, name="X", parent=cast.quay_team, now=NOW),
    ):
        with pytest.raises(Refused):
            deed()


# ---- teams ----


def settle(adam: Viewer, team: Team, **change: object) -> None:
    team.refresh_from_db()
    was = {
        "name": team.name,
        "programme": team.programme,
        "parent": team.parent,
        "supervisors": queries.supervisors_of(adam, team),
    }
    upkeep.settle_team(by=adam, team=team, now=NOW, **{**was, **change})  # type: ignore[arg-type]


def test_a_team_keeps_its_teams_when_it_moves_to_another_programme(cast: support.Cast, adam: Viewer) -> None:
    east = actions.name_team(by=adam, name="Outreach East", parent=cast.outreach, now=NOW)
    assert east.programme == cast.advocacy
    settle(adam, cast.outreach, programme=cast.mentoring)
    east.refresh_from_db()
    assert east.programme == cast.mentoring


def test_teams_never_make_a_ring(cast: support.Cast, adam: Viewer) -> None:
    east = actions.name_team(by=adam, name="Outreach East", parent=cast.outreach, now=NOW)
    for below in (cast.outreach, east):
        with pytest.raises(Refused):
            settle(adam, cast.outreach, parent=below)
    assert {team.name for branch in queries.team_tree(adam) for _depth, team in branch.teams} >= {
        "Outreach",
        "Outreach East",
    }


def test_two_teams_of_one_name_in_a_programme_are_refused(cast: support.Cast, adam: Viewer) -> None:
    with pytest.raises(Refused):
        settle(adam, cast.shelter, name="Outreach")
    settle(adam, cast.evening, name="Outreach")  # of another programme


def test_supervisors_are_set_to_exactly_these(cast: support.Cast, adam: Viewer) -> None:
    settle(adam, cast.outreach, supervisors=[here(cast.kai), here(cast.ada)])
    assert {one.person for one in queries.supervisors_of(adam, cast.outreach)} == {cast.kai, cast.ada}
    settle(adam, cast.outreach, supervisors=[])
    assert queries.supervisors_of(adam, cast.outreach) == []
    assert [one.person for one in queries.supervisors_of(adam, cast.shelter)] == [cast.kai]


def test_a_team_with_people_does_not_close(cast: support.Cast, adam: Viewer) -> None:
    with pytest.raises(Refused):
        upkeep.close_team(by=adam, team_id=cast.outreach.id, now=NOW)
    upkeep.close_team(by=viewer_for(cast.uma), team_id=cast.shelter.id, now=NOW)
    assert Team.objects.get(id=cast.shelter.id).closed_at is None


# ---- the list, the settings ----


def test_the_same_entry_twice_is_one(cast: support.Cast, adam: Viewer) -> None:
    for _ in range(2):
        upkeep.list_to_talk(by=adam, entry=TalkTo(kind="counselling", name="The line", phone="555"), now=NOW)
    assert TalkTo.objects.filter(agency=cast.harbour).count() == 1


def test_a_technical_administrator_sets_the_exit_page_and_no_rooms(cast: support.Cast) -> None:
    upkeep.settle_agency(
        by=viewer_for(cast.tess),
        values={"exit_url": "https://weather.example", "rooms": [], "words": "advocate"},
        now=NOW,
    )
    agency = Agency.objects.get(id=cast.harbour.id)
    assert (agency.exit_url, agency.rooms, agency.words) == ("https://weather.example", ["measures", "plans"], "mentor")


# ---- two agencies ----


def test_who_has_a_place_in_two_agencies_is_one_viewer_at_a_time(cast: support.Cast) -> None:
    actions.add_member(
        agency=cast.quay, person=cast.adam, kind="staff", team=cast.quay_team, parts=[], now=NOW + timedelta(days=1)
    )
    first, second = viewer_for(cast.adam, str(cast.harbour.id)), viewer_for(cast.adam, str(cast.quay.id))
    assert (first.agency, [one.agency for one in first.others]) == (cast.harbour, [cast.quay])
    assert (second.agency, second.held, queries.members(second).count()) == (cast.quay, frozenset(), 0)
