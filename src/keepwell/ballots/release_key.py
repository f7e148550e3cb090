"""The release key: wraps the private half of each period's key pair. Read when the clock opens or closes a period, never kept.

It lies beside the other keys or in the environment (`KEEPWELL_RELEASE_KEY`), and only `clock` is given it: a process that serves
pages can seal ballots and can open none.
"""

from __future__ import annotations

import os
from uuid import UUID

from django.conf import settings

from keepwell.ballots.models import PeriodKey
from keepwell.people.rules.sealing import KeyFault, MasterKeys, Owner, parse_master_keys

LOST = (
    "The release key is missing or not whole. Put your copy back (KEEPWELL_RELEASE_KEY, or the file keys/release.key): ballots wait "
    "for it, and what is not opened by the end of the next period is destroyed unopened."
)


class NoReleaseKey(Exception):
    """Periods can't be opened or closed now. The sentence says what to do."""


def is_there() -> bool:
    return bool(os.environ.get("KEEPWELL_RELEASE_KEY")) or settings.RELEASE_KEY_PATH.is_file()


def read() -> MasterKeys:
    text = os.environ.get("KEEPWELL_RELEASE_KEY", "")
    try:
        text = text or settings.RELEASE_KEY_PATH.read_text()
        return parse_master_keys(text, not_equal_to=settings.SECRET_KEY)
    except (OSError, KeyFault) as fault:
        raise NoReleaseKey(LOST) from fault


def wrap(period_id: UUID, private: bytes) -> PeriodKey:
    version, wrapped = read().wrap(private, Owner("period", str(period_id)))
    return PeriodKey(period_id=period_id, release_version=version, wrapped=wrapped)


def unwrap(key: PeriodKey) -> bytes:
    return read().unwrap(bytes(key.wrapped), Owner("period", str(key.period_id)), key.release_version)
