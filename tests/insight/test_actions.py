"""Taking one's data away and erasing it: ENC-4 and TIS-6."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.apps import apps

from keepwell.insight import actions, queries, tasks
from keepwell.insight.models import Export
from keepwell.insight.rules import archive
from keepwell.people import keyring
from keepwell.people.kinds import PrivateToPerson
from keepwell.people.models import Erasure, Invitation, Member, Person, WrappedKey
from keepwell.people.rules.sealing import Owner
from keepwell.people.viewer import viewer_for
from keepwell.plans.models import Entry
from tests.insight.lived import WORD, live_a_week
from tests.support import Cast

HANDED_OUT_ELSEWHERE = {"insight.Export": "the archive itself", "people.KeptForm": "an hour's keeping of a form, given back by itself"}
IN_THE_EXPORT = {  # table of the store → where the export has it
    "ballots.PersonalSlip": ("ballots", "counted"),
    "measures.CheckIn": ("measures", "check_ins"),
    "notify.Due": ("notify", "due"),
    "notify.Hold": ("notify", "away"),
    "notify.Hours": ("notify", "hours"),
    "notify.Note": ("notify", "notes"),
    "plans.Commitment": ("plans", "commitments"),
    "plans.Emergency": ("plans", "emergency"),
    "plans.Entry": ("plans", "entries"),
    "plans.Plan": ("plans", "plan"),
}


def private_models() -> dict[str, type[PrivateToPerson]]:
    return {model._meta.label: model for model in apps.get_models() if issubclass(model, PrivateToPerson)}


def test_tis_6_every_private_table_is_handed_out(cast: Cast, now: datetime) -> None:
    live_a_week(cast.ada, now)
    everything = queries.everything(cast.ada)
    assert set(private_models()) == set(IN_THE_EXPORT) | set(HANDED_OUT_ELSEWHERE), "a new private table: add it to its room's export"
    for label, (room, table) in IN_THE_EXPORT.items():
        held = private_models()[label].objects.filter(person=cast.ada).count()
        assert held, f"{label}: the week of this test must leave a row there"
        assert len(everything[room][table]) == held, label


def test_an_archive_is_made_once_holds_everything_and_is_gone_after_a_day(cast: Cast, now: datetime) -> None:
    live_a_week(cast.ada, now)
    first = actions.ask_export(by=cast.ada, now=now)
    assert actions.ask_export(by=cast.ada, now=now).id == first.id
    assert tasks.build_exports(now) == 1
    assert tasks.build_exports(now) == 0
    ready = queries.ready_export(viewer_for(cast.ada), first.id, now)
    assert ready is not None
    held = archive.read(ready.archive)
    before = queries.everything(cast.ada)
    before["notify"]["notes"] = [one for one in before["notify"]["notes"] if one["words"]["title"] == WORD]  # the note came after
    held["notify"]["notes"] = [one for one in held["notify"]["notes"] if one["words"]["title"] == WORD]
    held["notify"].pop("messages"), before["notify"].pop("messages")  # and so did the letter
    assert held == before
    assert queries.ready_export(viewer_for(cast.rosa), first.id, now) is None
    assert queries.ready_export(viewer_for(cast.ada), first.id, now + timedelta(hours=25)) is None
    assert actions.drop_old_exports(now=now + timedelta(hours=25)) == 1


def test_an_archive_that_was_begun_and_not_finished_is_begun_again(cast: Cast, now: datetime) -> None:
    export = actions.ask_export(by=cast.ada, now=now)
    Export.objects.filter(id=export.id).update(leased_until=now + timedelta(minutes=9), done=2)
    assert tasks.build_exports(now) == 0
    assert tasks.build_exports(now + timedelta(minutes=10)) == 1


@pytest.mark.parametrize("room, table", sorted(actions.ERASE_ONE))
def test_one_thing_is_erased_by_its_owner_alone(room: str, table: str, cast: Cast, now: datetime) -> None:
    live_a_week(cast.ada, now)

    def standing() -> list[queries.Thing]:
        mine = [shelf for shelf in queries.shelves(viewer_for(cast.ada)) if (shelf.room, shelf.table) == (room, table)]
        return [thing for shelf in mine for thing in shelf.things]

    (thing, *_rest) = standing()
    assert not actions.erase_one(by=cast.rosa, room=room, table=table, row_id=thing.id, now=now)
    assert actions.erase_one(by=cast.ada, room=room, table=table, row_id=thing.id, now=now)
    assert not actions.erase_one(by=cast.ada, room=room, table=table, row_id=thing.id, now=now)
    assert thing.id not in [one.id for one in standing()]


def test_every_shelf_can_be_erased_from() -> None:
    assert {(room, table) for room, table, _title, _of in queries.SHELVES} == set(actions.ERASE_ONE)


def test_erasing_everything_leaves_a_former_colleague_and_nothing_else(cast: Cast, now: datetime) -> None:
    live_a_week(cast.ada, now)
    live_a_week(cast.rosa, now, "rosa-stays")
    ada_id, member = cast.ada.id, Member.objects.get(person=cast.ada)
    assert actions.erase_person(person_id=ada_id, now=now)
    assert not Person.objects.filter(id=ada_id).exists()
    for label, model in private_models().items():
        assert not model.objects.filter(person_id=ada_id).exists(), label
    assert not WrappedKey.objects.filter(owner_id=str(ada_id)).exists()
    member.refresh_from_db()
    assert (member.name, member.person, str(member)) == ("", None, "a former colleague")
    assert member.ended_on is not None
    assert not Invitation.objects.filter(email=cast.ada.email).exists()
    assert Erasure.objects.get(erased_id=ada_id).state == Erasure.DONE
    assert queries.everything(cast.rosa)["plans"]["entries"]
    assert not actions.erase_person(person_id=ada_id, now=now), "a second time there is nothing to erase"


class Stopped(Exception):
    """Stands for kill −9 at this point."""


@pytest.mark.parametrize("step", range(len(actions.ERASE) + 1))
def test_an_erasure_stopped_at_any_step_is_finished_by_the_clock(
    step: int, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_a_week(cast.ada, now)
    ada_id = cast.ada.id

    def stop(**_: object) -> None:
        raise Stopped

    if step < len(actions.ERASE):
        monkeypatch.setattr(actions, "ERASE", (*actions.ERASE[:step], stop))
    else:
        monkeypatch.setattr(keyring, "destroy_key", lambda _owner: stop())
    with pytest.raises(Stopped):
        actions.erase_person(person_id=ada_id, now=now)
    monkeypatch.undo()
    assert Erasure.objects.get(erased_id=ada_id).state == Erasure.BEGUN
    assert actions.finish_erasures(now=now + timedelta(minutes=6)) == 1
    assert not Person.objects.filter(id=ada_id).exists()
    assert not WrappedKey.objects.filter(owner_id=str(ada_id)).exists()
    assert Erasure.objects.get(erased_id=ada_id).state == Erasure.DONE


def test_the_only_administrator_is_asked_to_make_another_first(cast: Cast, now: datetime) -> None:
    with pytest.raises(actions.OnlyAdministrator):
        actions.erase_person(person_id=cast.adam.id, now=now)
    assert Person.objects.filter(id=cast.adam.id).exists()
    assert actions.erase_person(person_id=cast.adam.id, now=now, by_command=True)


def test_enc_4_after_erasing_nothing_opens_what_was_copied_before(cast: Cast, now: datetime) -> None:
    live_a_week(cast.ada, now)
    copied = Entry.objects.get(person=cast.ada)
    raw = copied.__dict__["said"]
    actions.erase_person(person_id=cast.ada.id, now=now)
    assert WORD.encode() not in bytes(raw)
    with pytest.raises(keyring.KeyMissing):
        keyring.data_key(Owner("person", str(copied.person_id)))
    with pytest.raises(keyring.KeyMissing):
        _ = copied.said
