"""How an invented person's weeks go: answers to the nine sentences, what weighed, and weeks away. Pure, from a seeded generator."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from keepwell.measures.rules.checkin import BURNOUT, FATIGUE, HIGHEST, Item

LOAD = ("caseload-size", "paperwork", "on-call", "short-staffing")


@dataclass(frozen=True)
class Life:
    """What a person brings: usual level of each strain (0 to 4), how much weeks differ, how often a week is left out."""

    story: str
    burnout: float
    fatigue: float
    good: float
    swing: float
    leaves_out: float


def life(chance: random.Random, story: str = "") -> Life:
    story = story or chance.choices(("steady", "tired", "load-rising", "exposed", "new"), (50, 18, 10, 12, 10))[0]
    base = {"steady": (1.4, 1.1), "tired": (2.3, 1.4), "load-rising": (1.5, 1.1), "exposed": (1.5, 1.9), "new": (1.2, 0.9)}[story]
    return Life(
        story,
        base[0] + chance.gauss(0, 0.3),
        base[1] + chance.gauss(0, 0.3),
        2.6 + chance.gauss(0, 0.4),
        0.45 if story != "steady" else 0.35,
        0.08 if story != "new" else 0.25,
    )


def away_weeks(chance: random.Random, weeks: int) -> set[int]:
    """Indexes of weeks of leave: two in a row each half year, now and then a single one."""
    away: set[int] = set()
    for begin in range(0, weeks, 26):
        if weeks - begin > 8:
            first = begin + chance.randint(6, min(20, weeks - begin - 2))
            away |= {first, first + 1}
    return away


def week_answers(
    chance: random.Random, life: Life, items: Sequence[Item], index: int, weeks: int
) -> dict[str, int | None]:
    """The nine answers of one week; a sentence is skipped now and then."""
    rise = 0.0
    if life.story == "load-rising" and index >= weeks - 4:
        rise = 0.55 * (index - (weeks - 5))
    bad_week = 0.7 if chance.random() < 0.06 else 0.0
    answers: dict[str, int | None] = {}
    for item in items:
        level = {BURNOUT: life.burnout + rise + bad_week, FATIGUE: life.fatigue + bad_week + rise * 0.1}.get(
            item.construct, life.good - rise * 0.4
        )
        if item.reversed:
            level = HIGHEST - level
        value = round(level + chance.gauss(0, life.swing))
        answers[item.slug] = None if chance.random() < 0.015 else max(0, min(HIGHEST, value))
    return answers


def week_stressors(chance: random.Random, life: Life, known: Sequence[str], index: int, weeks: int) -> list[str]:
    """What weighed: mostly nothing or one thing; load when the load rises."""
    if life.story == "load-rising" and index >= weeks - 4:
        return [slug for slug in known if slug in ("caseload-size", "on-call")]
    count = chance.choices((0, 1, 2, 3), (45, 35, 15, 5))[0]
    picked = set(chance.sample(list(known), min(count, len(known))))
    return [slug for slug in known if slug in picked]
