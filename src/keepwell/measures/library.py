"""The authored words this room shows: the nine sentences, the stressors, and what a result says, in the reader's language.

Read once a process and language; an agency's own folder (`KEEPWELL_CONTENT`) is laid over ours and may add stressors.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

import keepwell
from keepwell.kit import content
from keepwell.measures.rules import checkin
from keepwell.measures.rules.checkin import Item

_FOLDER = Path(keepwell.__file__).parent / "content"


@dataclass(frozen=True)
class Option:
    value: int
    label: str


@dataclass(frozen=True)
class Stressor:
    slug: str
    label: str
    covers: str


@dataclass(frozen=True)
class Questions:
    """The check-in as it is asked."""

    title: str
    intro: str
    stem: str
    stop: str
    about_title: str
    about: tuple[str, ...]
    short: str
    items: tuple[Item, ...]
    options: tuple[Option, ...]
    tags_question: str
    tags_hint: str
    stressors: dict[str, Stressor]


@dataclass(frozen=True)
class Thing:
    """One thing that may help now: what it is, a sentence to take along, and the page where it is done."""

    slug: str
    title: str
    text: str
    say: str = ""
    link: str = ""
    load: bool = False


@dataclass(frozen=True)
class Pattern:
    slug: str
    headings: dict[str, str]
    means: tuple[str, ...]
    means_not: tuple[str, ...]
    load_first: bool
    things: tuple[Thing, ...]


@dataclass(frozen=True)
class Guidance:
    """What a result says."""

    not_a_diagnosis: str
    patterns: dict[str, Pattern]
    stressors: dict[str, Thing]
    own_memories: dict[str, Any]
    grounding: dict[str, Any]
    not_enough: dict[str, str]
    trends: dict[str, Any]


def _one(slug: str, language: str) -> content.Entry:
    overlay = Path(settings.KEEPWELL_CONTENT) / slug if settings.KEEPWELL_CONTENT else None
    return content.load_folder(_FOLDER / slug, language, overlay)[slug]


@lru_cache(maxsize=8)
def _questions(language: str) -> Questions:
    entry = _one("checkin", language)
    data = entry.data
    items = tuple(Item(one["slug"], one["construct"], one["text"], bool(one.get("reversed"))) for one in data["item"])
    for item in items:
        if item.construct not in checkin.CONSTRUCTS:
            raise entry.fault(f"The sentence {item.slug} has no construct of ours.", "construct")
    options = tuple(Option(int(one["value"]), one["label"]) for one in data["option"])
    if sorted(option.value for option in options) != list(range(checkin.HIGHEST + 1)):
        raise entry.fault(f"The answers must be 0 to {checkin.HIGHEST}, each once.", "option")
    tags = [*data["stressor"], *([data["other"]] if "other" in data else [])]
    return Questions(
        title=data["title"],
        intro=data["intro"],
        stem=data["stem"],
        stop=data["stop"],
        about_title=data["instrument"]["title"],
        about=tuple(data["instrument"]["text"]),
        short=data["instrument"]["short"],
        items=items,
        options=options,
        tags_question=data["stressors"]["question"],
        tags_hint=data["stressors"]["hint"],
        stressors={one["slug"]: Stressor(one["slug"], one["label"], one["covers"]) for one in tags},
    )


def _thing(one: dict[str, Any]) -> Thing:
    return Thing(
        one["slug"], one["title"], one["text"], one.get("say", ""), one.get("link", ""), bool(one.get("load"))
    )


@lru_cache(maxsize=8)
def _guidance(language: str) -> Guidance:
    entry = _one("guidance", language)
    data = entry.data
    patterns = {
        one["slug"]: Pattern(
            slug=one["slug"],
            headings={name: text for name, text in one.items() if name.startswith("heading")},
            means=tuple(one["means"]),
            means_not=tuple(one["means_not"]),
            load_first=bool(one["load_first"]),
            things=tuple(_thing(thing) for thing in one["now"]),
        )
        for one in data["pattern"]
    }
    missing = {"early", "neither", "burnout", "compassion-fatigue", "both"} - set(patterns)
    if missing:
        raise entry.fault(f"The guidance has no pattern {min(missing)}.", "pattern")
    return Guidance(
        not_a_diagnosis=data["not_a_diagnosis"],
        patterns=patterns,
        stressors={one["slug"]: _thing(one) for one in data["stressor"]},
        own_memories=dict(data["own_memories"]),
        grounding=dict(data["grounding"]),
        not_enough=dict(data["not_enough"]),
        trends=dict(data["trends"]),
    )


def questions(language: str | None = None) -> Questions:
    return _questions(language or get_language() or "en")


def guidance() -> Guidance:
    return _guidance(get_language() or "en")


def items() -> tuple[Item, ...]:
    """The sentences as they are scored; the same in every language."""
    return _questions("en").items
