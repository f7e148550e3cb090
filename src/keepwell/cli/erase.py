"""`keepwell erase PERSON --reason TEXT`: for somebody who asked and can't do it themselves."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from keepwell.faults import Refused
from keepwell.insight import actions
from keepwell.notify import actions as notify
from keepwell.people import queries
from keepwell.people.models import Person

if TYPE_CHECKING:
    from keepwell.cli import Subparsers


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "erase",
        help="erase a person who asked for it",
        description="Erases everything of a person, as their own page does, and writes to their address that it was done and "
        "why. It can't be undone.",
        epilog='Example: keepwell erase ada@example.org --reason "Asked by letter on 3 November; lost both passkey and address."',
    )
    parser.add_argument("person", metavar="PERSON", help="the address they sign in with, or their id")
    parser.add_argument("--reason", required=True, help="why this is not done on their own page; they are told")
    parser.add_argument("--yes", action="store_true", help="do not ask again")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if not args.reason.strip():
        raise Refused("Say the reason: the person is told it. Nothing was erased.", code=2)
    person = _find(args.person)
    if person is None:
        raise Refused("There is nobody with that address or id. Nothing was erased.")
    if not args.yes and input(f"Erase everything of {person.email}? Type erase: ").strip() != "erase":
        print("Nothing was erased.")
        return 1
    now = datetime.now(UTC)
    notify.put_message(
        person=None,  # the letter must outlive the person's rows
        to=person.email,
        language=person.language,
        lane="account",
        kind="erased",
        occasion=str(person.id),
        params={"reason": args.reason.strip()[:500]},
        due_at=now,
        now=now,
    )
    actions.erase_person(person_id=person.id, now=now, by_command=True)
    print("Erased. A letter that says so is in the outbox.")
    return 0


def _find(named: str) -> Person | None:
    try:
        return Person.objects.filter(id=UUID(named)).first()
    except ValueError:
        return queries.person_by_email(named)
