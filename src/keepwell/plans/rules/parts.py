"""What a plan is made of: its parts in the order of the builder, its four domains, and what is covered and bare."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

DOMAINS: Final = ("body", "mind", "people", "spirit")

NOW_HELPFUL: Final = "now-helpful"
NOW_NOT_HELPFUL: Final = "now-not-helpful"
KEEP: Final = "keep"
CHANGE: Final = "change"
OBSTACLES: Final = "obstacles"
SIGNS: Final = "early-signs"
DO: Final = "emergency-do"
CALL: Final = "emergency-call"
AVOID: Final = "emergency-avoid"
TELL: Final = "emergency-tell"
REVIEW: Final = "review"

PARTS: Final = (NOW_HELPFUL, NOW_NOT_HELPFUL, KEEP, CHANGE, OBSTACLES, DO, CALL, AVOID, TELL, SIGNS, REVIEW)
LISTS: Final = (NOW_HELPFUL, NOW_NOT_HELPFUL, KEEP, CHANGE, OBSTACLES, SIGNS)  # each holds any number of entries
ACTIVITIES: Final = (NOW_HELPFUL, KEEP, CHANGE)  # each sits in one of the four domains
EMERGENCY: Final = (DO, CALL, AVOID, TELL)  # one text each; CALL also holds people

LONGEST_ENTRY: Final = 600  # characters; a thought, not a diary
LONGEST_TEXT: Final = 3000  # characters of one emergency text
MOST_ENTRIES: Final = 300
MOST_PEOPLE: Final = 6
LONGEST_NAME: Final = 80
LONGEST_PHONE: Final = 40


@dataclass(frozen=True)
class Coverage:
    """Which of the four hold something, and which are bare, in the order of the four."""

    covered: tuple[str, ...]
    bare: tuple[str, ...]


def coverage(domains: Iterable[str]) -> Coverage:
    """From the domains of a plan's activities. One activity is enough; more is not better."""
    held = set(domains)
    return Coverage(tuple(d for d in DOMAINS if d in held), tuple(d for d in DOMAINS if d not in held))


def next_part(part: str) -> str | None:
    """The part after this one; None after the last."""
    place = PARTS.index(part) + 1
    return PARTS[place] if place < len(PARTS) else None


def part_before(part: str) -> str | None:
    place = PARTS.index(part)
    return PARTS[place - 1] if place else None


def where_to_go_on(visited: Collection[str]) -> str | None:
    """The first part not yet passed; None when each was."""
    return next((part for part in PARTS if part not in visited), None)


def tidy(words: str) -> str:
    """Text as it is kept: line ends of one kind, no blank edges. Nothing inside is touched."""
    return words.replace("\r\n", "\n").replace("\r", "\n").strip()


def dialled(phone: str) -> str:
    """What a telephone is asked to dial: digits and a leading plus; empty where too little is left."""
    kept = "".join(c for c in phone if c.isascii() and c.isdigit())
    return ("+" if phone.strip().startswith("+") else "") + kept if len(kept) >= 3 else ""
