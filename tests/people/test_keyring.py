"""ENC-1, ENC-3: what rests in the store is sealed, keys are a store of their own, and rotation can be stopped anywhere."""

from __future__ import annotations

import random
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import connections, transaction

from keepwell.notify import actions as notify
from keepwell.notify.models import Due
from keepwell.people import actions, keyring
from keepwell.people.models import Invitation, WrappedKey
from keepwell.people.rules.sealing import KeyFault, MasterKeys, Owner, SealBroken, master_key_line, new_key
from keepwell.people.viewer import viewer_for
from tests.support import NOW, Cast


def due(person: object, words: str, occasion: str = "one") -> Due:
    return notify.put_due(
        person=person, room="plans", kind="try", occasion=occasion, due_at=NOW, path="/", words={"title": words}, now=NOW
    )


def test_enc_1_the_store_holds_no_plain_word(cast: Cast) -> None:
    words = [f"canary-{uuid.uuid4().hex}" for _ in range(200)]
    for number, word in enumerate(words):
        due(cast.ada, word, str(number))
    table = Due._meta.db_table
    with connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT words FROM {table}")
        raw = b"".join(bytes(row[0]) for row in cursor.fetchall())
    assert not [word for word in words if word.encode() in raw]
    assert {row.words["title"] for row in Due.objects.filter(person=cast.ada, kind="try")} == set(words)


def test_enc_2_bytes_swapped_between_two_people_do_not_open(cast: Cast) -> None:
    mine, theirs = due(cast.ada, "mine"), due(cast.ben, "theirs")
    with connections["default"].cursor() as cursor:
        table = Due._meta.db_table
        key = (lambda one: one.id.hex) if connections["default"].vendor == "sqlite" else (lambda one: one.id)
        cursor.execute(f"UPDATE {table} SET words = (SELECT words FROM {table} WHERE id = %s) WHERE id = %s", [key(mine), key(theirs)])
    with pytest.raises(SealBroken):
        _ = Due.objects.get(id=theirs.id).words


def test_sealed_columns_can_be_neither_searched_nor_set_in_bulk(cast: Cast) -> None:
    row = due(cast.ada, "before")
    row.words = {"title": "after"}
    with pytest.raises(FieldError):
        Due.objects.filter(words="x")
    with pytest.raises(FieldError), transaction.atomic():
        Due.objects.update(words={"title": "x"})
    with pytest.raises(FieldError), transaction.atomic():
        Due.objects.bulk_update([row], ["words"])


def test_a_deferred_sealed_column_opens_when_asked_for(cast: Cast) -> None:
    row = due(cast.ada, "later")
    assert Due.objects.defer("words").get(id=row.id).words == {"title": "later"}


def test_bulk_writes_seal_too(cast: Cast) -> None:
    rows = [
        Due(person=cast.ada, room="plans", kind="try", occasion=str(n), due_at=NOW, path="/", words={"title": f"word {n}"})
        for n in range(3)
    ]
    Due.objects.bulk_create(rows)
    assert sorted(row.words["title"] for row in Due.objects.filter(person=cast.ada, kind="try")) == ["word 0", "word 1", "word 2"]


def test_shared_words_are_sealed_with_the_agencys_key(cast: Cast) -> None:
    by = viewer_for(cast.adam)
    made = actions.invite(by=by, email="new@example.org", name="New", kind="staff", team=None, note="Welcome, Zoë ✨", now=NOW)
    assert Invitation.objects.get(id=made.id).note == "Welcome, Zoë ✨"
    keyring.destroy_key(Owner("agency", str(cast.harbour.id)))
    with pytest.raises(keyring.KeyMissing):
        _ = Invitation.objects.get(id=made.id).note


def test_a_destroyed_key_stops_opening_at_once_even_in_a_running_request(cast: Cast) -> None:
    row = due(cast.ada, "mine")
    with keyring.remembered():
        assert Due.objects.get(id=row.id).words["title"] == "mine"
        keyring.destroy_key(Owner("person", str(cast.ada.id)))
        with pytest.raises(keyring.KeyMissing):
            _ = Due.objects.get(id=row.id).words


