"""Every write of this room: asking for one's data, and erasing a person from every room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from keepwell.ballots import actions as ballots
from keepwell.insight.models import Export
from keepwell.insight.queries import EXPORT_LASTS, ROOMS
from keepwell.measures import actions as measures
from keepwell.notify import actions as notify
from keepwell.people import actions as people
from keepwell.people import keyring
from keepwell.people.models import Erasure, Member, Person, Responsibility
from keepwell.people.rules.sealing import Owner
from keepwell.plans import actions as plans

# In this order, top to bottom: the rooms above let go first, the person last. Each step may be repeated.
ERASE = (ballots.erase, plans.erase, measures.erase, notify.erase, people.erase)


@transaction.atomic
def ask_export(*, by: Person, now: datetime) -> Export:
    """Ask for an archive of everything; while one is being made, asking again finds that one."""
    waiting = Export.objects.filter(person=by, state=Export.WAITING).first()
    return waiting or Export.objects.create(person=by, of=len(ROOMS) + 1, asked_at=now)


@transaction.atomic
def drop_export(*, by: Person, export_id: UUID, now: datetime) -> None:
    Export.objects.filter(person=by, id=export_id).delete()


def drop_old_exports(*, now: datetime) -> int:
    return Export.objects.filter(asked_at__lte=now - EXPORT_LASTS).delete()[0]


# Beside `queries.SHELVES`: how one thing of each shelf is erased.
ERASE_ONE: dict[tuple[str, str], Callable[[Person, UUID, datetime], bool]] = {
    ("measures", "check-ins"): lambda by, one, now: measures.erase_check_in(by=by, check_in_id=one, now=now),
    ("plans", "commitments"): lambda by, one, now: plans.erase_commitment(by=by, commitment_id=one, now=now),
    ("plans", "entries"): lambda by, one, now: plans.erase_entry(by=by, entry_id=one, now=now),
    ("plans", "emergency"): lambda by, one, now: plans.erase_emergency(by=by, emergency_id=one, now=now),
    ("notify", "notes"): lambda by, one, now: notify.erase_note(by=by, note_id=one, now=now),
}


def erase_one(*, by: Person, room: str, table: str, row_id: UUID, now: datetime) -> bool:
    """Erase one thing of one's own; false if there is no such thing (any more)."""
    erase = ERASE_ONE.get((room, table))
    return erase(by, row_id, now) if erase else False


class OnlyAdministrator(people.Refused):
    """The person is the only administrator of an agency that has other members."""


def erase_person(*, person_id: UUID, now: datetime, by_command: bool = False) -> bool:
    """Erase a person: ledger, rooms, key, ledger. Stopped at any point, call it again; true if there was anything to erase.

    Not one transaction on purpose: the ledger and the keys are a store of their own, and every step may be repeated. What is
    in backups becomes unreadable with the key; `restore` replays the ledger before anything is served.
    """
    person = Person.objects.filter(id=person_id).first()
    if person is not None and not by_command:
        _refuse_if_only_administrator(person)
    ledger, _made = Erasure.objects.get_or_create(erased_id=person_id, defaults={"begun_at": now})
    if person is not None:
        for erase in ERASE:
            erase(person=person, now=now)
    destroyed = keyring.destroy_key(Owner("person", str(person_id)))
    if ledger.state != Erasure.DONE:
        Erasure.objects.filter(id=ledger.id).update(state=Erasure.DONE, done_at=now)
    return person is not None or destroyed


def replay_erasures(*, now: datetime) -> int:
    """After a restore: erase again whoever had been erased, and finish what a crash left begun. The number erased."""
    ids = list(Erasure.objects.order_by("begun_at").values_list("erased_id", flat=True))
    return sum(erase_person(person_id=one, now=now, by_command=True) for one in ids)


def finish_erasures(*, now: datetime, after: timedelta = timedelta(minutes=5)) -> int:
    """Finish erasures that a crash left begun. The number finished."""
    begun = Erasure.objects.filter(state=Erasure.BEGUN, begun_at__lt=now - after).values_list("erased_id", flat=True)
    return sum(erase_person(person_id=one, now=now, by_command=True) for one in list(begun))


def _refuse_if_only_administrator(person: Person) -> None:
    for member in Member.objects.filter(person=person, ended_on=None, responsibilities__kind=Responsibility.ADMINISTRATOR):
        here = Member.objects.filter(agency=member.agency, ended_on=None).exclude(id=member.id)
        if here.exists() and not here.filter(responsibilities__kind=Responsibility.ADMINISTRATOR).exists():
            raise OnlyAdministrator(
                _("You are the only administrator here. Make somebody else one first, so that the others are not locked out.")
            )
