"""Parts, domains, what is covered and what is bare."""

from __future__ import annotations

import pytest

from keepwell.plans.rules import parts


@pytest.mark.parametrize(
    ("domains", "covered", "bare"),
    [
        ([], (), ("body", "mind", "people", "spirit")),
        (["mind"], ("mind",), ("body", "people", "spirit")),
        (["spirit", "body", "body", "body"], ("body", "spirit"), ("mind", "people")),
        (["people", "spirit", "mind", "body"], ("body", "mind", "people", "spirit"), ()),
    ],
)
def test_a_domain_is_covered_by_one_activity_and_not_more_by_three(
    domains: list[str], covered: tuple[str, ...], bare: tuple[str, ...]
) -> None:
    found = parts.coverage(domains)
    assert (found.covered, found.bare) == (covered, bare)


def test_going_on_finds_the_first_part_not_passed_wherever_one_began() -> None:
    assert parts.where_to_go_on([]) == parts.NOW_HELPFUL
    assert parts.where_to_go_on([parts.SIGNS, parts.NOW_HELPFUL]) == parts.NOW_NOT_HELPFUL
    assert parts.where_to_go_on(parts.PARTS) is None


def test_the_parts_follow_each_other_from_the_first_to_the_last() -> None:
    walked, here = [], parts.PARTS[0]
    while here is not None:
        walked.append(here)
        after = parts.next_part(here)
        assert after is None or parts.part_before(after) == here
        here = after
    assert tuple(walked) == parts.PARTS
    assert parts.part_before(parts.PARTS[0]) is None


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("+1 555-0143", "+15550143"),
        ("(020) 7946 0958", "02079460958"),
        ("988", "988"),
        ("my sister", ""),
        ("12", ""),
        ("٥٥٥٠١٤٣", ""),
    ],
)
def test_a_number_is_dialled_as_digits_or_not_at_all(written: str, dialled: str) -> None:
    assert parts.dialled(written) == dialled


def test_text_is_kept_as_written_save_for_line_ends_and_blank_edges() -> None:
    assert parts.tidy("  \r\nعلى مهل 🌿\r\n  two\rlines \n ") == "على مهل 🌿\n  two\nlines"
