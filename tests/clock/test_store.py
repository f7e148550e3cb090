"""What goes wrong with files and databases is said in a sentence that helps, and nothing is made where it should not be."""

from __future__ import annotations

import errno
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from keepwell import store
from keepwell.faults import Refused


@pytest.mark.parametrize(
    ("said", "helps"),
    [
        ("file is not a database", "keepwell restore"),
        ("database disk image is malformed", "keepwell restore"),
        ("attempt to write a readonly database", "right to write"),
        ("unable to open database file", "read and write"),
        ("database or disk is full", "Make room"),
        ("database is locked", "wait for it to end"),
        ('FATAL:  password authentication failed for user "kw"', "KEEPWELL_DATABASE_URL"),
        ('FATAL:  database "kw" does not exist', "createdb"),
        ("permission denied for schema public", "GRANT"),
        ("connection refused. Is the server running", "KEEPWELL_DATABASE_URL"),
        ("something nobody has met", "keepwell check"),
    ],
)
def test_a_database_fault_is_a_sentence(said: str, helps: str) -> None:
    sentence = store.said_of_database(Exception(said))
    assert helps in sentence
    assert sentence[0].isupper()


@pytest.mark.parametrize(
    ("number", "helps"),
    [
        (errno.ENOSPC, "full"),
        (errno.EACCES, "--data"),
        (errno.EROFS, "--data"),
        (errno.ENOTDIR, "folder"),
        (errno.EIO, "--data"),
    ],
)
def test_a_fault_of_files_is_a_sentence(number: int, helps: str, tmp_path: Path) -> None:
    assert helps in store.said_of_files(OSError(number, "whatever"), tmp_path)


def test_a_full_disk_is_refused_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store.shutil, "disk_usage", lambda path: SimpleNamespace(free=store.ENOUGH - 1))
    with pytest.raises(OSError, match="No space left") as found:
        store._folder(tmp_path / "data")
    assert "Make room" in store.said_of_files(found.value, tmp_path)
    assert list((tmp_path / "data").iterdir()) == []


def test_a_folder_that_is_open_to_others_is_closed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    data.chmod(0o755)
    store._folder(data)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KEEPWELL_MASTER_KEY", "KEEPWELL_SECRET_KEY", "KEEPWELL_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_keys_are_made_once_and_kept(tmp_path: Path, bare: None) -> None:
    store._keys(tmp_path)
    first = {path.name: path.read_text() for path in (tmp_path / "keys").iterdir()}
    assert set(first) == {"master.key", "secret.key"}
    store._keys(tmp_path)
    assert {path.name: path.read_text() for path in (tmp_path / "keys").iterdir()} == first


def test_no_key_is_made_for_a_store_that_has_lost_its_own(tmp_path: Path, bare: None) -> None:
    (tmp_path / "keepwell.sqlite3").write_bytes(b"x")
    store._keys(tmp_path)
    assert not (tmp_path / "keys").exists()
    with pytest.raises(Refused, match=r"master key .* is missing"):
        store.ready(tmp_path)


def test_keys_kept_elsewhere_are_not_made_here(tmp_path: Path, bare: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEEPWELL_MASTER_KEY", "1:x")
    monkeypatch.setenv("KEEPWELL_SECRET_KEY_FILE", "/somewhere/else")
    store._keys(tmp_path)
    assert not (tmp_path / "keys").exists()


def test_of_two_who_write_a_key_at_once_the_first_wins(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    store._write_once(path, "first")
    store._write_once(path, "second")
    assert path.read_text() == "first\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["master.key"]
