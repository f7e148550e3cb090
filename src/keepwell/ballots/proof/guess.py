"""AGG-2: how much better does somebody guess who has every released figure than somebody for whom the target had not answered?

The attacker knows how people, teams and answers vary (the true prior), everybody's place, who answered and when, and takes all
released bands of all scales over all periods together: the best linear guess (Gaussian conditioning, a band being its middle with
the spread of its width). With colluders they also know four team-mates' exact values. A hit is a guess within a twentieth of the
scale of the target's burnout value. The advantage is the share of hits less the share of the same attacker's hits when the target
is replaced by another draw from the same team before the figures are made: what is left is what the target's own answers gave away.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from keepwell.ballots.proof.agencies import WEEKS, Agency, Lived
from keepwell.ballots.proof.derive import counted, inside
from keepwell.ballots.rules.asked import SCALE, STRAINS, WHOLE, Asked
from keepwell.ballots.rules.release import BANDS, Decision, Tally, decide, picture
from keepwell.ballots.rules.tree import ROOT

SCALES = (*STRAINS, "presence", "strengths")
ASKED = tuple(Asked(slug, SCALE) for slug in SCALES)
MEAN, TEAM, PERSON, WEEK = 0.45, 0.06**2, 0.16**2, 0.12**2
TOGETHER = ((1.0, 0.6, -0.4, -0.3), (0.6, 1.0, -0.3, -0.2), (-0.4, -0.3, 1.0, 0.5), (-0.3, -0.2, 0.5, 1.0))
NEAR = 0.05
PERIODS, COLLUDERS = 4, 4
BAND = (1 / BANDS) ** 2 / 12

Values = dict[int, list[list[float]]]  # person → week of their life here → a value a scale


@dataclass
class Score:
    """Paired hits: with the target's answers in the figures, and without."""

    number: int = 0
    hits: int = 0
    chance: int = 0
    unlike: int = 0  # pairs in which the two differ, for the error

    def add(self, hit: bool, without: bool) -> None:
        self.number += 1
        self.hits += hit
        self.chance += without
        self.unlike += hit != without

    def merge(self, other: Score) -> None:
        self.number += other.number
        self.hits += other.hits
        self.chance += other.chance
        self.unlike += other.unlike

    @property
    def advantage(self) -> float:
        """In points of a hundred."""
        return 100 * (self.hits - self.chance) / self.number if self.number else 0.0

    @property
    def error(self) -> float:
        """Half of the 95 % interval."""
        if not self.number:
            return 0.0
        spread = self.unlike / self.number - ((self.hits - self.chance) / self.number) ** 2
        return 100 * 1.96 * math.sqrt(max(spread, 0.0) / self.number)


@dataclass
class Seen:
    """A figure: in which period (and week, if weekly), of which scale, and each one's share in it."""

    scale: int
    trait: dict[int, float]
    noise: dict[tuple[int, int], float]  # (person, week of their life) → share
    teams: dict[str, float] = field(default_factory=dict)
    blur: float = BAND


