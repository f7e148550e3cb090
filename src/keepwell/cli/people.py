"""`keepwell people import FILE`: invite everybody on a staff list."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import OperationalError

from keepwell.faults import Refused
from keepwell.people import roster
from keepwell.people.models import Agency, Member, Responsibility
from keepwell.people.viewer import Viewer, viewer_for

if TYPE_CHECKING:
    from keepwell.cli import Subparsers


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("people", help="take in a staff list", description="Looks after who is here.")
    verbs = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    intake = verbs.add_parser(
        "import",
        help="invite everybody on a list",
        description="Reads a staff list (CSV with any delimiter and encoding, or XLSX) and invites everybody on it. Columns are found "
        "by name in any order: email, name (or first name, last name), kind (staff or volunteer), programme, team, role "
        "(supervisor, programme staff, manager, administrator, technical administrator; several with ;). Other columns are "
        "left unread, and those about birth, gender, health or pay are named as such. With one wrong line nothing is done.",
        epilog="Exit code: 0 done, 1 something in the list is wrong, 2 used wrongly. Example: keepwell people import staff.xlsx --dry-run",
    )
    intake.add_argument("file", metavar="FILE", type=Path, help="the list")
    intake.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    intake.add_argument("--agency", metavar="SLUG", help="which agency, where the store has several")
    intake.add_argument("--json", action="store_true", help="for a machine to read")
    intake.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if not args.file.is_file():
        raise Refused(f"There is no file {args.file}.", code=2)
    try:
        by = _administrator(args.agency)
        intake = roster.take_in(by=by, source=args.file, now=datetime.now(UTC), dry_run=args.dry_run)
    except OperationalError as fault:
        raise Refused(f"The store can’t be read ({fault}). Run: keepwell check") from fault
    if args.json:
        print(json.dumps({**asdict(intake), "dry_run": args.dry_run}, ensure_ascii=False))
        return 1 if intake.faults else 0
    for note in intake.notes:
        print(f"Note: {note}")
    if intake.faults:
        print(f"Nothing was done. {len(intake.faults)} to mend:")
        for line in intake.faults:
            print(f"  {line}")
        return 1
    would = "Would invite" if args.dry_run else "Invited"
    print(f"{would}: {intake.invited}. Once more: {intake.invited_again}. Here already, left as they are: {intake.here_already}.")
    if intake.left_alone:
        print(f"Invited within the hour, left as they are: {intake.left_alone}.")
    for word, names in (("programmes", intake.new_programmes), ("teams", intake.new_teams)):
        if names:
            print(f"New {word}: {', '.join(names)}")
    if intake.parts:
        print(f"{'Would be' if args.dry_run else 'Are'} given a part:")
        for part in intake.parts:
            print(f"  {part}")
    return 0


def _administrator(slug: str | None) -> Viewer:
    """The agency's longest-standing administrator, in whose name the invitations go out."""
    agencies = list(Agency.objects.filter(slug=slug) if slug else Agency.objects.all()[:2])
    if not agencies:
        known = ", ".join(Agency.objects.order_by("slug").values_list("slug", flat=True)[:20])
        if known:
            raise Refused(f"There is no agency “{slug}”. There are: {known}.", code=2)
        raise Refused("There is no agency yet. Start Keepwell and open it once: the first page makes one.")
    if len(agencies) > 1:
        known = ", ".join(Agency.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise Refused(f"There are several agencies here. Name one with --agency: {known}.", code=2)
    member = (
        Member.objects.filter(agency=agencies[0], ended_on=None, responsibilities__kind=Responsibility.ADMINISTRATOR)
        .exclude(person=None)
        .select_related("person")
        .order_by("began_on", "id")
        .first()
    )
    if member is None or member.person is None:
        raise Refused("The agency has no administrator in whose name to invite.")
    return viewer_for(member.person, str(agencies[0].id))
