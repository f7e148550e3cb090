"""The whole attack: many agencies over all processors, every figure with its bound, and the sabotaged variants that must be caught."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from random import Random
from typing import Any, Final

from keepwell.ballots.proof import checks, derive, guess
from keepwell.ballots.proof.agencies import Agency
from keepwell.ballots.rules import release

VARIANTS: Final = ("no-remainder", "weekly")
PERIODS: Final = 5
TEAM_BOUND, COLLUDER_BOUND = 4.0, 6.0
CHUNK: Final = 25
TARGETS: Final = 40  # of one agency


@dataclass(frozen=True)
class Figure:
    """One line of the report. ``bound`` is empty for what is told and not judged."""

    id: str
    what: str
    figure: str
    bound: str
    holds: bool | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Sums:
    """What one chunk of agencies came to."""

    histories: int = 0
    periods: int = 0
    sets: int = 0
    broken: int = 0
    patterns: int = 0
    pattern_cases: int = 0
    below: int = 0
    fakes_first: int = 0
    fakes_second: int = 0
    fakes: int = 0

    def merge(self, other: Sums) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def run(*, agencies: int, seed: int, variant: str = "", say: Callable[[str], None] = lambda line: None) -> list[Figure]:
    """Everything but what needs a store. ``agencies`` is the number of histories; targets are as many."""
    sums, plain, mates = Sums(), guess.Score(), guess.Score()
    cover: dict[float, tuple[int, int]] = {}
    for part in _spread(
        _histories, [(seed + at, min(CHUNK, agencies - at), variant) for at in range(0, agencies, CHUNK)]
    ):
        sums.merge(part)
    say(f"{sums.histories} histories, {sums.periods} periods audited")
    # a weekly figure gives the attacker many more numbers: fewer agencies show what there is to show
    worlds = max(2, -(-agencies // (100 if variant == "weekly" else 34)))
    for alone, together in _spread(_guesses, [(seed + n, variant) for n in range(worlds)]):
        plain.merge(alone)
        mates.merge(together)
    say(f"{plain.number} targets, {mates.number} with colluders")
    for reply in (0.9, 0.75):
        shown, there = 0, 0
        for a, b in _spread(_coverage, [(seed + n, reply) for n in range(max(20, agencies // 20))]):
            shown, there = shown + a, there + b
        cover[reply] = shown, there
    found = [
        _none(
            "AGG-1",
            f"sets of 1…k−1 people that can be worked out, {sums.histories} histories, {sums.periods} periods",
            sums.sets,
        ),
        _none("AGG-1", "histories in which anything can be worked out", sums.broken),
        _advantage("for teams", plain, TEAM_BOUND),
        _advantage("with four colluders", mates, COLLUDER_BOUND),
        _none("AGG-4", f"patterns that depend on what was answered, {sums.pattern_cases} cases", sums.patterns),
        _none("AGG-5", "ways that led the rules to a k below five", sums.below),
        _none(
            "AGG-6", f"four fakes beside one person, shown in their first period, {sums.fakes} cases", sums.fakes_first
        ),
        Figure("AGG-6", "the same in their second period: the limit that is told", str(sums.fakes_second), "", None),
    ]
    opened = list(checks.who_opens_ballots())
    found.append(_none("AGG-8", "; ".join(["places in the code that reach where they may not", *opened]), len(opened)))
    for reply, (shown, there) in cover.items():
        share = f"{100 * shown / there:.0f} %" if there else "none"
        found.append(
            Figure(
                "coverage",
                f"share of team-periods shown when {reply:.0%} answer, of teams with at least five",
                share,
                "",
                None,
            )
        )
    return found


def _none(id: str, what: str, number: int) -> Figure:
    return Figure(id, what, str(number), "0", not number)


def _advantage(whom: str, score: guess.Score, bound: float) -> Figure:
    """Full size must be sure that the bound holds; a small size fails only where it is sure that it does not."""
    low, high = score.advantage - score.error, score.advantage + score.error
    sure = score.number >= 10_000
    told = f"{score.advantage:.1f} ± {score.error:.1f} points (a hit {_share(score.hits, score)}, by chance {_share(score.chance, score)})"
    words = f"advantage of a guess {whom}, {score.number} targets" + ("" if sure else ", too few to be sure")
    return Figure("AGG-2", words, told, f"{bound:.0f} points", (high if sure else low) <= bound)


def _share(part: int, score: guess.Score) -> str:
    return f"{100 * part / score.number:.1f} %" if score.number else "none"


# ---- the work, chunk by chunk, in processes of their own ----


def _sabotage(variant: str) -> None:
    """Take the protection out, in this process only: the attack must notice."""
    if variant == "no-remainder":
        release.hold_back = lambda totals, node, shown, k: list(shown)


def _histories(task: tuple[int, int, str]) -> Sums:
    seed, number, variant = task
    _sabotage(variant)
    sums = Sums()
    for one in range(seed, seed + number):
        found = 0
        for lived in Agency(Random(one)).periods(3 if variant == "weekly" else PERIODS):  # nosec B311  # dice of a simulation
            found += derive.small_sets(lived)
            if variant == "weekly" and not found:
                found += derive.small_sets_with_weeks(lived)
            sums.periods += 1
        sums.histories += 1
        sums.sets += found
        sums.broken += bool(found)
        if one % 10 == 0:
            sums.pattern_cases += 1
            sums.patterns += checks.patterns_that_differ(one)
            sums.below += checks.gates_below_the_floor(one)
            first, second = checks.fakes_shown(one)
            sums.fakes, sums.fakes_first, sums.fakes_second = (
                sums.fakes + 1,
                sums.fakes_first + first,
                sums.fakes_second + second,
            )
    return sums


def _guesses(task: tuple[int, str]) -> tuple[guess.Score, guess.Score]:
    seed, variant = task
    _sabotage(variant)
    return guess.attack(seed, weekly=variant == "weekly", most=TARGETS)


def _coverage(task: tuple[int, float]) -> tuple[int, int]:
    seed, reply = task
    shown = there = 0
    agency = Agency(Random(seed), people=(25, 90), reply=1 - (1 - reply) ** 0.25, calm=True)  # nosec B311  # dice of a simulation
    agency.consent = 1.0
    for person in agency.persons.values():
        person.agrees = True
    for lived in list(agency.periods(3))[1:]:
        ballots = derive.counted(lived.roster, lived.weeks)
        gate = release.decide(lived.tree, ballots, lived.k, root_alone=lived.first)
        sizes = derive.counted(lived.roster, lived.roster)
        teams = [node for node in lived.tree.parents if node.startswith("team") and sizes.get(node, 0) >= release.FLOOR]
        there += len(teams)
        shown += sum(node in gate.released for node in teams)
    return shown, there


def _spread(deed: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
    listed = list(tasks)
    hands = min(os.cpu_count() or 1, len(listed))
    # New processes, not forks: sabotage must stay where it was done, and nothing of a connection may come along.
    with multiprocessing.get_context("spawn").Pool(max(hands, 1)) as pool:
        yield from pool.imap_unordered(deed, listed)
