"""Backing up and restoring with the real commands on real files: ENC-1, ENC-4, and the worked installation of docs/self-hosting.md."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.house import CANARY, WRITE, House

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]  # each step starts a program, as it does for whoever runs a server


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = House(tmp_path_factory.mktemp("house") / "data")
    house.prepare()
    house.python(WRITE)
    return house


@pytest.fixture
def parts(lived: House, tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    made = lived.keepwell("backup", tmp_path / "kept")
    assert made.returncode == 0, made.stderr
    (store,) = (tmp_path / "kept" / "store").iterdir()
    (keys,) = (tmp_path / "kept" / "keys").iterdir()
    yield store, keys


def empty_house(tmp_path: Path, of: House) -> House:
    return House(tmp_path / "new").with_the_keys_of(of)


def test_enc_1_no_plain_word_rests_anywhere(lived: House, parts: tuple[Path, Path]) -> None:
    everything = lived.raw_bytes() + parts[0].read_bytes() + parts[1].read_bytes()
    assert CANARY.encode() not in everything
    assert len(lived.read()["words"]) == 200


def test_the_two_parts_are_whole_tight_and_without_the_master_key(lived: House, parts: tuple[Path, Path]) -> None:
    master = (lived.data / "keys" / "master.key").read_text().strip().partition(":")[2].encode()
    for part, table in zip(parts, ("people_person", "people_wrappedkey"), strict=True):
        assert stat.S_IMODE(part.stat().st_mode) == 0o600
        assert master not in part.read_bytes()
        with closing(sqlite3.connect(part)) as opened:
            assert opened.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            assert opened.execute(f"SELECT count(*) FROM {table}").fetchone()[0] >= 2
    with closing(sqlite3.connect(parts[0])) as opened:
        assert not opened.execute("SELECT name FROM sqlite_master WHERE name = 'people_wrappedkey'").fetchone()


def test_a_new_machine_has_everything_back_and_everybody_signed_out(lived: House, parts: tuple[Path, Path], tmp_path: Path) -> None:
    house = empty_house(tmp_path, lived)
    done = house.keepwell("restore", parts[0], "--keys", parts[1])
    assert done.returncode == 0, done.stderr
    found = house.read()
    assert found == lived.read() | {"waiting": 0, "sessions": 0}
    assert "Waiting mails withdrawn: 2" in done.stdout
    assert house.keepwell("check").returncode in (0, 1)


def test_enc_4_an_old_store_part_with_the_newest_keys_erases_again(lived: House, parts: tuple[Path, Path], tmp_path: Path) -> None:
    later = empty_house(tmp_path, lived)
    assert later.keepwell("restore", parts[0], "--keys", parts[1]).returncode == 0
    erased = later.keepwell("erase", "ada@example.org", "--reason", "Asked by letter.", "--yes")
    assert erased.returncode == 0, erased.stderr
    assert later.keepwell("backup", tmp_path / "later").returncode == 0
    (newest,) = (tmp_path / "later" / "keys").iterdir()
    again = House(tmp_path / "again").with_the_keys_of(lived)
    done = again.keepwell("restore", parts[0], "--keys", newest)
    assert done.returncode == 0, done.stderr
    found = again.read()
    assert found["people"] == ["rosa"]
    assert len(found["words"]) == 100
    assert found["keys"] == 1


REFUSED = {
    "over a store that is there": ("There is a store here already", lambda parts: [parts[0], "--keys", parts[1]]),
    "the two parts changed round": ("is not the part it should be", lambda parts: [parts[1], "--keys", parts[0], "--replace"]),
    "no such file": ("There is no file", lambda parts: [parts[0].with_name("gone"), "--keys", parts[1]]),
    "no database": ("can't be read as a backup", lambda parts: [_noise(parts[0]), "--keys", parts[1], "--replace"]),
}


def _noise(beside: Path) -> Path:
    path = beside.with_name("noise.sqlite3")
    path.write_bytes(b"not a database, but long enough to look at" * 200)
    return path


@pytest.mark.parametrize("case", REFUSED)
def test_what_can_not_be_restored_is_said_and_nothing_is_changed(case: str, lived: House, parts: tuple[Path, Path]) -> None:
    sentence, words = REFUSED[case]
    before = lived.read()
    done = lived.keepwell("restore", *words(parts))
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert lived.read() == before


def test_with_replace_the_present_store_is_set_aside(lived: House, parts: tuple[Path, Path], tmp_path: Path) -> None:
    house = empty_house(tmp_path, lived)
    assert house.keepwell("restore", parts[0], "--keys", parts[1]).returncode == 0
    done = house.keepwell("restore", parts[0], "--keys", parts[1], "--replace")
    assert done.returncode == 0, done.stderr
    assert len(list(house.data.glob("keepwell.sqlite3.before-*"))) == 1
    assert len(house.read()["words"]) == 200


def test_parts_go_when_their_time_is_over(lived: House, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    old = {"store": ("store-20260101T020000Z.sqlite3", True), "keys": ("keys-20260101T020000Z.sqlite3", True)}
    for part, (name, _goes) in old.items():
        (folder / part).mkdir(parents=True)
        (folder / part / name).write_text("old")
        (folder / part / "a-note.txt").write_text("mine")
    done = lived.keepwell("backup", folder)
    assert done.returncode == 0, done.stderr
    for part, (name, _goes) in old.items():
        assert not (folder / part / name).exists()
        assert (folder / part / "a-note.txt").exists()
        assert len(list((folder / part).glob("*.sqlite3"))) == 1


def test_rotating_the_master_key_leaves_everything_readable(lived: House, parts: tuple[Path, Path], tmp_path: Path) -> None:
    house = empty_house(tmp_path, lived)
    assert house.keepwell("restore", parts[0], "--keys", parts[1]).returncode == 0
    done = house.keepwell("keys", "rotate")
    assert done.returncode == 0, done.stderr
    lines = (house.data / "keys" / "master.key").read_text().split()
    assert [line.partition(":")[0] for line in lines] == ["1", "2"]
    assert stat.S_IMODE((house.data / "keys" / "master.key").stat().st_mode) == 0o600
    (house.data / "keys" / "master.key").write_text(lines[1] + "\n")  # the old line has had its time
    assert len(house.read()["words"]) == 200


def test_erasing_needs_a_reason_a_person_and_a_yes(lived: House) -> None:
    for words in (["nobody@example.org", "--reason", "x", "--yes"], ["rosa@example.org", "--reason", " ", "--yes"]):
        done = lived.keepwell("erase", *words)
        assert done.returncode in (1, 2)
        assert "Nothing was erased" in done.stderr
    assert lived.read()["people"] == ["ada", "rosa"]
