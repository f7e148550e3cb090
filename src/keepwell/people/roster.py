"""Taking in a staff list: all of it or nothing of it. The reading is in `rules.roster`; here are the rows and the sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from keepwell.kit import sheets
from keepwell.people import actions, policy
from keepwell.people.models import Member, Programme, Responsibility, Team
from keepwell.people.rules import roster
from keepwell.people.viewer import Viewer


@dataclass(frozen=True)
class Intake:
    """What taking in a list did, or with ``dry_run`` would do."""

    invited: int = 0
    invited_again: int = 0  # an open invitation goes out once more
    left_alone: int = 0  # invited within the hour, and nothing has changed
    here_already: int = 0  # have a place in the agency; left as they are
    new_programmes: list[str] = field(default_factory=list)
    new_teams: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)  # who is given which responsibility, a sentence each
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Reading:
    """A list that has been read: what it says, and what there is to say about the file."""

    roster: roster.Roster = field(default_factory=roster.Roster)
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read(source: Path | BinaryIO) -> Reading:
    """Read a file; one that is no table has a fault, in a sentence."""
    try:
        with sheets.read(source) as sheet:
            found = roster.read(sheet.headers, ((row.number, row.cells) for row in sheet.rows))
            notes = list(sheet.notes)
    except sheets.SheetError as error:
        return Reading(faults=[str(fault) for fault in error.faults])
    for columns, words in (
        (found.never, _("Not read, because Keepwell has no place for it: %(columns)s.")),
        (found.foreign, _("Left unread, because none of its words is one of Keepwell’s: %(columns)s.")),
        (found.unread, _("Columns left unread: %(columns)s.")),
    ):
        if columns:
            notes.append(words % {"columns": ", ".join(roster.tidy(one) for one in columns)})
    return Reading(found, notes, [sentence(wrong) for wrong in found.wrong])


def take_in(*, by: Viewer, source: Path | BinaryIO, now: datetime, dry_run: bool = False) -> Intake:
    """Invite everybody on a list, making the programmes and teams it names. With one fault nothing is done at all."""
    return take_in_reading(by=by, reading=read(source), now=now, dry_run=dry_run)


@transaction.atomic
def take_in_reading(*, by: Viewer, reading: Reading, now: datetime, dry_run: bool = False) -> Intake:
    """The same with a list that was read before; ``dry_run`` changes nothing."""
    if not policy.may_manage_people(by) or by.agency is None:
        raise actions.Refused(_("Inviting people is for administrators of the agency."))
    if reading.faults:
        return Intake(faults=reading.faults, notes=reading.notes)
    here = set(Member.objects.filter(agency=by.agency, ended_on=None).exclude(address=None).values_list("address", flat=True))
    newcomers = [one for one in reading.roster.newcomers if one.email not in here]
    programmes = {one.name: one for one in Programme.objects.filter(agency=by.agency)}
    open_teams = Team.objects.filter(agency=by.agency, closed_at=None).select_related("programme")
    teams: dict[roster.Spot, Team] = {(one.programme.name if one.programme else "", one.name): one for one in open_teams}
    places = roster.find_places(newcomers, programmes, teams, reading.roster.names.get("team", ""))
    if places.wrong:
        return Intake(faults=[sentence(wrong) for wrong in places.wrong], notes=reading.notes)
    said = Intake(
        here_already=len(reading.roster.newcomers) - len(newcomers),
        new_programmes=places.new_programmes,
        new_teams=[" · ".join(name for name in spot if name) for spot in places.new_teams],
        parts=_parts_in_words(newcomers, places),
        notes=reading.notes,
    )
    for name in places.new_programmes:
        programmes[name] = actions.name_programme(by=by, name=name, now=now)
    for programme, team in places.new_teams:
        teams[programme, team] = actions.name_team(by=by, name=team, programme=programmes.get(programme), now=now)
    wanted = [_wanted(one, places.of_row[one.row], programmes, teams) for one in newcomers]
    sent = actions.invite_all(by=by, wanted=wanted, now=now)
    if dry_run:  # done and taken back: what is said is what would be
        transaction.set_rollback(True)
    return replace(said, invited=sent.new, invited_again=sent.again, left_alone=len(newcomers) - sent.new - sent.again)


def _wanted(
    one: roster.Newcomer, spot: roster.Spot, programmes: dict[str, Programme], teams: dict[roster.Spot, Team]
) -> actions.Wanted:
    programme, team = programmes.get(spot[0]), teams.get(spot)
    parts = [
        actions.Part(
            role,
            team=str(team.id) if team and role == Responsibility.SUPERVISOR else None,
            programme=str(programme.id) if programme and role == Responsibility.PROGRAMME_STAFF else None,
        )
        for role in one.roles
    ]
    return actions.Wanted(one.email, one.name, one.kind, team, parts)


def _parts_in_words(newcomers: Sequence[roster.Newcomer], places: roster.Places) -> list[str]:
    """Whoever checks a list must see who would be given a view of others: a job title may have been taken for a part."""
    called = dict(Responsibility.KINDS)
    told = []
    for one in newcomers:
        programme, team = places.of_row[one.row]
        of = {Responsibility.SUPERVISOR: team, Responsibility.PROGRAMME_STAFF: programme}
        for role in one.roles:
            part = f"{called[role]}, {of[role]}" if of.get(role) else str(called[role])
            told.append(_("%(name)s: %(part)s") % {"name": one.name or one.email, "part": part})
    return told


def sentence(wrong: roster.Wrong) -> str:
    """What is wrong with a line, where, and what to do; in the reader's language."""
    said = {
        "no-email-column": _(
            "No column is called “email”. The first row says: %(found)s. If a title stands above the column names, take it out; "
            "else name the column with the addresses email."
        ),
        "no-header": _("The first row looks like a person. Put a row with column names above it, such as email, name, team."),
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
        "which-team": _("There is a team “%(found)s” in several programmes. Write which one in the column programme."),
        "staff-without-programme": _("Programme staff need the programme in the column programme."),
    }[wrong.rule] % {"found": wrong.found}
    if not wrong.row:
        return said
    if not wrong.column:
        return _("Row %(row)s: %(said)s") % {"row": wrong.row, "said": said}
    return _("Row %(row)s, column %(column)s: %(said)s") % {"row": wrong.row, "column": wrong.column, "said": said}
