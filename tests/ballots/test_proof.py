"""The attack itself: it finds what is there to find, finds nothing behind the real gate, and holds against sabotage."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connection

from keepwell.ballots.models import ProofRun
from keepwell.ballots.proof import checks, derive, guess, run
from keepwell.ballots.proof.agencies import Agency
from keepwell.ballots.rules import release
from keepwell.cli import prove

F = Fraction


def column(*numbers: int) -> tuple[derive.Vector, ...]:
    return (tuple(F(number) for number in numbers),)


def test_agg_1_the_audit_finds_a_remainder() -> None:
    everybody = {n: column(1, 1) for n in range(5)} | {n: column(1, 0) for n in range(5, 9)}
    assert derive.derivable(everybody, 5) == 1  # the four who are in the one and not in the other
    assert derive.derivable(everybody | {9: column(1, 0)}, 5) == 0


def test_agg_1_the_audit_finds_what_only_several_figures_together_give_away() -> None:
    three = {0: column(1, 1, 0), 1: column(0, 1, 1), 2: column(1, 0, 1)}
    crowd = {n: column(1, 1, 1) for n in range(3, 13)}
    assert derive.derivable({**three, **crowd}, 5) == 3  # two at a time: by differences, not one alone
    assert derive.derivable({**{n: column(1, 0, 1) for n in range(20, 25)}, **crowd}, 5) == 0


def test_agg_1_a_small_class_that_nothing_singles_out_is_not_derivable() -> None:
    assert derive.derivable({0: column(1), **{n: column(2) for n in range(1, 9)}}, 5) == 0


def test_ranks_are_exact() -> None:
    thirds = [(F(1, 3), F(2, 3)), (F(1, 7), F(2, 7)), (F(0), F(1))]
    assert derive.rank(thirds) == derive._rank_mod(thirds) == 2
    assert derive.rank([(F(derive.PRIME), F(0)), (F(0), F(1))]) == 2
    assert (
        derive._rank_mod([(F(derive.PRIME), F(0)), (F(0), F(1))]) == 1
    )  # never more than it is, which is why it only looks first


def test_agg_1_nothing_can_be_worked_out_behind_the_gate() -> None:
    periods = [lived for seed in range(80) for lived in Agency(Random(seed)).periods(4)]
    assert sum(derive.small_sets(lived) for lived in periods) == 0
    released = [decided for lived in periods for decided in derive.frozen_sets(lived)]
    assert sum(len(one) > 3 for one in released) > 100, "hardly anything was released: the audit audits nothing"


def test_agg_1_without_the_remainder_rule_it_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "hold_back", lambda totals, node, shown, k: list(shown))
    broken = [seed for seed in range(40) if any(derive.small_sets(lived) for lived in Agency(Random(seed)).periods(4))]
    assert len(broken) > 10


@pytest.mark.parametrize(
    "sabotage",
    [
        pytest.param(("FLOOR_OF_CHILD", 3), id="children from three"),
        pytest.param(("ROOT_LEFT", 0), id="few leads stay at the root"),
        pytest.param(("PASS_UP", 0), id="few leads stay where they are"),
    ],
)
def test_agg_1_every_other_rule_that_is_taken_out_is_caught(
    sabotage: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Path(release.__file__).read_text()
    one = {
        "FLOOR_OF_CHILD": ("if totals[child] >= k]", "if totals[child] >= 3]"),
        "ROOT_LEFT": ("if 0 < own[ROOT] < k and tree.children[ROOT]:", "if False:"),
        "PASS_UP": ("and 0 < own[node] < k:", "and False:"),
    }[sabotage[0]]
    assert one[0] in source
    changed: dict[str, Any] = {"__name__": "keepwell.ballots.rules.sabotaged"}
    module = type(sys)("keepwell.ballots.rules.sabotaged")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    vars(module).update(changed)
    exec(compile(source.replace(*one), "sabotaged", "exec"), vars(module))
    monkeypatch.setattr(derive, "decide", module.decide)
    # a small own leaf that stays is a remainder whenever all children are released; hold_back would hide it by holding back more
    if sabotage[0] != "FLOOR_OF_CHILD":
        monkeypatch.setattr(module, "hold_back", lambda totals, node, shown, k: list(shown))
    found = [seed for seed in range(60) if any(derive.small_sets(lived) for lived in Agency(Random(seed)).periods(3))]
    assert found


def test_agg_1_weekly_figures_beside_the_period_are_caught() -> None:
    broken = [
        seed
        for seed in range(15)
        if any(derive.small_sets_with_weeks(lived) for lived in Agency(Random(seed)).periods(3))
    ]
    assert broken


def test_agg_2_the_attacker_reads_the_figures_as_they_are_released() -> None:
    alone, together = guess.attack(7, most=6)
    assert alone.number
    assert together.number <= alone.number


def test_agg_2_the_attacker_is_no_fool(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a figure of the target alone, they guess right almost always, and not without it."""
    world = guess.World(Random(3))
    name = next(n for n in sorted(world.periods[1].weeks) if world.periods[1].roster[n].startswith("team"))
    weeks = sorted(world.periods[1].weeks[name])
    seen = guess.Seen(0, {name: 1.0}, {(name, guess.WEEKS + w): 1 / len(weeks) for w in weeks}, blur=1e-6)
    guess._place(seen, world.team_of)
    attacker = guess.Attacker(world, [seen], frozenset())
    hits = chance = 0
    for _ in range(60):
        values = {**world.values, name: world.somebody(name)}
        others = {**world.values, name: world.somebody(name)}
        told = [world.value(values, 1, name, None, 0)], [world.value(others, 1, name, None, 0)]
        hit, without = guess._hits(attacker, name, 1, told[0], told[1], values, others, told[0][0])
        hits, chance = hits + hit, chance + without
    assert hits == 60
    assert chance < 40


