"""Everybody stands in one leaf, never in or below a node they lead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.ballots.rules.tree import ROOT, Tree, leads_of, node_of

TREE = Tree({ROOT: None, "p": ROOT, "q": ROOT, "a": "p", "b": "p", "c": "q", "inner": "a", "free": ROOT})


@pytest.mark.parametrize(
    ("member_of", "leading", "leaf"),
    [
        ("a", (), "a"),
        ("inner", (), "inner"),
        (ROOT, (), ROOT),
        ("closed since", (), ROOT),  # a team that is no longer there
        (ROOT, ("a",), "p/leads"),  # a supervisor stands with those who lead in the programme
        ("a", ("a",), "p/leads"),  # also when they work in the team they lead
        ("a", ("p",), "agency/leads"),  # programme staff stand above their programme, whatever team they are in
        ("b", ("inner",), "a/leads"),
        (ROOT, ("a", "b"), "p/leads"),
        (ROOT, ("a", "c"), "agency/leads"),  # two teams of two programmes: above both
        (ROOT, ("a", "p"), "agency/leads"),
        (ROOT, ("inner", "b"), "p/leads"),
        (ROOT, ("free",), "agency/leads"),
        ("a", (ROOT,), None),  # nothing lies above the agency
        ("a", (ROOT, "c"), None),
        ("a", ("closed since",), "a"),
    ],
)
def test_the_leaf_of_somebody(member_of: str, leading: tuple[str, ...], leaf: str | None) -> None:
    assert TREE.leaf(member_of, leading) == leaf


@given(st.sampled_from(sorted(TREE.parents)), st.sets(st.sampled_from(sorted(TREE.parents)), min_size=1))
def test_nobody_stands_in_what_they_lead(member_of: str, leading: set[str]) -> None:
    leaf = TREE.leaf(member_of, leading)
    if leaf is None:
        assert ROOT in leading
    else:
        assert leading.isdisjoint(TREE.above(node_of(leaf)))
        assert leaf == leads_of(node_of(leaf))


@pytest.mark.parametrize(
    "parents",
    [{}, {"p": None}, {ROOT: None, "p": None}, {ROOT: None, "p": "gone"}, {ROOT: None, "p": "q", "q": "p"}, {ROOT: "p", "p": ROOT}],
)
def test_a_tree_that_is_none_is_refused(parents: dict[str, str | None]) -> None:
    with pytest.raises(ValueError, match=r"tree|hangs"):
        Tree(parents)