class World:
    """An agency with values, its released figures, and the attacker's view of them."""

    def __init__(self, dice: Random, *, weekly: bool = False) -> None:
        self.dice, self.weekly = dice, weekly
        agency = Agency(dice, people=(25, 80), reply=0.75, calm=True)
        self.periods = list(agency.periods(PERIODS))
        self.team_of = {name: team for lived in self.periods for name, team in lived.team_of.items()}
        for name in self.team_of:
            if any(lived.roster.get(name, "").endswith("/leads") for lived in self.periods):
                self.team_of[name] = f"lead {name}"  # they share nobody's team
        self.root_of_scales = _cholesky([list(row) for row in TOGETHER])
        teams = {team: self._draw(TEAM) for team in sorted(set(self.team_of.values()))}
        self.team_effect = teams
        self.values: Values = {name: self.somebody(name) for name in sorted(self.team_of)}
        self.gates = [self._gates(lived) for lived in self.periods]

    def _draw(self, variance: float) -> list[float]:
        raw = [self.dice.gauss(0, math.sqrt(variance)) for _ in SCALES]
        return [sum(self.root_of_scales[i][j] * raw[j] for j in range(i + 1)) for i in range(len(SCALES))]

    def somebody(self, name: int) -> list[list[float]]:
        """A draw of a person of this one's team: a value a scale for every week."""
        team, own = self.team_effect[self.team_of[name]], self._draw(PERSON)
        weeks = []
        for _ in range(PERIODS * WEEKS):
            this = self._draw(WEEK)
            weeks.append([min(max(MEAN + team[s] + own[s] + this[s], 0.0), 1.0) for s in range(len(SCALES))])
        return weeks

    def _answered(self, at: int, lived: Lived) -> list[tuple[int | None, list[int]]]:
        """The sets that are released: the period's, and each week's had it been released."""
        sets: list[tuple[int | None, list[int]]] = [(None, sorted(lived.weeks))]
        if self.weekly:
            sets += [(week, sorted(n for n, weeks in lived.weeks.items() if week in weeks)) for week in range(WEEKS)]
        return sets

    def _gates(self, lived: Lived) -> list[tuple[int | None, list[int], Decision, dict[str, frozenset[int]]]]:
        found = []
        for week, names in self._answered(0, lived):
            gate = decide(lived.tree, counted(lived.roster, names), lived.k, root_alone=lived.first)
            found.append((week, names, gate, inside(lived, gate, names)))
        return found

    def value(self, values: Values, at: int, name: int, week: int | None, scale: int) -> float:
        """What a person's ballot says: the mean of the weeks in which they answered, or one week."""
        weeks = [week] if week is not None else sorted(self.periods[at].weeks[name])
        return sum(values[name][at * WEEKS + w][scale] for w in weeks) / len(weeks)

    def figures(self, values: Values) -> list[float]:
        """The middles of all released bands, from the real release code, in the order of `seen`."""
        found = []
        for at, lived in enumerate(self.periods):
            for week, names, _gate, _who in self.gates[at]:
                tallies: dict[str, Tally] = {}
                for name in names:
                    said = [round(self.value(values, at, name, week, s) * WHOLE) for s in range(len(SCALES))]
                    tallies.setdefault(lived.roster[name], Tally()).add(said)
                roster = counted(lived.roster, lived.roster)
                for cell in picture(lived.tree, ASKED, tallies, roster, lived.k, root_alone=lived.first):
                    found += [(cell.bands[slug] + 0.5) / BANDS for slug in SCALES if slug in cell.bands]
        return found

    def seen(self) -> list[Seen]:
        found = []
        for at in range(PERIODS):
            for week, _names, gate, who in self.gates[at]:
                for node in gate.released:
                    people = who[node]
                    share = 1 / len(people)
                    noise: dict[tuple[int, int], float] = {}
                    for name in people:
                        weeks = [week] if week is not None else sorted(self.periods[at].weeks[name])
                        for w in weeks:
                            noise[name, at * WEEKS + w] = share / len(weeks)
                    many = node == ROOT or len(people) >= 20
                    for scale in range(len(SCALES) if many else len(STRAINS)):
                        found.append(Seen(scale, dict.fromkeys(people, share), noise))
        for one in found:
            _place(one, self.team_of)
        return found


def _place(one: Seen, team_of: Mapping[int, str]) -> None:
    one.teams = {}
    for name, share in one.trait.items():
        one.teams[team_of[name]] = one.teams.get(team_of[name], 0.0) + share


def _dot(a: Mapping[object, float], b: Mapping[object, float]) -> float:
    if len(b) < len(a):
        a, b = b, a
    return sum(share * b[key] for key, share in a.items() if key in b)


def covariance(a: Seen, b: Seen) -> float:
    shared = TEAM * _dot(a.teams, b.teams) + PERSON * _dot(a.trait, b.trait) + WEEK * _dot(a.noise, b.noise)  # type: ignore[arg-type]  # keys of one kind each
    return TOGETHER[a.scale][b.scale] * shared


def _cholesky(matrix: list[list[float]]) -> list[list[float]]:
    size = len(matrix)
    low = [[0.0] * size for _ in range(size)]
    for i in range(size):
        row = low[i]
        for j in range(i + 1):
            other = low[j]
            left = matrix[i][j] - sum(map(float.__mul__, row[:j], other[:j]))
            row[j] = math.sqrt(max(left, 1e-12)) if i == j else left / other[j]
    return low


def _solve(low: list[list[float]], right: Sequence[float]) -> list[float]:
    size = len(low)
    half = [0.0] * size
    for i in range(size):
        half[i] = (right[i] - sum(map(float.__mul__, low[i][:i], half[:i]))) / low[i][i]
    for i in reversed(range(size)):
        half[i] = (half[i] - sum(low[j][i] * half[j] for j in range(i + 1, size))) / low[i][i]
    return half


