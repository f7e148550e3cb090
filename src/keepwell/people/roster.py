"""Taking in a staff list: all of it or nothing of it. The reading is in `rules.roster`; here are the rows and the sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from keepwell.kit import sheets
from keepwell.people import actions, policy
from keepwell.people.models import Invitation, Member, Programme, Responsibility, Team
from keepwell.people.rules import roster
from keepwell.people.viewer import Viewer


@dataclass(frozen=True)
class Intake:
    """What taking in a list did, or with ``dry_run`` would do."""

    invited: int
    invited_again: int  # an open invitation was renewed
    here_already: int  # have a place in the agency; left as they are
    new_programmes: list[str]
    new_teams: list[str]
    faults: list[str]
    notes: list[str]


def read_sheet(source: Path | IO[bytes]) -> tuple[roster.Roster, list[str]]:
    """The list and what was odd about the file; a file that is no table gives a roster with one fault sentence."""
    with sheets.read(source) as sheet:
        read = roster.read(sheet.headers, ((row.number, row.cells) for row in sheet.rows))
        return read, list(sheet.notes)


def take_in(*, by: Viewer, source: Path | IO[bytes], now: datetime, dry_run: bool = False) -> Intake:
    """Invite everybody on a list, making the programmes and teams it names. With one fault nothing is done at all."""
    if not policy.may_manage_people(by) or by.agency is None:
        raise actions.Refused(_("Inviting people is for administrators of the agency."))
    try:
        read, notes = read_sheet(source)
    except sheets.SheetError as error:
        return Intake(0, 0, 0, [], [], [str(fault) for fault in error.faults], [])
    notes += [_("Not read, because Keepwell has no place for it: %(columns)s.") % {"columns": ", ".join(read.never)}] if read.never else []
    notes += [_("Columns left unread: %(columns)s.") % {"columns": ", ".join(read.unread)}] if read.unread else []
    if read.wrong:
        return Intake(0, 0, 0, [], [], [sentence(wrong) for wrong in read.wrong], notes)
    with transaction.atomic():
        intake = _write(by, read.newcomers, notes, now)
        if dry_run:
            transaction.set_rollback(True)
    return intake


def _write(by: Viewer, newcomers: list[roster.Newcomer], notes: list[str], now: datetime) -> Intake:
    assert by.agency is not None  # checked by take_in  # nosec B101
    here = set(
        Member.objects.filter(agency=by.agency, ended_on=None, person__email__in=[one.email for one in newcomers]).values_list(
            "person__email", flat=True
        )
    )
    waiting = set(Invitation.objects.filter(agency=by.agency, accepted_at=None, withdrawn_at=None).values_list("email", flat=True))
    programmes = {one.name.casefold(): one for one in Programme.objects.filter(agency=by.agency)}
    teams = {(one.programme_id, one.name.casefold()): one for one in Team.objects.filter(agency=by.agency, closed_at=None)}
    new_programmes: list[str] = []
    new_teams: list[str] = []
    invited = again = 0
    for one in newcomers:
        if one.email in here:
            continue
        programme = team = None
        if one.programme:
            programme = programmes.get(one.programme.casefold())
            if programme is None:
                programme = actions.name_programme(by=by, name=one.programme, now=now)
                programmes[one.programme.casefold()] = programme
                new_programmes.append(one.programme)
        if one.team:
            key = (programme.id if programme else None, one.team.casefold())
            team = teams.get(key)
            if team is None:
                team = actions.name_team(by=by, name=one.team, programme=programme, now=now)
                teams[key] = team
                new_teams.append(one.team)
        parts = [
            actions.Part(
                role,
                team=str(team.id) if team and role == Responsibility.SUPERVISOR else None,
                programme=str(programme.id) if programme and role == Responsibility.PROGRAMME_STAFF else None,
            )
            for role in one.roles
        ]
        actions.invite(
            by=by,
            email=one.email,
            name=one.name,
            kind=one.kind,
            team=team,
            parts=parts,
            now=now,
        )
        again += one.email in waiting
        invited += one.email not in waiting
    return Intake(invited, again, len(here), new_programmes, new_teams, [], notes)


def sentence(wrong: roster.Wrong) -> str:
    """What is wrong with a line, where, and what to do; in the reader's language."""
    said = {
        "no-email-column": _("No column is called “email”. Found: %(found)s. Name one of them email."),
        "nobody": _("There is nobody on this list: no line under the header."),
        "no-email": _("The address is empty. Add it or take the line out."),
        "not-an-email": _("“%(found)s” is not an address. Mend it or take the line out."),
        "twice": _("The same address stands in row %(found)s already. Take one of them out."),
        "long-name": _("“%(found)s…” is longer than 80 letters. Shorten it."),
        "long-place": _("“%(found)s…” is longer than 120 letters. Shorten it."),
        "unknown-kind": _("“%(found)s” is neither staff nor volunteer. Write one of the two."),
        "unknown-role": _(
            "“%(found)s” is not a role here. Use supervisor, programme staff, manager, administrator or technical administrator, "
            "or leave it empty."
        ),
        "supervisor-without-team": _("A supervisor needs the team in the column team."),
        "staff-without-programme": _("Programme staff need the programme in the column programme."),
    }[wrong.rule] % {"found": wrong.found}
    if not wrong.row:
        return said
    if not wrong.column:
        return _("Row %(row)s: %(said)s") % {"row": wrong.row, "said": said}
    return _("Row %(row)s, column %(column)s: %(said)s") % {"row": wrong.row, "column": wrong.column, "said": said}
