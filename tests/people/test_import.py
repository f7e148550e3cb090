"""Taking in a staff list: real files, all or nothing, and the same however often it is sent."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from keepwell.people import actions, roster
from keepwell.people.models import Invitation, Member, Programme, Responsibility, Team
from keepwell.people.viewer import viewer_for
from tests import support


def take(
    cast: support.Cast, content: str | bytes, *, dry_run: bool = False, later: Any = None, by: Any = None
) -> roster.Intake:
    source = BytesIO(content.encode() if isinstance(content, str) else content)
    return roster.take_in(
        by=by or viewer_for(cast.adam),
        source=source,
        now=support.NOW + later if later else support.NOW,
        dry_run=dry_run,
    )


def invited(cast: support.Cast) -> dict[str, Invitation]:
    return {one.email: one for one in Invitation.objects.filter(agency=cast.harbour)}


LIST = (
    "Email,Name,Kind,Program,Team,Keepwell role\n"
    "x@new.example,Xena Sol,Volunteer,Mentoring,Evening mentors,\n"
    "y@new.example,Yuri,Staff,Housing,Doorway,supervisor\n"
)


def test_a_list_becomes_invitations_programmes_and_teams(cast: support.Cast) -> None:
    done = take(cast, LIST)
    assert (done.invited, done.faults, done.new_programmes, done.new_teams) == (
        2,
        [],
        ["Housing"],
        ["Housing · Doorway"],
    )
    assert done.parts == ["Yuri: Supervisor, Doorway"]
    xena, yuri = invited(cast)["x@new.example"], invited(cast)["y@new.example"]
    doorway = Team.objects.get(agency=cast.harbour, name="Doorway")
    assert (xena.name, xena.kind, xena.team) == ("Xena Sol", Member.VOLUNTEER, cast.evening)
    assert (yuri.team, yuri.responsibilities) == (
        doorway,
        [{"kind": "supervisor", "team": str(doorway.id), "programme": None}],
    )


def test_what_was_offered_is_what_is_given(cast: support.Cast) -> None:
    take(cast, LIST)
    hello = actions.Hello("Yuri", support.PASSWORD)
    member = actions.accept_invitation(
        invitation=invited(cast)["y@new.example"], person=None, hello=hello, now=support.NOW
    )
    assert [(part.kind, part.team.name if part.team else None) for part in member.responsibilities.all()] == [
        ("supervisor", "Doorway")
    ]
    assert member.address == "y@new.example"


def test_a_dry_run_says_the_same_and_does_nothing(cast: support.Cast) -> None:
    before = (Invitation.objects.count(), Programme.objects.count(), Team.objects.count())
    would = take(cast, LIST, dry_run=True)
    assert (Invitation.objects.count(), Programme.objects.count(), Team.objects.count()) == before
    assert take(cast, LIST) == would


def test_one_wrong_line_and_nothing_is_done(cast: support.Cast) -> None:
    done = take(cast, LIST + "not an address,Zoe,,,,\n")
    assert done.faults == ["Row 4, column Email: “not an address” is not an address. Mend it or take the line out."]
    assert done.invited == 0
    assert invited(cast) == {}
    assert not Team.objects.filter(name="Doorway").exists()


def test_sent_again_at_once_it_posts_no_second_letter_and_a_day_later_it_does(cast: support.Cast) -> None:
    take(cast, LIST)
    Invitation.objects.update(posted_at=support.NOW)
    again = take(cast, LIST, later=timedelta(minutes=5))
    assert (again.invited, again.invited_again, again.left_alone) == (0, 0, 2)
    assert not Invitation.objects.filter(posted_at=None).exists()
    later = take(cast, LIST, later=timedelta(days=1))
    assert (later.invited, later.invited_again, later.left_alone) == (0, 2, 0)
    assert Invitation.objects.filter(posted_at=None).count() == 2
    assert len(invited(cast)) == 2


def test_a_changed_line_changes_the_open_invitation(cast: support.Cast) -> None:
    take(cast, "email,team\nx@new.example,Outreach\n")
    changed = take(cast, "email,team\nX@NEW.EXAMPLE,Shelter\n")
    assert (changed.invited, changed.invited_again) == (0, 1)
    assert invited(cast)["x@new.example"].team == cast.shelter


def test_who_is_here_is_left_as_they_are_and_private_addresses_are_not_asked(cast: support.Cast) -> None:
    """An administrator must not be able to find out by a list whether an address is a member's own."""
    EmailAddress.objects.create(user=cast.ada, email="ada.secret@home.example", verified=True)
    done = take(cast, "email\nADA@demo.example\nada.secret@home.example\nlena@demo.example\n", dry_run=True)
    assert (done.here_already, done.invited) == (1, 2)


