"""What can be counted: every value a ballot may hold. What is not in this list never leaves a person's own space.

A scale is said from 0 to 1, a yes or no as 1 or 0. The list is frozen with each period, so a new line here is counted from the
next one. The order is part of what a ballot means: add at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SCALE: Final = "scale"
YES_NO: Final = "yes-no"
WHOLE: Final = 10_000  # a value is kept as a whole number of ten-thousandths, so that sums are exact


@dataclass(frozen=True, slots=True)
class Asked:
    """One value. ``group`` gathers what is shown together: the stressors, the six areas."""

    slug: str
    kind: str
    group: str = ""


STRAINS: Final = ("burnout", "compassion-fatigue")
STRESSORS: Final = (
    "trauma-stories",
    "caseload-size",
    "caseload-complexity",
    "paperwork",
    "on-call",
    "funding-gaps",
    "missing-supports",
    "short-staffing",
    "something-else",
)
AREAS: Final = ("area-load", "area-say", "area-thanks", "area-together", "area-fairness", "area-values")

ASKED: Final[tuple[Asked, ...]] = (
    *(Asked(slug, SCALE, "strains") for slug in STRAINS),
    Asked("presence", SCALE, "resources"),
    Asked("strengths", SCALE, "resources"),
    Asked("coping", SCALE, "resources"),
    Asked("safe-in-this-work", SCALE, "safety"),
    *(Asked(slug, YES_NO, "stressors") for slug in STRESSORS),
    Asked("has-plan", YES_NO, "practices"),
    Asked("kept-commitment", YES_NO, "practices"),
    Asked("paused", YES_NO, "practices"),
    Asked("reflected", YES_NO, "practices"),
    *(Asked(slug, SCALE, "areas") for slug in AREAS),
    Asked("culture-safe", SCALE, "culture"),
    Asked("culture-supported", SCALE, "culture"),
)


def as_list(asked: Sequence[Asked]) -> list[list[str]]:
    """How the list is frozen with a period."""
    return [[one.slug, one.kind, one.group] for one in asked]


def from_list(kept: Sequence[Sequence[str]]) -> tuple[Asked, ...]:
    return tuple(Asked(*one) for one in kept)


def whole_values(asked: Sequence[Asked], values: Mapping[str, float | bool | None]) -> list[int | None]:
    """The values in the order of the list, as whole numbers; what was not asked is left behind, what was skipped is None."""
    found: list[int | None] = []
    for one in asked:
        value = values.get(one.slug)
        if value is None:
            found.append(None)
        elif one.kind == YES_NO:
            found.append(WHOLE if value else 0)
        elif 0 <= value <= 1:
            found.append(round(value * WHOLE))
        else:
            raise ValueError(f"{one.slug} must be said from 0 to 1.")
    return found


def has_both_strains(asked: Sequence[Asked], values: Sequence[int | None]) -> bool:
    """Whether this can be a ballot: one that lacked a strain would make the strain's group smaller than it says."""
    at = {one.slug: n for n, one in enumerate(asked)}
    return all(slug in at and values[at[slug]] is not None for slug in STRAINS)
