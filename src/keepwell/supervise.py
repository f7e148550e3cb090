"""Runs a few parts as child processes and starts again what dies. Used by `clock` for its lanes and by `serve` for web and clock.

The parent loads everything once and forks, so a part is back within a moment and shares its memory; the parent itself keeps no
connection to the store. A part ends when it is told to (SIGTERM) and when its parent is gone.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from types import FrameType
from typing import Final

from django.db import connections

log = logging.getLogger("keepwell.supervise")

LONGEST_PAUSE: Final = 30.0  # seconds between two starts of a part that keeps dying
SETTLED: Final = 60.0  # seconds after which a part counts as running well
LAST_WORD: Final = 40.0  # seconds a part has to end what it is at: longer than the longest sending

_fork = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Part:
    """A name and what to do; ``run`` returns when told to stop."""

    name: str
    run: Callable[[], None]


class Supervisor:
    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = {part.name: part for part in parts}
        self.running: dict[str, multiprocessing.process.BaseProcess] = {}
        self.began: dict[str, float] = {}
        self.pause: dict[str, float] = dict.fromkeys(self.parts, 0.0)
        self.start_at: dict[str, float] = dict.fromkeys(self.parts, 0.0)
        self.stopping = False

    def run(self) -> None:
        """Until SIGTERM or Ctrl-C. Then every part is told to stop, and waited for."""
        parent = os.getppid()
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            while not self.stopping and os.getppid() == parent:
                self._start_what_is_due()
                wait([process.sentinel for process in self.running.values()], timeout=0.5)
                self._bury()
        finally:
            self._end_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _start_what_is_due(self) -> None:
        now = time.monotonic()
        for name, part in self.parts.items():
            if name in self.running or now < self.start_at[name] or self.stopping:
                continue
            connections.close_all()  # a connection must not be shared between two processes
            process = _fork.Process(target=_child, args=(part, os.getpid()), name=f"keepwell-{name}")
            process.start()
            self.running[name], self.began[name] = process, now

    def _bury(self) -> None:
        for name, process in list(self.running.items()):
            if process.is_alive():
                continue
            process.join()
            del self.running[name]
            if self.stopping:
                continue
            now = time.monotonic()
            lived = now - self.began[name]
            self.pause[name] = 0.2 if lived > SETTLED else min(max(self.pause[name] * 2, 0.2), LONGEST_PAUSE)
            self.start_at[name] = now + self.pause[name]
            log.warning("The part %s ended (code %s) and is started again.", name, process.exitcode)

    def _end_all(self) -> None:
        for process in self.running.values():
            process.terminate()
        until = time.monotonic() + LAST_WORD
        for process in self.running.values():
            process.join(max(0.0, until - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()
        self.running.clear()


class Told:
    """In a part: has it been told to stop, or lost its parent? ``wait`` sleeps, but not past that."""

    def __init__(self) -> None:
        self.parent, self._told = os.getppid(), False
        signal.signal(signal.SIGTERM, self._hear)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self._told = True

    def __call__(self) -> bool:
        return self._told or os.getppid() != self.parent

    def wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self() and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.25))


def _child(part: Part, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent alone decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with_parent()
    if os.getppid() != parent:
        return
    with contextlib.suppress(KeyboardInterrupt):
        part.run()


def _end_with_parent() -> None:
    """Linux tells a part when its parent dies, even by kill -9; elsewhere the parts that ask `Told` notice by themselves."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # 1: PR_SET_PDEATHSIG
