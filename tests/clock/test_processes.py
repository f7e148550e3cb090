"""`serve`, `web`, `clock` and `check` as a person starts and stops them."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.clock.conftest import Scratch, children, is_alive, until
from tests.support import Post

pytestmark = pytest.mark.slow


def _ask(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read().decode()
    except OSError:
        return 0, ""


def _ready(port: int) -> bool:
    return _ask(port, "/readyz")[0] == 200


def test_serve_makes_an_empty_store_ready_and_stops_whole(scratch: Scratch, port: int) -> None:
    process = scratch.keepwell("serve", "--port", str(port))
    until(lambda: _ready(port))
    assert _ask(port, "/healthz") == (200, "ok\n")
    assert json.loads(_ask(port, "/readyz")[1]) == {"ready": True, "reasons": []}
    keys = scratch.data / "keys"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (scratch.data, keys)] == [0o700, 0o700]
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()} == {0o600}
    assert (keys / "master.key").read_text().startswith("1:")
    parts = [pid for child in children(process.pid) for pid in (child, *children(child))]
    assert len(parts) >= 6  # web and its two workers, clock and its two lanes
    process.terminate()
    assert process.wait(timeout=60) == 0
    until(lambda: not any(is_alive(pid) for pid in parts))
    assert process.stdout is not None
    assert f"http://localhost:{port}" in process.stdout.read()


def test_the_second_start_keeps_keys_and_collects_nothing_anew(lived: Scratch, port: int) -> None:
    lived.look()
    stamp = lived.data / "static" / ".made-of"
    before = (stamp.stat().st_mtime_ns, (lived.data / "keys" / "master.key").read_text())
    lived.look()
    assert (stamp.stat().st_mtime_ns, (lived.data / "keys" / "master.key").read_text()) == before


def test_a_killed_lane_is_back_and_nothing_outlives_a_killed_parent(lived: Scratch) -> None:
    process = lived.keepwell("clock")
    lanes = until(lambda: len(found := children(process.pid)) == 2 and found)
    until(lambda: set(lived.look()["beats"]) == {"post", "chores"})
    os.kill(lanes[0], signal.SIGKILL)
    again = until(lambda: len(found := children(process.pid)) == 2 and lanes[0] not in found and found)
    assert lanes[1] in again  # the other lane went on undisturbed
    before = lived.look()["beats"]
    until(lambda: all(at > before[part] for part, at in lived.look()["beats"].items()))
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    until(lambda: not any(is_alive(pid) for pid in again))


def test_the_clock_carries_a_message_by_itself(lived: Scratch, sink: Post) -> None:
    lived.run(lived.worker("fill", "3"))
    lived.keepwell("clock")
    until(lambda: len(sink.mails) == 3)


def test_a_clock_that_stands_still_is_told_to_whoever_watches(lived: Scratch, port: int) -> None:
    lived.keepwell("web", "--port", str(port))
    until(lambda: _ask(port, "/healthz")[0] == 200)
    status, body = _ask(port, "/readyz")
    assert status == 503
    assert json.loads(body)["reasons"] == ["The clock (post) has not started.", "The clock (chores) has not started."]


def test_a_port_in_use_is_a_sentence(scratch: Scratch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        code, out = scratch.run(scratch.keepwell("serve", "--port", str(number)))
    assert code == 1
    assert f"Port {number} is taken" in out
    assert "Traceback" not in out


@pytest.mark.parametrize("verb", ["web", "clock", "check"])
def test_without_a_store_the_parts_say_who_makes_one(scratch: Scratch, verb: str) -> None:
    code, out = scratch.run(scratch.keepwell(verb))
    assert code == 1
    assert "keepwell serve makes one" in out
    assert not scratch.data.exists()


@pytest.mark.parametrize("key", ["master.key", "secret.key"])
@pytest.mark.parametrize("verb", ["serve", "clock", "check"])
def test_a_store_without_its_key_is_refused(lived: Scratch, key: str, verb: str) -> None:
    path = lived.data / "keys" / key
    path.unlink()
    code, out = lived.run(lived.keepwell(verb))
    assert code == 1
    assert "missing" in out
    assert "Traceback" not in out
    assert not path.exists()


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["keepwell.sqlite3", "keys.sqlite3"])
@pytest.mark.parametrize("verb", ["serve", "check"])
def test_a_damaged_store_is_a_sentence(lived: Scratch, name: str, verb: str) -> None:
    for beside in lived.data.glob(f"{name}-*"):
        beside.unlink()
    (lived.data / name).write_bytes(b"this is not a database " * 400)
    code, out = lived.run(lived.keepwell(verb))
    assert code == 1
    assert "damaged" in out
    assert "Traceback" not in out


def test_a_file_in_the_place_of_the_folder_is_a_sentence(scratch: Scratch) -> None:
    scratch.data.write_text("")
    code, out = scratch.run(scratch.keepwell("serve"))
    assert code == 1
    assert "is a file where a folder is needed" in out
    assert "Traceback" not in out


def test_two_first_starts_at_once_make_one_store(scratch: Scratch) -> None:
    both = [scratch.worker("look") for _ in range(2)]
    outs = [scratch.run(process) for process in both]
    assert any(code == 0 for code, _ in outs), outs
    assert scratch.look()["states"] == {}


def test_check_finds_all_well_and_says_what_is_not(lived: Scratch, sink: Post) -> None:
    code, out = lived.run(lived.keepwell("check", "--post"))
    assert (code, "FAULT" in out) == (0, False), out
    assert "the mail server answers" in out
    lived.env["KEEPWELL_EMAIL_URL"] = "smtp://127.0.0.1:1"
    lived.env["KEEPWELL_BASE_URL"] = "http://care.example"
    code, out = lived.run(lived.keepwell("check", "--post", "--json"))
    assert code == 1
    faults: list[dict[str, Any]] = [one for one in json.loads(out) if one["state"] == "fault"]
    assert {one["about"] for one in faults} == {"address", "post"}
    assert all(one["sentence"].endswith((".", "…")) for one in faults)


@pytest.mark.parametrize("words", [("serve", "--port", "many"), ("serve", "--port", "0"), ("web", "--workers", "0")])
def test_used_wrongly_is_two(scratch: Scratch, words: tuple[str, ...]) -> None:
    code, out = scratch.run(scratch.keepwell(*words))
    assert code == 2
    assert "usage:" in out


@pytest.mark.parametrize("verb", ["serve", "web", "clock", "check"])
def test_each_verb_explains_itself(scratch: Scratch, verb: str) -> None:
    code, out = scratch.run(scratch.keepwell(verb, "--help"))
    assert code == 0
    assert "--data" in out
    assert f"keepwell {verb}" in out
    assert not scratch.data.exists()