def test_agg_4_patterns_are_the_same_for_any_values() -> None:
    assert sum(checks.patterns_that_differ(seed) for seed in range(40)) == 0


def test_agg_4_a_pattern_that_looks_at_values_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    real = checks.picture

    def looks(*given: Any, **more: Any) -> Any:
        return [cell for cell in real(*given, **more) if cell.bands.get("burnout", 0) != 5]

    monkeypatch.setattr(checks, "picture", looks)
    assert sum(checks.patterns_that_differ(seed) for seed in range(40)) > 0


def test_agg_5_no_way_leads_below_five() -> None:
    assert sum(checks.gates_below_the_floor(seed) for seed in range(50)) == 0


def test_agg_6_fakes_show_nothing_in_their_first_period_and_the_limit_is_told() -> None:
    shown = [checks.fakes_shown(seed) for seed in range(60)]
    assert sum(first for first, _second in shown) == 0
    assert sum(second for _first, second in shown) > 0


def test_agg_8_nothing_else_opens_ballots() -> None:
    assert list(checks.who_opens_ballots()) == []


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("insight/trends.py", "from keepwell.ballots.rules.box import Opener"),
        ("ballots/queries.py", "from keepwell.ballots.rules import box\nbox.Opener(b'')"),
        ("ballots/queries.py", "from keepwell.ballots import release_key"),
        ("measures/views.py", "from keepwell.ballots.models import Ballot"),
        ("measures/views.py", "from keepwell.ballots import models"),
        ("plans/views.py", "import keepwell.ballots.closing"),
        ("plans/queries.py", "from keepwell.ballots import queries as ballots\nballots.released(None)"),
        ("plans/queries.py", "from keepwell.ballots.queries import released"),
    ],
)
def test_agg_8_whoever_reaches_into_the_box_is_found(place: str, source: str) -> None:
    assert checks.faults_of(place, source)


def test_agg_8_whoever_keeps_to_the_actions_is_not() -> None:
    assert not checks.faults_of(
        "measures/actions.py", "from keepwell.ballots import actions as ballots\nballots.drop()"
    )
    assert not checks.faults_of("insight/picture.py", "from keepwell.ballots import queries\nqueries.released(None)")
    assert not checks.faults_of(
        "measures/views.py", "from keepwell.ballots import queries\nqueries.group_of(None, None, None)"
    )


def test_a_small_size_breaks_only_where_it_is_sure_and_the_full_size_must_be_sure_it_holds() -> None:
    few = guess.Score(100, 30, 24, 20)
    assert few.advantage == 6.0
    assert run._advantage("x", few, 4).holds
    many = guess.Score(10_000, 3000, 2620, 2000)
    assert many.advantage + many.error > 4 > many.advantage
    assert not run._advantage("x", many, 4).holds
    assert not run._advantage("x", guess.Score(1000, 400, 250, 200), 4).holds


def keepwell(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("KEEPWELL_", "DJANGO_"))}
    root = Path(__file__).resolve().parents[2]
    keep |= {"KEEPWELL_DATA": str(data), "PYTHONPATH": str(root / "src")}
    return subprocess.run(
        [sys.executable, "-m", "keepwell.cli", "prove", "privacy", *words],
        env=keep,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_command_says_that_every_bound_holds(tmp_path: Path) -> None:
    done = keepwell("--agencies", "30", "--seed", "5", "--json", data=tmp_path / "none")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["holds"]
    assert {one["id"] for one in told["figures"]} == {
        "AGG-1",
        "AGG-2",
        "AGG-3",
        "AGG-4",
        "AGG-5",
        "AGG-6",
        "AGG-8",
        "coverage",
    }
    assert not (tmp_path / "none").exists()


@pytest.mark.slow
@pytest.mark.parametrize("variant", run.VARIANTS)
def test_the_command_catches_each_variant(variant: str, tmp_path: Path) -> None:
    done = keepwell("--agencies", "25", "--variant", variant, data=tmp_path / "none")
    assert done.returncode == 1
    assert "BROKEN AGG-1" in done.stdout


@pytest.mark.long
@pytest.mark.parametrize(
    ("variant", "agencies", "code"), [("", 10_000, 0), ("no-remainder", 1000, 1), ("weekly", 600, 1)]
)
def test_the_attack_at_full_size(variant: str, agencies: int, code: int, tmp_path: Path) -> None:
    words = ["--agencies", str(agencies), *(["--variant", variant] if variant else [])]
    done = keepwell(*words, data=tmp_path / "none")
    print(done.stdout)
    assert done.returncode == code, done.stdout + done.stderr


def test_words_that_make_no_sense_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    from keepwell.cli import main

    assert main(["prove"]) == 2
    assert main(["prove", "privacy", "--agencies", "0"]) == 2
    assert main(["prove", "privacy", "--variant", "rain"]) == 2
    assert "--agencies" in capsys.readouterr().err


@pytest.mark.django_db
def test_the_result_is_noted_for_the_self_test_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import argparse

    monkeypatch.setattr(prove.store, "settle", lambda data: tmp_path)
    monkeypatch.setattr(prove.store, "there_is_a_store", lambda folder: True)
    monkeypatch.setattr(prove.store, "ready", lambda folder: None)
    figures = [run.Figure("AGG-1", "sets", "0", "0", True)]
    prove._note(argparse.Namespace(data=None, variant="", agencies=7, seed=1), figures, True, 3)
    kept = ProofRun.objects.get()
    assert (kept.agencies, kept.holds, kept.figures[0]["id"]) == (7, True, "AGG-1")
    assert connection.alias == "default"
