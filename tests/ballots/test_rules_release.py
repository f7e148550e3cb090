"""The gate, rule by rule, and what must hold whatever the counts are (AGG-1, AGG-4, AGG-5)."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.ballots.rules import release
from keepwell.ballots.rules.asked import (
    ASKED,
    SCALE,
    STRAINS,
    WHOLE,
    YES_NO,
    Asked,
    as_list,
    from_list,
    has_both_strains,
    whole_values,
)
from keepwell.ballots.rules.asked import __file__ as asked_file
from keepwell.ballots.rules.release import Tally, decide, gather, picture
from keepwell.ballots.rules.tree import ROOT, Tree, leads_of

FLAT = Tree({ROOT: None, "a": ROOT, "b": ROOT, "c": ROOT})
DEEP = Tree({ROOT: None, "p": ROOT, "q": ROOT, "a": "p", "b": "p", "c": "q", "d": "q"})


def shown(tree: Tree, k: int = 5, *, root_alone: bool = False, **counts: int) -> set[str]:
    return set(decide(tree, {leaf.replace("_leads", "/leads"): n for leaf, n in counts.items()}, k, root_alone=root_alone).released)


def test_the_root_needs_ten() -> None:
    assert shown(FLAT, a=5, b=4) == set()
    assert shown(FLAT, a=10) == {ROOT, "a"}


def test_the_root_needs_k_when_k_is_more_than_ten() -> None:
    assert shown(FLAT, 15, a=14) == set()
    assert shown(FLAT, 15, a=15) == {ROOT, "a"}


def test_a_child_needs_k() -> None:
    assert shown(FLAT, a=5, b=5) == {ROOT, "a", "b"}
    assert shown(FLAT, 10, a=9, b=10, c=2) == {ROOT, "b"}


def test_the_remainder_rule_holds_the_smallest_back() -> None:
    assert shown(FLAT, a=8, b=6, c=4) == {ROOT, "a"}
    assert shown(FLAT, a=8, b=6, c=0) == {ROOT, "a", "b"}


def test_of_two_that_are_the_smallest_one_is_held_back() -> None:
    assert shown(FLAT, a=6, b=6, c=1) == {ROOT, "b"}


def test_two_small_teams_that_make_five_need_nobody_held_back() -> None:
    assert shown(FLAT, a=8, b=2, c=3) == {ROOT, "a"}


def test_below_a_node_that_is_not_released_nothing_is() -> None:
    assert shown(DEEP, a=9, b=1, c=3) == {ROOT}  # p would leave three over, so it is held back, and a with it
    assert shown(DEEP, a=9, b=0, c=0, d=6) == {ROOT, "p", "q", "a", "d"}


def test_leads_that_are_few_pass_up_and_are_left_out_at_the_root() -> None:
    told = decide(DEEP, {"a": 6, "b": 6, leads_of("p"): 3}, 5)
    assert told.lands[leads_of("p")] is None
    assert told.totals[ROOT] == 12
    assert set(told.released) == {ROOT, "p", "a", "b"}


def test_leads_that_are_few_count_above_where_they_are_enough_together() -> None:
    told = decide(DEEP, {"a": 6, "b": 6, "c": 5, "d": 5, leads_of("p"): 2, leads_of("q"): 2, ROOT: 1}, 5)
    assert told.lands[leads_of("p")] == told.lands[leads_of("q")] == ROOT
    assert told.totals == {ROOT: 27, "p": 12, "q": 10, "a": 6, "b": 6, "c": 5, "d": 5}
    assert set(told.released) == {ROOT, "p", "q", "a", "b", "c", "d"}


def test_leads_that_are_enough_stay() -> None:
    told = decide(DEEP, {"a": 6, "b": 6, leads_of("p"): 5}, 5)
    assert told.totals["p"] == 17
    assert set(told.released) == {ROOT, "p", "a", "b"}


def test_an_agency_without_teams_is_one_group() -> None:
    assert shown(Tree({ROOT: None}), agency=10) == {ROOT}
    assert shown(Tree({ROOT: None}), agency=9) == set()


def test_the_first_release_is_for_the_root_alone() -> None:
    assert shown(FLAT, a=9, b=9, root_alone=True) == {ROOT}


def test_nobody_answered() -> None:
    assert shown(FLAT) == set()


def test_agg_5_no_gate_below_five() -> None:
    for k in range(-1, 5):
        with pytest.raises(ValueError, match="never shown"):
            decide(FLAT, {"a": 30}, k)
    assert release.k_in_force([]) == release.k_in_force([1, 4, -7, 6]) == 5
    assert release.k_in_force([10, 15, 1]) == 15


NODES = ("p", "q", "a", "b", "c", "d", "e")


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    parents: dict[str, str | None] = {ROOT: None}
    for node in NODES[: draw(st.integers(1, 7))]:
        parents[node] = draw(st.sampled_from(sorted(parents)))
    return Tree(parents)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Tree, dict[str, int], int]:
    tree = draw(trees())
    leaves = [leaf for node in tree.parents for leaf in (node, leads_of(node))]
    return tree, {leaf: draw(st.integers(0, 12)) for leaf in leaves}, draw(st.sampled_from(release.CHOICES))


def remainders(tree: Tree, counts: dict[str, int], k: int) -> dict[str, int]:
    """Each released node without its released descendants."""
    told = decide(tree, counts, k)
    left = {node: told.totals[node] for node in told.released}
    for node in told.released:
        nearest = next((up for up in list(tree.above(node))[1:] if up in left), None)
        if nearest:
            left[nearest] -= told.totals[node]
    return left


@given(cases())
def test_agg_1_no_remainder_is_smaller_than_k(case: tuple[Tree, dict[str, int], int]) -> None:
    assert all(left == 0 or left >= case[2] for left in remainders(*case).values())


@given(cases())
def test_what_is_released_is_large_enough_and_hangs_together(case: tuple[Tree, dict[str, int], int]) -> None:
    tree, counts, k = case
    told = decide(tree, counts, k)
    for node in told.released:
        assert told.totals[node] >= (max(k, 10) if node == ROOT else k)
        assert node == ROOT or tree.parents[node] in told.released


@given(cases())
def test_nobody_is_counted_twice_and_nobody_is_lost(case: tuple[Tree, dict[str, int], int]) -> None:
    tree, counts, k = case
    told = decide(tree, counts, k)
    left_out = sum(n for leaf, n in counts.items() if told.lands[leaf] is None)
    assert told.totals[ROOT] + left_out == sum(counts.values())
    assert left_out < k
    assert gather(tree, told.lands, counts) == told.totals


def test_agg_1_the_property_notices_a_gate_without_the_remainder_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "hold_back", lambda totals, node, shown, k: list(shown))
    assert remainders(FLAT, {"a": 8, "b": 6, "c": 4}, 5)[ROOT] == 4


# ---- what is shown ----

TWO = tuple(Asked(slug, SCALE) for slug in STRAINS)
MORE = (*TWO, Asked("presence", SCALE), Asked("paperwork", YES_NO))


def tally(*ballots: tuple[int | None, ...]) -> Tally:
    made = Tally()
    for one in ballots:
        made.add(one)
    return made


def alike(number: int, *values: int | None) -> Tally:
    return tally(*[tuple(values)] * number)


def test_bands_of_the_mean_are_tenths_with_both_ends_inside() -> None:
    said = [release.mean_band(mean * 7, 7) for mean in (0, 999, 1000, 5000, 8999, 9000, WHOLE)]
    assert said == [0, 0, 1, 5, 8, 9, 9]


def test_sizes_are_told_in_bands() -> None:
    said = [release.size_band(n) for n in (5, 9, 10, 14, 15, 19, 20, 400)]
    assert said == ["5-9", "5-9", "10-14", "10-14", "15-19", "15-19", "20+", "20+"]
    with pytest.raises(ValueError, match="small"):
        release.size_band(4)


def test_shares_are_told_in_thirds() -> None:
    assert [release.third(yes * WHOLE, 21) for yes in (0, 6, 7, 14, 15, 21)] == ["few", "few", "some", "some", "most", "most"]


def test_replies_are_told_in_bands() -> None:
    assert [release.reply_band(n, 100) for n in (0, 49, 50, 74, 75, 100)] == ["0-49", "0-49", "50-74", "50-74", "75+", "75+"]


def test_below_twenty_a_team_shows_the_two_strains_and_the_root_the_other_scales_too() -> None:
    found = {
        cell.node: cell.as_json()
        for cell in picture(FLAT, MORE, {"a": alike(8, 5000, 3000, 7000, WHOLE), "b": alike(9, 1000, 2000, 7000, 0)}, {"a": 9, "b": 9}, 5)
    }
    assert found["a"] == {"size": "5-9", "bands": {"burnout": 5, "compassion-fatigue": 3}}
    assert found[ROOT] == {"size": "15-19", "bands": {"burnout": 2, "compassion-fatigue": 2, "presence": 7}}


def test_from_twenty_on_everything_that_was_asked_is_shown() -> None:
    found = {cell.node: cell.as_json() for cell in picture(FLAT, MORE, {"a": alike(20, 5000, 3000, 7000, WHOLE)}, {"a": 30}, 5)}
    assert found["a"] == {
        "size": "20+",
        "bands": {"burnout": 5, "compassion-fatigue": 3, "presence": 7},
        "shares": {"paperwork": "most"},
        "replied": "50-74",
    }


def test_an_option_that_nobody_chose_is_listed_like_any_other() -> None:
    cell = picture(FLAT, MORE, {"a": alike(20, 5000, 3000, 7000, 0)}, {"a": 20}, 5)[1]
    assert cell.shares == {"paperwork": "few"}


def test_a_question_that_few_answered_has_a_group_of_its_own_size() -> None:
    few = tally(*[(5000, 3000, 9000, None)] * 4, *[(5000, 3000, None, None)] * 26)
    assert "presence" not in picture(FLAT, MORE, {"a": few}, {"a": 30}, 5)[0].bands
    most = tally(*[(5000, 3000, 9000, None)] * 26, *[(5000, 3000, None, None)] * 4)
    assert picture(FLAT, MORE, {"a": most}, {"a": 30}, 5)[0].bands["presence"] == 9


def test_skipping_a_question_opens_no_remainder() -> None:
    """Of 30 in a and b all said how present they are but for b, where four did: a's figure beside the root's would be b's four."""
    tallies = {"a": alike(22, 5000, 3000, 7000, 0), "b": tally(*[(5000, 3000, 9000, 0)] * 4, *[(5000, 3000, None, 0)] * 20)}
    cells = {cell.node: cell for cell in picture(FLAT, MORE, tallies, {"a": 22, "b": 24}, 5)}
    assert "presence" in cells[ROOT].bands
    assert "presence" not in cells["a"].bands
    assert "presence" not in cells["b"].bands


