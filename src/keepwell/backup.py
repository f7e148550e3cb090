"""Backups in two parts, and putting them back.

The store part has every row, sealed where it is private; the key part has the wrapped keys and the ledger of erasures. Neither
is of use without the other, and neither without the master key, which is in none of them. Store parts are kept 35 days, key
parts 7: after a week nobody can read what an erased person had written, even in an old store part.

SQLite is copied online by its own backup interface; PostgreSQL by `pg_dump` and `pg_restore`.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess  # nosec B404  # pg_dump and pg_restore, with arguments of our own
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connections

from keepwell.ballots import closing as ballots
from keepwell.faults import Refused
from keepwell.insight import actions as insight
from keepwell.notify import actions as notify
from keepwell.people import actions as people

STORE_KEPT = timedelta(days=35)
KEYS_KEPT = timedelta(days=7)
_STAMP = "%Y%m%dT%H%M%SZ"
_SUFFIX = {"sqlite": ".sqlite3", "postgresql": ".pgdump"}


@dataclass(frozen=True)
class Backup:
    store: Path
    keys: Path
    dropped: list[Path]


def back_up(folder: Path, now: datetime) -> Backup:
    """Write both parts, then drop the parts that have had their time. Safe while Keepwell runs.

    The store goes first: whoever comes between the two has a key and no rows yet; never rows without a key.
    """
    try:
        for part in ("store", "keys"):
            (folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        store = _copy("default", folder / "store", now)
        keys = _copy("keys", folder / "keys", now)
    except (OSError, sqlite3.Error) as fault:
        raise Refused(f"The backup could not be written: {fault}. Nothing was changed; make room or mend the folder's rights.") from fault
    dropped = [*_drop_old(folder / "store", now - STORE_KEPT), *_drop_old(folder / "keys", now - KEYS_KEPT)]
    return Backup(store, keys, dropped)


def _copy(alias: str, folder: Path, now: datetime) -> Path:
    vendor = connections[alias].vendor
    target = folder / f"{'store' if alias == 'default' else 'keys'}-{now.astimezone(UTC).strftime(_STAMP)}{_SUFFIX[vendor]}"
    beside = target.with_suffix(".part")
    if vendor == "sqlite":
        _copy_sqlite(alias, beside)
    else:
        _run(["pg_dump", "--format=custom", "--no-owner", f"--file={beside}", *_schema(alias)], alias)
    os.chmod(beside, 0o600)
    with open(beside, "rb") as written:
        os.fsync(written.fileno())
    beside.replace(target)  # a half-written part never has a part's name
    return target


def _copy_sqlite(alias: str, target: Path) -> None:
    connections[alias].ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connections[alias].connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        sound = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if sound != "ok":
        raise Refused(f"The copy is not sound ({sound}). Look at the disk; earlier backups are untouched.")


def _schema(alias: str) -> list[str]:
    return ["--exclude-schema=keepwell_keys"] if alias == "default" else ["--schema=keepwell_keys"]


def _run(command: list[str], alias: str) -> None:
    config = connections[alias].settings_dict
    where = {"PGHOST": config["HOST"], "PGPORT": config["PORT"], "PGUSER": config["USER"], "PGPASSWORD": config["PASSWORD"]}
    environment = {**os.environ, **{name: str(value) for name, value in where.items() if value}, "PGDATABASE": config["NAME"]}
    try:
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # nosec B603
    except FileNotFoundError as missing:
        raise Refused(f"{command[0]} is not installed. Install PostgreSQL's client programs of your server's version.") from missing
    except subprocess.CalledProcessError as failed:
        raise Refused(f"{command[0]} said: {failed.stderr.strip()}") from failed


def _drop_old(folder: Path, before: datetime) -> list[Path]:
    dropped = []
    for part in sorted(folder.iterdir()):
        taken = taken_at(part)
        if taken is not None and taken < before:
            part.unlink()
            dropped.append(part)
    return dropped


def taken_at(part: Path) -> datetime | None:
    """When a part was taken, from its name; None for a file that is no part."""
    try:
        return datetime.strptime(part.stem.partition("-")[2], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


@dataclass(frozen=True)
class Restored:
    erased: int
    swept: int
    withdrawn: int
    aside: list[Path]


def restore(store: Path, keys: Path, now: datetime, *, replace: bool = False) -> Restored:
    """Put a store part and a key part back, then replay the erasures, before anything is served.

    Take any store part with the newest key part: keys destroyed since stay destroyed. Everybody is signed out, and mail that
    was waiting is withdrawn, since it may have gone out after the backup was taken. With ``replace`` what is there now is set
    aside under a new name, never deleted.
    """
    for part in (store, keys):
        if not part.is_file():
            raise Refused(f"There is no file {part}. Name a store part and, with --keys, the newest key part.")
    aside = _restore_sqlite(store, keys, now, replace) if connections["default"].vendor == "sqlite" else _restore_pg(store, keys)
    erased = insight.replay_erasures(now=now)
    swept = people.sweep_keys(now=now)
    ballots.give_up_overdue(now=now)
    Session.objects.all().delete()
    withdrawn = notify.withdraw_waiting(now=now)
    return Restored(erased, swept, withdrawn, aside)


def _restore_sqlite(store: Path, keys: Path, now: datetime, replace: bool) -> list[Path]:
    aside: list[Path] = []
    targets = {alias: Path(settings.DATABASES[alias]["NAME"]) for alias in ("default", "keys")}
    for part, word in ((store, "people_person"), (keys, "people_wrappedkey")):
        _refuse_if_not_a_part(part, word)
    there = [path for path in targets.values() if path.exists()]
    if there and not replace:
        raise Refused(
            "There is a store here already, and it was left as it is. Restore into an empty folder, or add --replace to set the "
            "present one aside."
        )
    connections.close_all()
    for path in there:
        for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            if name.exists():
                moved = name.with_name(f"{name.name}.before-{now.astimezone(UTC).strftime(_STAMP)}")
                name.rename(moved)
                aside.append(moved)
    for part, alias in ((store, "default"), (keys, "keys")):
        targets[alias].parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(part, targets[alias])
        os.chmod(targets[alias], 0o600)
    return aside


def _refuse_if_not_a_part(part: Path, table: str) -> None:
    try:
        with closing(sqlite3.connect(f"file:{part}?mode=ro", uri=True)) as opened:
            found = opened.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [table]).fetchone()
    except sqlite3.Error as fault:
        raise Refused(f"{part} can't be read as a backup ({fault}). Nothing was changed.") from fault
    if not found:
        raise Refused(f"{part} is not the part it should be. Name the store part first and the key part with --keys.")


def _restore_pg(store: Path, keys: Path) -> list[Path]:
    for alias in ("default", "keys"):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT to_regclass('people_person') IS NOT NULL OR to_regclass('people_wrappedkey') IS NOT NULL")
            if cursor.fetchone()[0]:
                raise Refused("The database is not empty. Make an empty one, name it in KEEPWELL_DATABASE_URL, and restore into it.")
    connections.close_all()
    for part, alias in ((store, "default"), (keys, "keys")):
        name = connections[alias].settings_dict["NAME"]
        # pg_restore makes the schema of the key part itself
        _run(["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={name}", str(part)], alias)
    return []
