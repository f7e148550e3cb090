"""What the clock asks of this room: forms kept for an hour, keys without a person, data keys under an old master key."""

from __future__ import annotations

from datetime import datetime

from keepwell.people import actions, keyring


def tidy(now: datetime) -> int:
    """Forget kept forms whose hour is over, destroy keys whose person is gone, wrap anew what an old master key wrapped."""
    keyring.reread()
    return actions.drop_kept_forms(now=now) + actions.sweep_keys(now=now) + keyring.rewrap()
