"""The same on a real PostgreSQL server: keys in a schema of their own, both parts out and in again with its own programs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.store.house import CANARY, WRITE, House

pytestmark = [pytest.mark.slow, pytest.mark.postgres]


@pytest.fixture
def new_database() -> Iterator[Callable[[str], str]]:
    """`new_database("one")`: the address of an empty database on the suite's server."""
    import psycopg  # only where PostgreSQL is tested

    server, made = os.environ["KEEPWELL_DATABASE_URL"], []

    def make(name: str) -> str:
        with closing(psycopg.connect(server, autocommit=True)) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
            connection.execute(f'CREATE DATABASE "{name}"')
        made.append(name)
        return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))

    yield make
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        for name in made:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def test_both_parts_go_out_and_come_back_into_an_empty_database(new_database: Callable[[str], str], tmp_path: Path) -> None:
    if not shutil.which("pg_dump"):
        pytest.skip("pg_dump is not installed")
    first = House(tmp_path / "first", new_database("keepwell_first"))
    first.prepare()
    first.python(WRITE)
    made = first.keepwell("backup", tmp_path / "kept")
    assert made.returncode == 0, made.stderr
    (store,) = (tmp_path / "kept" / "store").iterdir()
    (keys,) = (tmp_path / "kept" / "keys").iterdir()
    assert CANARY.encode() not in store.read_bytes()
    assert b"people_wrappedkey" not in store.read_bytes()

    refused = first.keepwell("restore", store, "--keys", keys)
    assert refused.returncode == 1
    assert "The database is not empty" in refused.stderr

    second = House(tmp_path / "second", new_database("keepwell_second")).with_the_keys_of(first)
    done = second.keepwell("restore", store, "--keys", keys)
    assert done.returncode == 0, done.stderr
    assert second.read() == first.read() | {"waiting": 0, "sessions": 0}
    assert second.keepwell("check").returncode == 0
