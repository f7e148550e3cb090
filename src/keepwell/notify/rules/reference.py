"""What marks a message so that a repeat is known for one: its Message-ID and a short reference a person can read out."""

from __future__ import annotations

from uuid import UUID, uuid5

_OURS = UUID(
    "6f0f5b0e-7c1e-5d0a-9a57-3f0c6f7b4a21"
)  # fixed for ever: the same message has the same id in every version
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another, aloud or on paper


def message_id(message: UUID, channel: str, domain: str) -> str:
    """The same for every try at one message."""
    return f"<{uuid5(_OURS, f'{message}/{channel}')}@{domain}>"


def reference(message: UUID) -> str:
    """Such as KW-4F7K2M."""
    number, letters = uuid5(_OURS, str(message)).int, ""
    for _ in range(6):
        number, at = divmod(number, len(_LETTERS))
        letters += _LETTERS[at]
    return f"KW-{letters}"
