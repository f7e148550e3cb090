"""Senders killed at random: nothing is lost, and what comes twice bears the same id."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter

import pytest

from tests.clock.conftest import Scratch, children, until
from tests.support import Post

MESSAGES = 200


@pytest.mark.slow
def test_killed_at_random_nothing_is_lost_and_a_repeat_is_known_for_one(lived: Scratch, sink: Post) -> None:
    assert lived.run(lived.worker("fill", str(MESSAGES)))[0] == 0
    parent = lived.worker("send")
    dice, kills = random.Random(20261125), 0
    until(lambda: len(sink.mails) > 0)
    while len({mail["Message-ID"] for mail in sink.mails}) < MESSAGES and kills < 150:
        time.sleep(dice.uniform(0.01, 0.2))
        for pid in dice.sample(alive := children(parent.pid), k=min(len(alive), dice.choice((1, 1, 1, 2)))):
            os.kill(pid, signal.SIGKILL)
            kills += 1
    until(lambda: len({mail["Message-ID"] for mail in sink.mails}) == MESSAGES, within=120)
    until(lambda: lived.look()["states"] == {"sent": MESSAGES})
    assert kills >= 10
    times = Counter(mail["Message-ID"] for mail in sink.mails)
    repeats = sum(times.values()) - MESSAGES
    print(f"{kills} kills, {MESSAGES} messages, 0 lost, {repeats} repeated with the same id")
    assert repeats <= kills  # one in flight for each sender


@pytest.mark.slow
def test_two_senders_at_once_send_nothing_twice(lived: Scratch, sink: Post) -> None:
    assert lived.run(lived.worker("fill", str(MESSAGES)))[0] == 0
    lived.worker("send")
    until(lambda: len(sink.mails) >= MESSAGES)
    until(lambda: lived.look()["states"] == {"sent": MESSAGES})
    assert len(sink.mails) == MESSAGES
    assert len({mail["Message-ID"] for mail in sink.mails}) == MESSAGES


@pytest.mark.slow
def test_a_sender_told_to_stop_ends_what_it_is_at_and_no_message_comes_twice(lived: Scratch, sink: Post) -> None:
    assert lived.run(lived.worker("fill", str(MESSAGES)))[0] == 0
    for _round in range(3):
        process = lived.worker("send")
        before = len(sink.mails)
        until(lambda process=process: len(children(process.pid)) == 2)  # type: ignore[misc]  # it listens before it has children
        until(lambda before=before: len(sink.mails) in (MESSAGES, *range(before + 1, MESSAGES)))  # type: ignore[misc]  # bound here
        process.terminate()
        assert process.wait(timeout=60) == 0
    lived.worker("send")
    until(lambda: lived.look()["states"] == {"sent": MESSAGES})
    assert len(sink.mails) == MESSAGES
