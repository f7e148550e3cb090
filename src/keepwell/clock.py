"""What the passing of time asks of Keepwell, as one short list.

`run` is a parent that restarts its children. *post* carries messages, every two seconds. *chores* does the list below in turn,
each at its own rhythm; a chore that fails is noted without content and never stops another. Both give a sign every five seconds.

To add a chore: a function `task(now) -> int` in the room's `tasks.py`, safe to repeat and to be killed at any point, and one line
here.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections, connections
from django.utils import timezone

from keepwell.insight import tasks as insight
from keepwell.measures import tasks as measures
from keepwell.notify import actions as notify_actions
from keepwell.notify import tasks as notify
from keepwell.people import keyring
from keepwell.people import tasks as people
from keepwell.plans import tasks as plans
from keepwell.supervise import Part, Supervisor, Told

log = logging.getLogger("keepwell.clock")

MINUTE, HOUR = 60, 3600
BEAT: Final = 5.0  # seconds between two signs
POST_EVERY: Final = 2.0


@dataclass(frozen=True)
class Chore:
    """``every`` seconds, counted from the beginning of the last time."""

    name: str
    every: float
    do: Callable[[datetime], int]


def forget_sessions(now: datetime) -> int:
    """Sessions that have ended."""
    SessionStore.clear_expired()
    return 0


POST: tuple[Chore, ...] = (
    Chore("invitations", POST_EVERY, notify.post_invitations),
    Chore("reminders", POST_EVERY, notify.remind),
)

CHORES: tuple[Chore, ...] = (
    Chore("exports", 5, insight.build_exports),
    Chore("the week's check-ins", MINUTE, measures.roll),
    Chore("the week's plans", MINUTE, plans.roll),
    Chore("old exports, begun erasures", 5 * MINUTE, insight.tidy),
    Chore("tell whose place ended", 5 * MINUTE, notify.tell_ended),
    Chore("kept forms, keys", 10 * MINUTE, people.tidy),
    Chore("old messages and notes", HOUR, notify.purge),
    Chore("old check-ins", HOUR, measures.purge),
    Chore("ended sessions", HOUR, forget_sessions),
)


def run() -> None:
    """Post and chores until told to stop."""
    Supervisor([Part("post", post), Part("chores", chores)]).run()


# ---- the two lanes ----


def post() -> None:
    """Write what is due into the outbox and hand it to the mail server, until told to stop."""
    told, turns = Told(), Turns(POST)
    with Beating("post", stuck_after=120) as alive:
        while not told():
            alive()
            turns.take(told)
            claimed = guarded("sending", lambda: notify.send(stop=told))
            if claimed < notify.BATCH:
                told.wait(POST_EVERY)


def chores() -> None:
    """Do each chore at its rhythm, until told to stop."""
    told, turns = Told(), Turns(CHORES)
    with Beating("chores", stuck_after=15 * MINUTE) as alive:
        while not told():
            alive()
            turns.take(told, between=alive)
            told.wait(1)


class Turns:
    """Whose turn it is. Right after the start it is everybody's: what was left undone when the clock stood still is done first."""

    def __init__(self, chores: Sequence[Chore], now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self.next = {chore: now() for chore in chores}

    def take(self, told: Callable[[], bool], between: Callable[[], None] = lambda: None) -> None:
        for chore, at in list(self.next.items()):
            if told():
                return
            if self.now() >= at:
                self.next[chore] = self.now() + chore.every
                guarded(chore.name, lambda chore=chore: chore.do(timezone.now()))  # type: ignore[misc]  # bound in the loop
                between()


def guarded(name: str, do: Callable[[], int]) -> int:
    """Do one thing; what goes wrong is noted by kind and place, never by what it was about."""
    close_old_connections()
    try:
        with keyring.remembered():
            return do()
    except Exception as fault:
        last = traceback.extract_tb(fault.__traceback__)[-1:]
        place = f" ({last[0].filename.rpartition('/')[2]}:{last[0].lineno})" if last else ""
        log.error("%s failed: %s%s. It is tried again.", name.capitalize(), type(fault).__name__, place)
        connections.close_all()  # it may have been the connection
        return 0


class Beating:
    """Gives a sign every five seconds from a thread of its own, as long as the lane itself moves on.

    A slow mail server or a long export must not look like a dead clock; a lane that hangs must not look alive.
    """

    def __init__(self, part: str, stuck_after: float) -> None:
        self.part, self.stuck_after = part, stuck_after
        self.moved = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"beat-{part}", daemon=True)

    def __enter__(self) -> Callable[[], None]:
        self._thread.start()
        return self._move

    def __exit__(self, *nothing: object) -> None:
        self._over.set()
        self._thread.join(timeout=5)

    def _move(self) -> None:
        self.moved = time.monotonic()

    def _beat(self) -> None:
        while True:
            if time.monotonic() - self.moved < self.stuck_after:
                guarded("the sign of life", self._give_sign)
            if self._over.wait(BEAT):
                connections.close_all()
                return

    def _give_sign(self) -> int:
        notify_actions.beat(part=self.part, now=timezone.now())
        return 1
