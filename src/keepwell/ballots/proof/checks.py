"""The smaller claims, each tried on invented agencies: AGG-4 (pattern), AGG-5 (floor), AGG-6 (fakes), AGG-8 (who opens ballots)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from random import Random

from keepwell.ballots.proof.agencies import Agency, Lived
from keepwell.ballots.proof.derive import counted
from keepwell.ballots.rules.asked import ASKED, WHOLE, YES_NO
from keepwell.ballots.rules.release import CHOICES, FLOOR, Tally, counts_from_now, decide, k_in_force, picture
from keepwell.ballots.rules.tree import ROOT, Tree

HOUSE = Path(__file__).resolve().parents[2]
MAY_OPEN = {"ballots/closing.py", "ballots/rules/box.py"}  # hold a private half in hand
MAY_SEAL = MAY_OPEN | {"ballots/actions.py"}
MAY_HAVE_THE_KEY = {"ballots/closing.py", "ballots/tasks.py"}
MAY_READ = {"insight", "standards", "api", "ballots"}  # rooms that may read what was released
DOORS = {"", "cli", "demo"}
INNER = ("keepwell.ballots.models", "keepwell.ballots.closing", "keepwell.ballots.guards", "keepwell.ballots.tasks")
FIGURES = {"released", "still_shown", "chain_holds"}  # of ballots.queries; the rest of it is about oneself and about k


def pattern(lived: Lived, dice: Random, skipping: int) -> list[tuple[object, ...]]:
    """What is shown, without what it says, for values thrown by these dice; who skips what stays the same."""
    skips = Random(skipping)  # nosec B311  # dice of a simulation
    tallies: dict[str, Tally] = {}
    for name in sorted(lived.weeks):
        said: list[int | None] = [(dice.choice((0, WHOLE)) if one.kind == YES_NO else dice.randint(0, WHOLE)) for one in ASKED]
        said = [value if n < 2 or skips.random() < 0.85 else None for n, value in enumerate(said)]
        tallies.setdefault(lived.roster[name], Tally()).add(said)
    cells = picture(lived.tree, ASKED, tallies, counted(lived.roster, lived.roster), lived.k, root_alone=lived.first)
    return [(c.node, c.size, tuple(sorted(c.bands)), tuple(sorted(c.shares)), c.replied) for c in cells]


def patterns_that_differ(seed: int) -> int:
    """AGG-4: of one random period, the pattern for three throws of all values; 0 if they are the same."""
    dice = Random(seed)  # nosec B311  # dice of a simulation
    lived = list(Agency(dice).periods(2))[-1]
    return len({tuple(pattern(lived, Random(throw), seed)) for throw in (seed, seed + 1, seed + 2)}) - 1  # nosec B311


def gates_below_the_floor(seed: int) -> int:
    """AGG-5: how many ways led the rules to a k below five."""
    dice = Random(seed)  # nosec B311  # dice of a simulation
    passed = 0
    for k in (dice.randint(-10, FLOOR - 1), FLOOR - 1, 0, 1):
        try:
            decide(Tree({ROOT: None}), {ROOT: 100}, k)
        except ValueError:
            continue
        passed += 1
    rows = [dice.randint(-50, 50) for _ in range(dice.randint(0, 5))]
    return passed + (k_in_force(rows) not in CHOICES)


def fakes_shown(seed: int) -> tuple[int, int]:
    """AGG-6: four new accounts in a team with one person. Is the team, or a remainder with the person, shown in the fakes' first
    period; and in their second? The second is the limit that is told: accounts that stood there for a whole period do count."""
    dice = Random(seed)  # nosec B311  # dice of a simulation
    agency = Agency(dice, reply=0.97)
    agency.parents["team:target"] = dice.choice([node for node in agency.parents if node.startswith("programme")])
    lived = list(agency.periods(2))[-1]
    if "team:target" not in lived.tree.parents:
        return 0, 0
    shown = []
    for fakes_count in (counts_from_now(on_earlier_roster=False, founding=False), counts_from_now(on_earlier_roster=True, founding=False)):
        ballots = counted({**lived.roster}, lived.weeks)
        ballots["team:target"] = ballots.get("team:target", 0) + 1 + (4 if fakes_count else 0)
        own = ballots["team:target"] - (4 if fakes_count else 0)
        gate = decide(lived.tree, ballots, lived.k)
        shown.append(int("team:target" in gate.released and own < lived.k))
    return shown[0], shown[1]


def who_opens_ballots() -> Iterator[str]:
    """AGG-8: places in the code that could open a ballot, have a period's key or read figures, and should not."""
    for path in sorted(HOUSE.glob("**/*.py")):
        if "migrations" not in path.parts:
            yield from faults_of(path.relative_to(HOUSE).as_posix(), path.read_text(encoding="utf-8"))


def faults_of(place: str, source: str) -> list[str]:
    """What a module of ours reaches for and may not. ``place`` is its path within the package."""
    names = set(_names(ast.parse(source)))
    room = place.partition("/")[0] if "/" in place else ""
    found = []
    if names & {"Opener", "open_ballot"} and place not in MAY_OPEN:
        found.append(f"{place} could open a ballot")
    if "keepwell.ballots.release_key" in names and place not in MAY_HAVE_THE_KEY:
        found.append(f"{place} reaches for the release key")
    if "keepwell.ballots.rules.box" in names and place not in MAY_SEAL:
        found.append(f"{place} reaches into the box")
    if room not in {"ballots"} | DOORS and any(name == one or name.startswith(f"{one}.") for name in names for one in INNER):
        found.append(f"{place} goes past the actions and queries of ballots")
    if room not in MAY_READ | DOORS and "keepwell.ballots.queries" in names and names & FIGURES:
        found.append(f"{place} reads group figures")
    return found


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            for one in node.names:
                yield one.name
                yield f"{node.module}.{one.name}"
        elif isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id