def test_a_list_of_another_agency_touches_nothing_here(cast: support.Cast) -> None:
    take(cast, "email,programme,team\nnew@quay.example,Advocacy,Outreach\n", by=viewer_for(cast.uma))
    invitation = Invitation.objects.get(email="new@quay.example")
    assert invitation.agency == cast.quay
    assert invitation.team is not None
    assert invitation.team.agency == cast.quay
    assert invited(cast) == {}


@pytest.mark.parametrize("name", ["ada", "ben", "cleo", "tess", "lena"])
def test_only_administrators_take_in_a_list(cast: support.Cast, name: str) -> None:
    with pytest.raises(actions.Refused):
        take(cast, LIST, by=viewer_for(cast.people[name]))


def test_a_closed_team_that_is_named_opens_again(cast: support.Cast) -> None:
    Team.objects.filter(id=cast.shelter.id).update(closed_at=support.NOW)
    take(cast, "email,programme,team\nx@new.example,Advocacy,Shelter\n")
    cast.shelter.refresh_from_db()
    assert cast.shelter.closed_at is None
    assert invited(cast)["x@new.example"].team == cast.shelter


# ---- files as they come ----

ROWS = [
    ["Correo electrónico", "Nombre", "Apellidos", "Equipo", "Edad", "Nº"],
    ["jose@x.example", "José", "Núñez, hijo", "Outreach", "44", "7"],
]


def delimited(delimiter: str, encoding: str) -> bytes:
    def cell(text: str) -> str:
        return f'"{text}"' if delimiter in text or "\n" in text else text

    return "\r\n".join(delimiter.join(cell(text) for text in row) for row in ROWS).encode(encoding)


def book() -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in ROWS:
        sheet.append(row)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


FILES = {
    "comma": delimited(",", "utf-8"),
    "semicolon with a mark of order": delimited(";", "utf-8-sig"),
    "tab, utf-16": delimited("\t", "utf-16"),
    "semicolon, windows": delimited(";", "cp1252"),
    "workbook": book(),
}


@pytest.mark.parametrize("name", FILES)
def test_files_from_any_tool_give_the_same_person(cast: support.Cast, name: str) -> None:
    done = take(cast, FILES[name])
    assert done.faults == []
    jose = invited(cast)["jose@x.example"]
    assert (jose.name, jose.team) == ("José Núñez, hijo", cast.outreach)
    assert any("Edad" in note and "no place" in note for note in done.notes)


def test_a_line_break_in_a_cell_and_a_formula_do_no_harm(cast: support.Cast) -> None:
    done = take(cast, 'email,name\nx@new.example,"Xena\nSol"\ny@new.example,"=HYPERLINK(""http://bad.example"")"\n')
    assert done.faults == []
    assert invited(cast)["x@new.example"].name == "Xena Sol"


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"\x00\x01\x02", b"%PDF-1.7", b"PK\x03\x04 broken", b"email\n", b"just a line"],
)
def test_what_is_no_list_is_said_and_nothing_breaks(cast: support.Cast, content: bytes) -> None:
    done = take(cast, content)
    assert len(done.faults) == 1
    assert done.invited == 0


def test_a_long_list_asks_no_more_of_the_store_than_a_short_one(cast: support.Cast) -> None:
    """Questions grow by handfuls of 500 lines, not by line."""

    def asked(count: int, host: str) -> int:
        lines = "".join(f"p{n}@{host}.example,P{n},Advocacy,Outreach\n" for n in range(count))
        with CaptureQueriesContext(connection) as seen:
            assert take(cast, "email,name,programme,team\n" + lines).invited == count
        return len(seen)

    assert asked(500, "big") <= asked(5, "small") + 20


def test_many_responsibilities_survive_the_way_through_invitation(cast: support.Cast) -> None:
    take(
        cast,
        "email,programme,team,keepwell role\nz@new.example,Advocacy,Shelter,supervisor; programme staff; manager\n",
    )
    hello = actions.Hello("Zed", support.PASSWORD)
    member = actions.accept_invitation(
        invitation=invited(cast)["z@new.example"], person=None, hello=hello, now=support.NOW
    )
    assert {part.kind for part in Responsibility.objects.filter(member=member)} == {
        "supervisor",
        "programme-staff",
        "manager",
    }
