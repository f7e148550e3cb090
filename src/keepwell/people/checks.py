"""Configuration faults, told kindly by `keepwell check` and before anything is served."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from keepwell.people import keyring
from keepwell.people.rules.sealing import KeyFault


@register(Tags.security)
def keys(**_: Any) -> list[CheckMessage]:
    """Both keys are there, whole, and not the same (ENC-5)."""
    found: list[CheckMessage] = [Error(sentence, id="keepwell.E001") for sentence in settings.FAULTS]
    if len(settings.SECRET_KEY) < 32:
        found.append(
            Error(
                "The secret key is missing or short.",
                hint=f"Keepwell makes one at first run in {settings.SECRET_KEY_PATH}. For a store that was running, restore "
                "the file from your copy; making a new one signs everybody out and loses nothing else.",
                id="keepwell.E002",
            )
        )
    try:
        keyring.master_keys()
    except KeyFault as fault:
        found.append(
            Error(
                str(fault),
                hint=f"It belongs in {settings.MASTER_KEY_PATH} or in KEEPWELL_MASTER_KEY. A new one can't open what the old "
                "one sealed.",
                id="keepwell.E003",
            )
        )
    return found


@register(Tags.compatibility)
def zones(**_: Any) -> list[CheckMessage]:
    if len(available_timezones()) < 300:
        return [Error("The time zone tables are missing.", hint="Install the package tzdata.", id="keepwell.E004")]
    return []
