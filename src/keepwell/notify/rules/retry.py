"""When a message that could not be sent is tried again, and when trying ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

SEND_WITHIN: Final = timedelta(seconds=30)  # the whole of one sending, whatever the mail server does
LEASE: Final = timedelta(seconds=90)  # longer than twice that: nobody else takes a message that is being sent
TRY_FOR: Final = timedelta(hours=24)

_SOON: Final = (5, 15, 30, 60, 120, 300, 900, 1800)  # somebody waits for it
_CALM: Final = (60, 300, 900, 1800)
_DELAYS: Final = {"account": _SOON, "reminder": _CALM}
_THEN: Final = 3600


def delay(lane: str, attempts: int) -> timedelta:
    """How long to wait after the ``attempts``-th try, which is at least the first."""
    delays = _DELAYS[lane]
    return timedelta(seconds=delays[attempts - 1] if attempts <= len(delays) else _THEN)


def next_try(lane: str, attempts: int, made_at: datetime, now: datetime, lasts: timedelta = TRY_FOR) -> datetime | None:
    """When to try again; None when the message has had its day, or would say nothing any more."""
    at = now + delay(lane, attempts)
    return at if at <= made_at + min(lasts, TRY_FOR) else None
