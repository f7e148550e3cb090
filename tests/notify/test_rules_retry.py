"""Trying again: soon at first, calmly later, and not for ever. And a repeat is always known for one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from keepwell.notify.rules import reference, retry

MADE = datetime(2026, 11, 25, 14, tzinfo=UTC)


def _tries(lane: str, lasts: timedelta = retry.TRY_FOR) -> list[datetime]:
    tries = [MADE]
    while (following := retry.next_try(lane, len(tries), MADE, tries[-1], lasts)) is not None:
        tries.append(following)
    return tries


def test_what_somebody_waits_for_is_tried_soon() -> None:
    waits = [(b - a).seconds for a, b in zip(_tries("account"), _tries("account")[1:], strict=False)]
    assert waits[:4] == [5, 15, 30, 60]
    assert waits == sorted(waits)


@pytest.mark.parametrize("lane", ["account", "reminder"])
def test_trying_goes_on_for_a_day_and_then_ends(lane: str) -> None:
    tries = _tries(lane)
    assert timedelta(hours=22) < tries[-1] - MADE <= timedelta(hours=24)
    assert len(tries) < 40


def test_a_code_is_not_sent_when_it_opens_nothing_any_more() -> None:
    assert _tries("account", timedelta(minutes=15))[-1] <= MADE + timedelta(minutes=15)


def test_the_lease_is_longer_than_twice_the_sending() -> None:
    assert retry.LEASE > 2 * retry.SEND_WITHIN


def test_the_same_message_has_the_same_marks_and_another_has_others() -> None:
    one, other = uuid4(), uuid4()
    assert reference.message_id(one, "email", "x.org") == reference.message_id(one, "email", "x.org")
    assert reference.message_id(one, "email", "x.org") != reference.message_id(other, "email", "x.org")
    assert reference.reference(one) == reference.reference(one)


def test_the_marks_never_change_between_versions() -> None:
    fixed = UUID("11111111-2222-3333-4444-555555555555")
    assert reference.message_id(fixed, "email", "x.org") == "<27cbb9f8-364f-5279-90e1-85dd817a751c@x.org>"
    assert reference.reference(fixed) == "KW-9HXAPR"