class Stopped(Exception):
    """Stands for kill −9 at this point."""


def test_enc_3_rotation_stopped_at_any_point_leaves_every_row_readable(cast: Cast, settings: object, monkeypatch: object) -> None:
    keep = {}
    for _ in range(40):
        owner = Owner("person", str(uuid.uuid4()))
        keyring.make_key(owner)
        keep[owner] = keyring.data_key(owner)
    first = keyring.master_keys().by_version[1]
    settings.KEEPWELL_MASTER_KEY = f"{master_key_line(1, first)}\n{master_key_line(2, new_key())}"
    chance = random.Random(7)
    save = WrappedKey.save
    for _ in range(100):
        left = chance.randint(1, 12)

        def stopping(row: WrappedKey, *args: object, **kwargs: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise Stopped
            save(row, *args, **kwargs)

        monkeypatch.setattr(WrappedKey, "save", stopping)
        with pytest.raises(Stopped), transaction.atomic(using="keys"):
            keyring.rewrap(batch=8)
        assert {owner: keyring.data_key(owner) for owner in keep} == keep
    monkeypatch.setattr(WrappedKey, "save", save)
    assert keyring.rewrap(batch=8) > 0
    assert not WrappedKey.objects.exclude(master_version=2).exists()
    assert {owner: keyring.data_key(owner) for owner in keep} == keep


def test_a_process_that_started_before_the_rotation_finds_the_new_master_key(
    cast: Cast, settings: object, tmp_path: Path, monkeypatch: object
) -> None:
    row = due(cast.ada, "still here")
    path = tmp_path / "master.key"
    path.write_text(master_key_line(1, keyring.master_keys().by_version[1]) + "\n")
    path.chmod(0o600)
    monkeypatch.delenv("KEEPWELL_MASTER_KEY", raising=False)
    settings.MASTER_KEY_PATH = path
    old = settings.KEEPWELL_MASTER_KEY = path.read_text().strip()
    assert keyring.add_master_key(path) == 2
    assert path.stat().st_mode & 0o077 == 0
    keyring.reread()
    keyring.rewrap()
    settings.KEEPWELL_MASTER_KEY = old  # the other process still has what it read at its start
    assert Due.objects.get(id=row.id).words == {"title": "still here"}


def test_a_lost_line_of_the_master_key_says_which(cast: Cast, settings: object) -> None:
    due(cast.ada, "mine")
    settings.MASTER_KEY_PATH = Path("nowhere")
    settings.KEEPWELL_MASTER_KEY = master_key_line(2, new_key())
    with pytest.raises(KeyFault, match="version 1 is missing"):
        keyring.data_key(Owner("person", str(cast.ada.id)))


def test_the_sweep_takes_only_keys_whose_person_is_gone_for_a_day(cast: Cast) -> None:
    alive = Owner("person", str(cast.ada.id))
    gone = {days: str(uuid.uuid4()) for days in (0, 3)}
    for days, owner_id in gone.items():
        row = keyring.make_key(Owner("person", owner_id))
        WrappedKey.objects.filter(id=row.id).update(made_at=NOW.replace(day=NOW.day - days))
    WrappedKey.objects.filter(owner_id=alive.id).update(made_at=NOW.replace(month=1))
    assert actions.sweep_keys(now=NOW, most=3) == 1
    left = set(WrappedKey.objects.values_list("owner_id", flat=True))
    assert gone[3] not in left
    assert {gone[0], alive.id} <= left


def test_the_second_factors_secret_is_sealed(cast: Cast) -> None:
    from allauth.mfa.adapter import get_adapter  # the library is ready only once Django is

    adapter = get_adapter()
    sealed = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert adapter.decrypt(sealed) == "JBSWY3DPEHPK3PXP"


def test_master_keys_of_the_settings_are_whole() -> None:
    assert isinstance(keyring.master_keys(), MasterKeys)
    assert settings.SECRET_KEY not in settings.KEEPWELL_MASTER_KEY