class Attacker:
    """Has figures, and perhaps what colluders answered; guesses one person's value of one period."""

    def __init__(self, world: World, seen: Sequence[Seen], colluders: frozenset[int]) -> None:
        self.world, self.colluders = world, colluders
        self.seen = [self._without(one) for one in seen]
        self.known = [sum(one.trait.values()) for one in self.seen]  # the share that is not known
        self.whole = list(seen)
        if colluders:
            for at, lived in enumerate(world.periods):
                told = sorted(name for name in colluders if name in lived.weeks)
                for scale in range(len(SCALES)) if told else ():
                    share = 1 / len(told)
                    noise = {
                        (name, at * WEEKS + w): share / len(lived.weeks[name]) for name in told for w in lived.weeks[name]
                    }
                    extra = Seen(scale, dict.fromkeys(told, share), noise, blur=1e-6)
                    _place(extra, world.team_of)
                    self.seen.append(extra)
                    self.known.append(1.0)
        size = len(self.seen)
        matrix = [[0.0] * size for _ in range(size)]
        for i in range(size):
            for j in range(i + 1):
                matrix[i][j] = covariance(self.seen[i], self.seen[j])
            matrix[i][i] += self.seen[i].blur
        self.low = _cholesky(matrix)

    def _without(self, one: Seen) -> Seen:
        if not self.colluders & one.trait.keys():
            return one
        left = Seen(
            one.scale,
            {name: share for name, share in one.trait.items() if name not in self.colluders},
            {key: share for key, share in one.noise.items() if key[0] not in self.colluders},
            blur=one.blur,
        )
        _place(left, self.world.team_of)
        return left

    def reads(self, figures: Sequence[float], values: Values) -> list[float]:
        """How far each figure lies from what would be expected, with what colluders answered taken out."""
        found = []
        for n, one in enumerate(self.seen):
            if n < len(self.whole):
                whole = self.whole[n]
                theirs = sum(
                    share * values[name][week][one.scale] for (name, week), share in whole.noise.items() if name in self.colluders
                )
                found.append(figures[n] - theirs - MEAN * self.known[n])
            else:
                found.append(sum(share * values[name][week][one.scale] for (name, week), share in one.noise.items()) - MEAN)
        return found

    def weights(self, name: int, at: int) -> list[float]:
        weeks = sorted(self.world.periods[at].weeks[name])
        target = Seen(0, {name: 1.0}, {(name, at * WEEKS + w): 1 / len(weeks) for w in weeks})
        _place(target, self.world.team_of)
        return _solve(self.low, [covariance(target, one) for one in self.seen])


def attack(seed: int, *, weekly: bool = False, most: int = 60) -> tuple[Score, Score]:
    """One agency attacked: for teams, and with four colluders beside the target."""
    world = World(Random(seed), weekly=weekly)  # nosec B311  # dice of a simulation
    figures = world.figures(world.values)
    seen = world.seen()
    alone, together = Score(), Score()
    if len(seen) != len(figures):
        raise AssertionError("The attacker's view and the released figures do not fit together.")
    if not seen:
        return alone, together
    plain = Attacker(world, seen, frozenset())
    with_mates: dict[frozenset[int], Attacker] = {}
    targets = sorted({name for lived in world.periods[1:] for name in lived.weeks if lived.roster[name].startswith("team")})
    world.dice.shuffle(targets)
    for name in targets[:most]:
        at = world.dice.choice([n for n in range(1, PERIODS) if name in world.periods[n].weeks])
        others = {**world.values, name: world.somebody(name)}
        without = world.figures(others)
        true = world.value(world.values, at, name, None, 0)
        alone.add(*_hits(plain, name, at, figures, without, world.values, others, true))
        mates = sorted(n for n, team in world.team_of.items() if team == world.team_of[name] and n in world.periods[at].weeks)
        colluders = frozenset([n for n in mates if n != name][:COLLUDERS])
        if len(colluders) == COLLUDERS:
            if colluders not in with_mates:
                with_mates[colluders] = Attacker(world, seen, colluders)
            together.add(*_hits(with_mates[colluders], name, at, figures, without, world.values, others, true))
    return alone, together


def _hits(
    attacker: Attacker, name: int, at: int, figures: list[float], without: list[float], values: Values, others: Values, true: float
) -> tuple[bool, bool]:
    weights = attacker.weights(name, at)
    guesses = [
        MEAN + sum(map(float.__mul__, weights, attacker.reads(told, world_values)))
        for told, world_values in ((figures, values), (without, others))
    ]
    return abs(guesses[0] - true) <= NEAR, abs(guesses[1] - true) <= NEAR
