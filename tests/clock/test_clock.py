"""The clock's one list: each chore at its rhythm, none stopping another, nothing private in what it notes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from keepwell import clock, health
from keepwell.notify import actions
from keepwell.notify.models import Heartbeat
from tests.support import Cast


class Hand:
    """A monotonic clock moved by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def _note(into: list[str], name: str) -> Callable[[datetime], int]:
    def do(now: datetime) -> int:
        into.append(name)
        return 1

    return do


def never() -> bool:
    return False


def test_each_chore_has_its_own_rhythm(db: None) -> None:
    done: list[str] = []
    hand = Hand()
    turns = clock.Turns([clock.Chore("a", 10, _note(done, "a")), clock.Chore("b", 60, _note(done, "b"))], now=hand)
    turns.take(never)
    assert done == ["a", "b"]  # after a start it is everybody's turn
    for _second in range(59):
        hand.at += 1
        turns.take(never)
    assert done.count("a") == 6
    assert done.count("b") == 1


def test_a_chore_that_fails_stops_no_other_and_says_nothing_private(db: None, caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    def broken(now: datetime) -> int:
        raise ValueError("canary: what somebody wrote")

    turns = clock.Turns([clock.Chore("broken", 1, broken), clock.Chore("b", 1, _note(done, "b"))])
    with caplog.at_level(logging.ERROR, "keepwell.clock"):
        turns.take(never)
    assert done == ["b"]
    assert "canary" not in caplog.text
    assert "ValueError (test_clock.py:" in caplog.text


def test_told_to_stop_no_further_chore_is_begun(db: None) -> None:
    done: list[str] = []
    turns = clock.Turns([clock.Chore("a", 1, _note(done, "a")), clock.Chore("b", 1, _note(done, "b"))])
    turns.take(lambda: bool(done))
    assert done == ["a"]


def test_every_chore_may_be_done_on_an_empty_store_and_twice(cast: Cast, now: datetime) -> None:
    for chore in (*clock.POST, *clock.CHORES):
        assert chore.do(now) >= 0
        chore.do(now)
    names = [chore.name for chore in (*clock.POST, *clock.CHORES)]
    assert len(names) == len(set(names))


def test_a_lane_that_hangs_does_not_look_alive(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    monkeypatch.setattr(clock.Beating, "_give_sign", lambda self: given.append(1) or 1)
    monkeypatch.setattr(clock, "BEAT", 0.01)
    with clock.Beating("post", stuck_after=-1):
        pass
    assert given == []
    with clock.Beating("post", stuck_after=60):
        pass
    assert given


def test_ready_needs_both_lanes_to_have_given_a_sign(db: None, now: datetime) -> None:
    assert health.why_not_ready(now) == ["The clock (post) has not started.", "The clock (chores) has not started."]
    for part in health.PARTS:
        actions.beat(part=part, now=now)
        actions.beat(part=part, now=now)
    assert Heartbeat.objects.count() == 2
    assert health.why_not_ready(now + timedelta(seconds=30)) == []
    assert health.why_not_ready(now + timedelta(seconds=31)) == [
        f"The clock ({part}) has given no sign for more than 30 seconds." for part in health.PARTS
    ]
