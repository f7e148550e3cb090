"""Invented agencies that live through periods: people join, move, lead, leave, change their minds, answer late, erase themselves.

Leaves and who counts come from the same rules that open a real period; nothing here decides what is released.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from keepwell.ballots.rules.release import CHOICES, counts_from_now
from keepwell.ballots.rules.tree import ROOT, Tree

WEEKS = 4


@dataclass
class Somebody:
    name: int
    team: str
    leading: set[str] = field(default_factory=set)
    agrees: bool = True


@dataclass(frozen=True)
class Lived:
    """A period as it was when its box was opened."""

    tree: Tree
    k: int
    first: bool
    roster: dict[int, str]  # who counts, and in which leaf they stand
    weeks: dict[int, frozenset[int]]  # whose ballot lay in the box, and in which weeks they had answered
    skipped: frozenset[int]  # whose ballot lacks a value that may be skipped
    team_of: dict[int, str]  # where people work, whoever they lead


class Agency:
    """A random agency; `periods` lives it."""

    def __init__(self, dice: Random, *, people: tuple[int, int] = (10, 90), reply: float | None = None, calm: bool = False) -> None:
        self.dice = dice
        self.calm = calm  # no upheavals: for measuring what a usual agency sees
        self.parents: dict[str, str | None] = {ROOT: None}
        self.persons: dict[int, Somebody] = {}
        self.numbers = 0
        self.k = 5
        self.reply = reply if reply is not None else dice.choice((0.4, 0.6, 0.75, 0.9, 0.97))
        self.consent = 0.9 if calm else dice.choice((0.5, 0.7, 0.85, 0.95, 1.0))
        for n in range(dice.randint(1, 3)):
            self.parents[f"programme:{n}"] = ROOT
        for _ in range(dice.randint(2, 9)):
            self._found_team()
        for _ in range(dice.randint(*people)):
            self._join()
        for node in list(self.parents):
            if node != ROOT and dice.random() < 0.8:
                self._join().leading.add(node)
        if dice.random() < 0.5:
            self._join().leading.add(ROOT)

    def _found_team(self) -> None:
        self.numbers += 1
        places = [node for node in self.parents if node.startswith("programme")] * 3 + list(self.parents)
        self.parents[f"team:{self.numbers}"] = self.dice.choice(places)

    def _teams(self) -> list[str]:
        return [node for node in self.parents if node.startswith("team")]

    def _join(self) -> Somebody:
        self.numbers += 1
        team = self.dice.choice(self._teams()) if self.dice.random() < 0.95 else ROOT
        made = Somebody(self.numbers, team, agrees=self.dice.random() < self.consent)
        self.persons[made.name] = made
        return made

    def _live_on(self) -> None:
        """What happens between two periods."""
        dice = self.dice
        for person in list(self.persons.values()):
            fate = dice.random()
            if fate < 0.05:
                del self.persons[person.name]  # leaves, or erases themselves: the same to the next period
            elif fate < 0.12:
                person.team = dice.choice(self._teams())
            elif fate < 0.2:
                person.agrees = not person.agrees
            elif fate < 0.22:
                person.leading = {dice.choice(list(self.parents))} if not person.leading else set()
        for _ in range(dice.randint(0, 8)):
            self._join()
        if dice.random() < 0.2:
            self._found_team()
        if dice.random() < 0.15 and len(self._teams()) > 2:
            closed = dice.choice(self._teams())
            below = [node for node, parent in self.parents.items() if parent == closed]
            for node in below:
                self.parents[node] = self.parents[closed]
            del self.parents[closed]
        if dice.random() < 0.06 and self.k < CHOICES[-1]:
            self.k = dice.choice([k for k in CHOICES if k > self.k])

    def periods(self, number: int) -> Iterator[Lived]:
        known: set[int] | None = None
        for period in range(number):
            if period and not self.calm:
                self._live_on()
            tree = Tree(dict(self.parents))
            leaves = {p.name: tree.leaf(p.team, p.leading) for p in self.persons.values()}
            founding = known is None
            roster = {
                name: leaf
                for name, leaf in leaves.items()
                if leaf is not None and counts_from_now(known is not None and name in known, founding)
            }
            yield Lived(
                tree,
                self.k,
                founding,
                roster,
                self._ballots(roster),
                frozenset(name for name in roster if self.dice.random() < 0.15),
                {p.name: p.team for p in self.persons.values()},
            )
            known = set(leaves)

    def _ballots(self, roster: dict[int, str]) -> dict[int, frozenset[int]]:
        found = {}
        for name in roster:
            person = self.persons[name]
            weeks = frozenset(week for week in range(WEEKS) if self.dice.random() < self.reply)
            withdrawn = not self.calm and self.dice.random() < 0.03  # erased, or changed their mind before the close
            too_late = not self.calm and self.dice.random() < 0.03
            if person.agrees and weeks and not withdrawn and not too_late:
                found[name] = weeks
        return found
