"""Makes the store ready before anything is served: folder, keys, tables, static files. Safe to repeat, quick the second time.

`prepare` is called before Django is set up, because the keys must lie in their place when the settings are read. Keys are made
only where there is no store yet: a store whose key is missing is refused with a sentence, for a new key opens nothing of it.
"""

from __future__ import annotations

import base64
import hashlib
import importlib
import json
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.management import call_command
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from keepwell.faults import Refused
from keepwell.people.rules.sealing import master_key_line, new_key

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

ENOUGH = 64 * 1024 * 1024  # bytes that must be free before a store is opened for writing
STAMP = ".made-of"
SQLITE_FILES = ("keepwell.sqlite3", "keys.sqlite3")


def prepare(data: Path | None = None) -> Path:
    """Make the store under ``data`` ready, and Django with it. Raises `Refused` with a sentence that says what to do."""
    os.umask(0o077)
    data = settle(data)
    try:
        _folder(data)
        _keys(data)
    except OSError as fault:
        raise Refused(said_of_files(fault, data)) from fault
    ready(data)
    try:
        _tables()
        ensure_usable()
        _release_key(data)
        _static()
    except (DatabaseError, sqlite3.Error) as fault:
        raise Refused(said_of_database(fault)) from fault
    except OSError as fault:
        raise Refused(said_of_files(fault, data)) from fault
    finally:
        connections.close_all()
    return data


def settle(data: Path | None) -> Path:
    """Where everything lies; tells the settings, which are read after this."""
    chosen = (data or Path(os.environ.get("KEEPWELL_DATA", "data"))).resolve()
    if settings.configured and chosen != settings.DATA:
        raise RuntimeError("The settings were read before the folder of the store was chosen.")
    os.environ["KEEPWELL_DATA"] = str(chosen)
    return chosen


