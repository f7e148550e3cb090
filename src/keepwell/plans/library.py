"""The authored words this room shows: the builder's questions and the small steps, in the reader's language.

Read once a process and language; an agency's own folder (`KEEPWELL_CONTENT`) is laid over ours.
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
from keepwell.plans.rules import parts

_FOLDER = Path(keepwell.__file__).parent / "content"


@dataclass(frozen=True)
class Part:
    slug: str
    title: str
    question: str
    why: str
    note: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """A small step, with a first version of under two minutes."""

    slug: str
    domain: str
    title: str
    tiny: str
    minutes: int
    where: str
    cost: str


@dataclass(frozen=True)
class Domain:
    slug: str
    label: str
    line: str


@dataclass(frozen=True)
class Words:
    intro: str
    print_footer: str
    print_footer_contacts: str
    parts: dict[str, Part]
    domains: dict[str, Domain]
    explain: str
    bare: str
    commitment: dict[str, str]
    review: dict[str, str]


def _one(folder: str, slug: str, language: str) -> content.Entry:
    overlay = Path(settings.KEEPWELL_CONTENT) / folder if settings.KEEPWELL_CONTENT else None
    return content.load_folder(_FOLDER / folder, language, overlay)[slug]


def _part(data: dict[str, Any]) -> Part:
    return Part(
        data["slug"],
        data["title"],
        data["question"],
        data["why"],
        data.get("note", ""),
        tuple(data.get("examples", ())),
    )


@lru_cache(maxsize=8)
def _words(language: str) -> Words:
    entry = _one("plan", "plan", language)
    data = entry.data
    found = {one["slug"]: _part(one) for one in data["part"]}
    missing = [slug for slug in parts.PARTS if slug != parts.REVIEW and slug not in found]
    if missing:
        raise entry.fault(f"The plan has no part {missing[0]}.", "part")
    domains = {one["slug"]: Domain(one["slug"], one["label"], one["line"]) for one in data["domain"]}
    return Words(
        intro=data["intro"],
        print_footer=data["print_footer"],
        print_footer_contacts=data["print_footer_contacts"],
        parts={slug: found[slug] for slug in parts.PARTS if slug in found},
        domains={slug: domains[slug] for slug in parts.DOMAINS},
        explain=data["domains"]["explain"],
        bare=data["domains"]["bare"],
        commitment=dict(data["commitment"]),
        review=dict(data["review"]),
    )


@lru_cache(maxsize=8)
def _steps(language: str) -> dict[str, Step]:
    entry = _one("steps", "steps", language)
    steps = {}
    for one in entry.data["step"]:
        if one["domain"] not in parts.DOMAINS:
            raise entry.fault(f"The step {one['slug']} has no domain of ours.", "domain")
        steps[one["slug"]] = Step(
            one["slug"], one["domain"], one["title"], one["tiny"], int(one["minutes"]), one["where"], one["cost"]
        )
    return steps


def words() -> Words:
    return _words(get_language() or "en")


def steps() -> dict[str, Step]:
    """Every small step by slug, in the author's order."""
    return _steps(get_language() or "en")
