"""A scratch store of its own for each test, and real processes over it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.support import free_port, open_post

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Scratch:
    """Where a store lies, and how to run Keepwell on it."""

    data: Path
    env: dict[str, str]
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *words: str, **more: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env={**self.env, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.running.append(process)
        return process

    def keepwell(self, *words: str, **more: str) -> subprocess.Popen[str]:
        return self.start("-m", "keepwell.cli", *words, **more)

    def worker(self, *words: str, **more: str) -> subprocess.Popen[str]:
        return self.start("-m", "tests.clock.worker", *words, **more)

    def run(self, process: subprocess.Popen[str]) -> tuple[int, str]:
        out, _ = process.communicate(timeout=90)
        return process.returncode, out

    def look(self) -> dict[str, Any]:
        code, out = self.run(self.worker("look"))
        assert code == 0, out
        told: dict[str, Any] = json.loads(out.splitlines()[-1])
        return told


def children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(true: Callable[[], Any], within: float = 60.0) -> Any:
    """Waits for something to become true. The bound is there to end a test that would wait for ever, not to measure."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if answer := true():
            return answer
        time.sleep(0.05)
    raise AssertionError("it did not come about")


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Scratch]:
    """Nothing is there yet."""
    with _scratch(tmp_path, template=None) as made:
        yield made


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scratch]:
    """An empty store that is ready, made once for all who copy it."""
    with _scratch(tmp_path_factory.mktemp("template"), template=None) as made:
        code, out = made.run(made.worker("look"))
        assert code == 0, out
        yield made


@pytest.fixture
def lived(tmp_path: Path, template: Scratch) -> Iterator[Scratch]:
    """A store that is ready."""
    with _scratch(tmp_path, template=template) as made:
        shutil.copytree(template.data, made.data)
        yield made


@contextlib.contextmanager
def _scratch(folder: Path, template: Scratch | None) -> Iterator[Scratch]:
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("KEEPWELL_", "DJANGO_", "PORT"))}
    env = {**keep, "KEEPWELL_DATA": str(folder / "data"), "PYTHONPATH": str(ROOT / "src") + os.pathsep + str(ROOT)}
    made = Scratch(folder / "data", env)
    url = os.environ.get("KEEPWELL_DATABASE_URL", "")
    name = f"kw_{uuid4().hex[:10]}"
    if url:
        like = f' TEMPLATE "{template.env["KW_DATABASE"]}"' if template else ""
        _ask_postgres(url, f'CREATE DATABASE "{name}"{like}')
        base, _, query = url.partition("?")
        env["KW_DATABASE"], env["KEEPWELL_DATABASE_URL"] = (
            name,
            f"{base.rpartition('/')[0]}/{name}" + (f"?{query}" if query else ""),
        )
    yield made
    for process in made.running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.stdout:
            process.stdout.close()
    if url:
        _ask_postgres(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _ask_postgres(url: str, sentence: str) -> None:
    import psycopg  # only where the store is PostgreSQL

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sentence)  # type: ignore[arg-type]  # a name made here


@pytest.fixture
def sink(lived: Scratch) -> Iterator[Any]:
    """A mail server that the processes over `lived` send to."""
    post, controller = open_post()
    lived.env["KEEPWELL_EMAIL_URL"] = post.url
    try:
        yield post
    finally:
        controller.stop()


@pytest.fixture
def port() -> int:
    return free_port()