def ready(data: Path) -> None:
    """Set Django up, unless it is; faults in the settings are told before anything is done."""
    if missing := missing_keys(data):
        raise Refused(_lost(*missing[0]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepwell.settings")
    if not apps.ready:
        django.setup()
    if settings.FAULTS:
        raise Refused(" ".join(settings.FAULTS))


# ---- folder and keys ----


def _folder(data: Path) -> None:
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if data.stat().st_uid == os.geteuid():
        data.chmod(0o700)
    if not os.access(data, os.W_OK | os.X_OK):
        raise PermissionError(13, "Permission denied", str(data))
    if shutil.disk_usage(data).free < ENOUGH:
        raise OSError(28, "No space left on device", str(data))


def _keys(data: Path) -> None:
    """Make what is missing, for a store that is yet to be."""
    folder = data / "keys"
    missing = missing_keys(data)
    if missing and there_is_a_store(data):
        return  # `ready` refuses with a sentence
    for path, _setting in missing:
        folder.mkdir(exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        fresh = (
            master_key_line(1, new_key())
            if path.name == "master.key"
            else base64.b64encode(secrets.token_bytes(48)).decode()
        )
        _write_once(path, fresh)


def _release_key(data: Path) -> None:
    """Make the release key where no box was ever sealed that an older one would open. Serving pages needs none."""
    release_key = importlib.import_module("keepwell.ballots.release_key")  # its models need Django, which is ready only now
    if not release_key.is_there() and not release_key.PeriodKey.objects.exists():
        _write_once(settings.RELEASE_KEY_PATH, master_key_line(1, new_key()))


def missing_keys(data: Path) -> list[tuple[Path, str]]:
    """Key files that are not where they belong, each with the setting that may be used instead."""
    belongs = [
        (data / "keys" / "master.key", "KEEPWELL_MASTER_KEY"),
        (data / "keys" / "secret.key", "KEEPWELL_SECRET_KEY"),
    ]
    return [
        (path, setting)
        for path, setting in belongs
        if not path.exists() and not os.environ.get(setting) and not os.environ.get(f"{setting}_FILE")
    ]


def _lost(path: Path, setting: str) -> str:
    if path.name == "master.key":
        return (
            f"There is a store here, but its master key {path} is missing. Put your copy of the file back, or set {setting}. "
            "Nothing was changed; a new key could not open what the old one sealed."
        )
    return (
        f"There is a store here, but its secret key {path} is missing. Put your copy of the file back, or set {setting}. "
        "If there is no copy, write a new one of at least 50 random letters into the file: everybody is signed out, nothing else is lost."
    )


def _write_once(path: Path, text: str) -> None:
    """On disk as a whole or not at all; of two starts at once the first wins."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(beside, "w", opener=lambda name, flags: os.open(name, flags | os.O_EXCL, 0o600)) as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(beside, path)
        except FileExistsError:
            pass
    finally:
        beside.unlink(missing_ok=True)


def there_is_a_store(data: Path) -> bool:
    """Asked before Django is ready, and without making anything."""
    url = os.environ.get("KEEPWELL_DATABASE_URL") or _file_of("KEEPWELL_DATABASE_URL")
    if not url:
        return any((data / name).exists() and (data / name).stat().st_size for name in SQLITE_FILES)
    import psycopg  # only where PostgreSQL is used; an extra

    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            row = connection.execute("SELECT to_regclass('people_person')").fetchone()
            return bool(row and row[0])
    except psycopg.Error as fault:
        raise Refused(said_of_database(fault)) from fault


def _file_of(name: str) -> str:
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_text().strip() if path else ""


# ---- tables and static files ----


def _tables() -> None:
    if connections["keys"].vendor == "postgresql":
        with connections["keys"].cursor() as cursor:
            cursor.execute("CREATE SCHEMA IF NOT EXISTS keepwell_keys")
    for alias in ("default", "keys"):
        if not is_migrated(connections[alias]):
            with _nothing_to_lose_yet(connections[alias]):
                call_command("migrate", database=alias, interactive=False, verbosity=0)
    cache = caches["default"]
    tables = connections["default"].introspection.table_names
    if isinstance(cache, DatabaseCache) and str(settings.CACHES["default"]["LOCATION"]) not in tables():
        call_command("createcachetable", verbosity=0)


@contextmanager
def _nothing_to_lose_yet(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """An empty SQLite store is made without waiting for the disk at each of some hundred steps; the last step waits for all."""
    if connection.vendor != "sqlite" or connection.introspection.table_names():
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    yield
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def ensure_usable() -> None:
    """Keys are whole, both databases answer and are up to date; else a sentence. Changes nothing."""
    keyring = importlib.import_module("keepwell.people.keyring")  # its models need Django, which is ready only now
    try:
        keyring.master_keys()
    except keyring.KeyFault as fault:
        raise Refused(str(fault)) from fault
    try:
        behind = [alias for alias in ("default", "keys") if not is_migrated(connections[alias])]
    except (DatabaseError, sqlite3.Error) as fault:
        raise Refused(said_of_database(fault)) from fault
    finally:
        connections.close_all()
    if behind:
        raise Refused("The store is not up to date with this version. Make a backup, then run: keepwell serve")
    installation = importlib.import_module("keepwell.people.queries").installation()
    if installation is not None and installation.demonstration != settings.DEMO:
        raise Refused(
            "This store was made as a demonstration and stays one. Open it with keepwell demo, or name another folder."
        )


def is_migrated(connection: BaseDatabaseWrapper) -> bool:
    """Is every migration applied that this version knows?"""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _static() -> None:
    """Collected only when a source changed, so that the second start is quick."""
    root = Path(settings.STATIC_ROOT)
    made_of = static_fingerprint()
    stamp = root / STAMP
    if stamp.exists() and stamp.read_text() == made_of:
        return
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(made_of)


def static_fingerprint() -> str:
    """What the static files are made of: name, size and time of every source."""
    seen = []
    for finder in get_finders():
        for path, storage in finder.list(["*.scss"]):
            file = Path(storage.path(path)).stat()
            seen.append((path, file.st_size, file.st_mtime_ns))
    return hashlib.sha256(json.dumps(sorted(seen)).encode()).hexdigest()


# ---- what went wrong, said ----


def said_of_files(fault: OSError, data: Path) -> str:
    where = fault.filename or data
    if fault.errno == 28:
        return f"The disk that holds {where} is full. Make room (at least {ENOUGH // 2**20} MB), then start again. Nothing was lost."
    if fault.errno in (1, 13, 30):
        return f"Keepwell may not write to {where}. Give the account it runs as the right to, or name another folder with --data."
    if fault.errno in (17, 20):
        return f"{where} is a file where a folder is needed. Name another folder with --data."
    return f"{where} can't be used ({fault.strerror}). Mend that, or name another folder with --data."


def said_of_database(fault: Exception) -> str:
    """A sentence for whatever the database said; its own words only where they help and name nobody."""
    words = str(fault).strip()
    low = words.lower()
    if "not a database" in low or "malformed" in low:
        return "The store is not readable: a file of it is damaged or no database. Put the newest backup back: keepwell restore --help"
    if "readonly" in low or "read-only" in low:
        return "The store can't be written to. Give the account Keepwell runs as the right to write to its folder and files."
    if "unable to open" in low:
        return "The store can't be opened. See that its folder is there and that the account Keepwell runs as may read and write it."
    if "full" in low or "no space" in low:
        return "The disk is full. Make room, then start again. What was saved before is safe."
    if "locked" in low:
        return "The store is held by another program. If a backup tool or another Keepwell is writing to it, wait for it to end."
    if "password authentication" in low or "role" in low:
        return "PostgreSQL refuses the name or password in KEEPWELL_DATABASE_URL. Mend the address."
    if "permission denied" in low:
        return "The PostgreSQL role may not create its tables. Once, as its owner: GRANT CREATE ON DATABASE … and ON SCHEMA public TO …"
    if "does not exist" in low:
        return "PostgreSQL has no such database. Make it first (createdb), or mend KEEPWELL_DATABASE_URL."
    if "connect" in low or "refused" in low or "resolve" in low or "translate host" in low or "timeout" in low:
        return "PostgreSQL can't be reached. See that it runs and that KEEPWELL_DATABASE_URL names it."
    return f"The store can't be used ({type(fault).__name__}). keepwell check says more."