answers = st.lists(st.integers(0, WHOLE), min_size=4, max_size=4)


@given(st.lists(st.integers(0, 26), min_size=3, max_size=3), st.data())
def test_agg_4_what_is_shown_does_not_depend_on_what_was_answered(sizes: list[int], data: st.DataObject) -> None:
    def pattern(fill: st.SearchStrategy[list[int]]) -> list[tuple[str, str, frozenset[str], frozenset[str], str | None]]:
        tallies = {node: tally(*[tuple(data.draw(fill))] * n) for node, n in zip("abc", sizes, strict=True) if n}
        roster = dict(zip("abc", (n + 2 for n in sizes), strict=True))
        return [(c.node, c.size, frozenset(c.bands), frozenset(c.shares), c.replied) for c in picture(FLAT, MORE, tallies, roster, 5)]

    assert pattern(answers) == pattern(answers) == pattern(st.just([WHOLE] * 4))


# ---- what can be counted ----


def test_what_was_not_asked_is_left_behind() -> None:
    assert whole_values(MORE, {"burnout": 0.25, "presence": None, "paperwork": True, "weight": 0.7}) == [2500, None, None, WHOLE]


def test_a_value_is_on_its_scale() -> None:
    with pytest.raises(ValueError, match="0 to 1"):
        whole_values(MORE, {"burnout": 40})


def test_a_ballot_has_both_strains() -> None:
    assert has_both_strains(MORE, [1, 1, None, None])
    assert not has_both_strains(MORE, [1, None, 1, 1])


def test_the_list_is_kept_with_its_period() -> None:
    assert from_list(as_list(ASKED)) == ASKED
    assert len({one.slug for one in ASKED}) == len(ASKED)


def test_the_stressors_are_those_of_the_check_in() -> None:
    path = Path(asked_file).parents[2] / "content" / "checkin" / "en" / "checkin.toml"
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    listed = {one["slug"] for one in told["stressor"]} | {told["other"]["slug"]}
    assert {one.slug for one in ASKED if one.group == "stressors"} == listed


def test_who_counts() -> None:
    assert not release.counts_from_now(on_earlier_roster=False, founding=False)
    assert release.counts_from_now(on_earlier_roster=True, founding=False)
    assert release.counts_from_now(on_earlier_roster=False, founding=True)
