"""The keys of this process: the master keys from the environment, and the data keys they open.

Data keys lie wrapped in a store of their own (``keys``). A key is made before its owner's first row and destroyed last;
destroying it is what makes an erased person unreadable in every backup. Opened keys are remembered for one request or one
piece of work (``remembered``) and never longer, so that a destroyed key stops opening anything at once.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction

from keepwell.people.keystore import WrappedKey
from keepwell.people.rules.sealing import (
    KeyFault,
    MasterKeys,
    Owner,
    SealBroken,
    master_key_line,
    new_key,
    parse_master_keys,
)

_remembered: ContextVar[dict[Owner, bytes] | None] = ContextVar("keepwell_open_keys", default=None)


class KeyMissing(SealBroken):
    """The owner has no key: never made, or destroyed."""


@lru_cache(maxsize=2)
def _parsed(text: str, secret: str) -> MasterKeys:
    return parse_master_keys(text, not_equal_to=secret)


def master_keys() -> MasterKeys:
    """The master keys as the settings name them; raises ``KeyFault`` with a sentence that says what to do."""
    return _parsed(settings.KEEPWELL_MASTER_KEY, settings.SECRET_KEY)


def reread() -> MasterKeys:
    """Look at the key file again: another process may have rotated the master key since this one started."""
    if not os.environ.get("KEEPWELL_MASTER_KEY") and settings.MASTER_KEY_PATH.is_file():
        settings.KEEPWELL_MASTER_KEY = settings.MASTER_KEY_PATH.read_text().strip()
    return master_keys()


@contextmanager
def remembered() -> Iterator[None]:
    """Within this block each data key is fetched once."""
    if _remembered.get() is not None:
        yield
        return
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def _wrapped(owner: Owner) -> tuple[int, bytes] | None:
    """Version and wrapped key. Asked on every page that shows something of one's own, so it is plain SQL: a tenth of the work."""
    with connections["keys"].cursor() as cursor:
        cursor.execute(
            "SELECT master_version, wrapped FROM people_wrappedkey WHERE owner_kind = %s AND owner_id = %s", [owner.kind, owner.id]
        )
        found: tuple[int, bytes] | None = cursor.fetchone()
    return found


def data_key(owner: Owner) -> bytes:
    """The owner's data key. The house's is made when first needed; a person's or agency's must exist."""
    open_keys = _remembered.get()
    if open_keys is not None and owner in open_keys:
        return open_keys[owner]
    found = _wrapped(owner)
    if found is None and owner.kind == "house":
        row = make_key(owner)
        found = row.master_version, bytes(row.wrapped)
    if found is None:
        raise KeyMissing(f"There is no key for this {owner.kind}.")
    version, wrapped = found
    keys = master_keys()
    if version not in keys.by_version:
        keys = reread()
    key = keys.unwrap(bytes(wrapped), owner, version)
    if open_keys is not None:
        open_keys[owner] = key
    return key


def fetch(owners: Iterable[Owner]) -> frozenset[Owner]:
    """Open many keys with one query a kind and remember them (call within ``remembered``); those that exist."""
    open_keys = _remembered.get()
    if open_keys is None:
        raise RuntimeError("fetch() needs remembered() around it, or the keys would be fetched for nothing.")
    wanted: dict[str, set[str]] = {}
    for owner in owners:
        wanted.setdefault(owner.kind, set()).add(owner.id)
    found = set()
    for kind, ids in wanted.items():
        for row in WrappedKey.objects.filter(owner_kind=kind, owner_id__in=ids):
            open_keys[row.owner] = master_keys().unwrap(bytes(row.wrapped), row.owner, row.master_version)
            found.add(row.owner)
    return frozenset(found)


def make_key(owner: Owner) -> WrappedKey:
    """Make the owner's key, once; a second call returns the first."""
    version, wrapped = master_keys().wrap(new_key(), owner)
    row, _ = WrappedKey.objects.get_or_create(
        owner_kind=owner.kind, owner_id=owner.id, defaults={"master_version": version, "wrapped": wrapped}
    )
    return row


def make_keys(owners: Iterable[Owner]) -> None:
    """Make the keys of many new owners at once."""
    keys = master_keys()
    rows = []
    for owner in owners:
        version, wrapped = keys.wrap(new_key(), owner)
        rows.append(WrappedKey(owner_kind=owner.kind, owner_id=owner.id, master_version=version, wrapped=wrapped))
    WrappedKey.objects.bulk_create(rows, batch_size=500)


def destroy_key(owner: Owner) -> bool:
    """Destroy the owner's key. Everything sealed with it is unreadable from now on; true if there was one."""
    open_keys = _remembered.get()
    if open_keys is not None:
        open_keys.pop(owner, None)
    deleted, _ = WrappedKey.objects.filter(owner_kind=owner.kind, owner_id=owner.id).delete()
    return bool(deleted)


def rewrap(batch: int = 200) -> int:
    """Wrap every data key with the newest master key; the number rewrapped. Stopped at any point, call it again."""
    keys, done = master_keys(), 0
    while True:
        with transaction.atomic(using="keys"):
            rows = list(WrappedKey.objects.exclude(master_version=keys.newest).order_by("id")[:batch])
            for row in rows:
                opened = keys.unwrap(bytes(row.wrapped), row.owner, row.master_version)
                row.master_version, row.wrapped = keys.wrap(opened, row.owner)
                # conditional on what was read, so that two rotations at once can't undo each other
                row.save(update_fields=["master_version", "wrapped"])
        if not rows:
            return done
        done += len(rows)


def add_master_key(path: Path) -> int:
    """Append a new master key to the file, on disk before it is used; its version."""
    text = path.read_text()
    version = parse_master_keys(text).newest + 1
    beside = path.with_suffix(".new")
    with open(beside, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text.rstrip("\n") + "\n" + master_key_line(version, new_key()) + "\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return version


__all__ = [
    "KeyFault",
    "KeyMissing",
    "add_master_key",
    "data_key",
    "destroy_key",
    "fetch",
    "make_key",
    "make_keys",
    "master_keys",
    "remembered",
    "reread",
    "rewrap",
]
