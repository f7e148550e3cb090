"""A ballot opens once, in its own place, with its period's key; and looks like any other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.ballots.rules import chain
from keepwell.ballots.rules.asked import ASKED, WHOLE
from keepwell.ballots.rules.box import SEALED, Inside, NoBallot, Opener, Slot, new_pair, seal_ballot

PRIVATE, PUBLIC = new_pair()
HERE = Slot("agency", "period", "ballot")
LONGEST_LEAF = "programme:00000000-0000-0000-0000-000000000000/leads"

values = st.lists(st.one_of(st.none(), st.integers(0, WHOLE)), min_size=len(ASKED), max_size=len(ASKED))


@given(values, st.sampled_from(["agency", LONGEST_LEAF]))
def test_what_goes_in_comes_out_and_every_ballot_is_as_long(said: list[int | None], leaf: str) -> None:
    sealed = seal_ballot(PUBLIC, leaf, said, HERE)
    assert len(sealed) == SEALED
    assert Opener(PRIVATE).open_ballot(sealed, HERE) == Inside(leaf, tuple(said))


@pytest.mark.parametrize("slot", [Slot("other", "period", "ballot"), Slot("agency", "other", "ballot"), Slot("agency", "period", "other")])
def test_a_ballot_moved_elsewhere_does_not_open(slot: Slot) -> None:
    sealed = seal_ballot(PUBLIC, "agency", [1], HERE)
    with pytest.raises(NoBallot):
        Opener(PRIVATE).open_ballot(sealed, slot)


def test_another_periods_key_does_not_open_it() -> None:
    with pytest.raises(NoBallot):
        Opener(new_pair()[0]).open_ballot(seal_ballot(PUBLIC, "agency", [1], HERE), HERE)


def test_every_damaged_byte_is_noticed() -> None:
    sealed = seal_ballot(PUBLIC, "agency", [1], HERE)
    opener = Opener(PRIVATE)
    for at in range(len(sealed)):
        broken = bytearray(sealed)
        broken[at] ^= 1
        with pytest.raises(NoBallot):
            opener.open_ballot(bytes(broken), HERE)
    for cut in (b"", sealed[:-1], sealed + b"\0", bytes(SEALED), b"\x01" + bytes(SEALED - 1)):
        with pytest.raises(NoBallot):
            opener.open_ballot(cut, HERE)


def test_the_same_ballot_twice_looks_different() -> None:
    assert seal_ballot(PUBLIC, "agency", [1], HERE)[1:33] != seal_ballot(PUBLIC, "agency", [1], HERE)[1:33]


def test_a_ballot_has_room_for_everything_that_is_asked_and_no_more() -> None:
    seal_ballot(PUBLIC, LONGEST_LEAF, [WHOLE] * len(ASKED), HERE)
    with pytest.raises(ValueError, match="no room"):
        seal_ballot(PUBLIC, "agency", [WHOLE] * 200, HERE)


def test_each_release_hangs_on_all_that_came_before() -> None:
    first = chain.link(chain.START, "a", "p", "n", {"size": "5-9"})
    assert chain.link(chain.START, "a", "p", "n", {"size": "5-9"}) == first
    changed = [
        chain.link(first, "a", "p", "n", {"size": "5-9"}),
        chain.link(chain.START, "b", "p", "n", {"size": "5-9"}),
        chain.link(chain.START, "a", "q", "n", {"size": "5-9"}),
        chain.link(chain.START, "a", "p", "m", {"size": "5-9"}),
        chain.link(chain.START, "a", "p", "n", {"size": "20+"}),
    ]
    assert len({first, *changed}) == 6
