"""A plan as the pages show it: what is covered, the four, what stands beside them, the hard-day part."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from keepwell.plans import library, queries
from keepwell.plans.rules import parts

SHOWN = 12  # lines of a domain before the rest is folded


def covered_said(whole: queries.WholePlan) -> str:
    """What is covered and what is bare, in a sentence; never a share."""
    labels = library.words().domains
    bare = [labels[slug].label for slug in whole.coverage.bare]
    if not bare:
        return _("All four have something in them.")
    if len(bare) == len(parts.DOMAINS):
        return _("Nothing in it yet. Begin anywhere.")
    if len(bare) == 1:
        return _("Three of the four are covered. %(bare)s has nothing in it yet.") % {"bare": bare[0]}
    if len(bare) == 2:
        return _("Two of the four are covered. %(one)s and %(other)s have nothing in them yet.") % {
            "one": bare[0],
            "other": bare[1],
        }
    return _("One of the four has something in it. Begin anywhere.")


def domains_shown(whole: queries.WholePlan) -> list[dict[str, Any]]:
    shown = []
    for slug, one in library.words().domains.items():
        entries = whole.in_domain(slug)
        shown.append(
            {"slug": slug, "label": one.label, "line": one.line, "first": entries[:SHOWN], "rest": entries[SHOWN:]}
        )
    return shown


def domain_doors(whole: queries.WholePlan, domain: str) -> list[dict[str, Any]]:
    covered = whole.coverage.covered
    return [
        {"slug": slug, "label": one.label, "covered": slug in covered, "current": slug == domain}
        for slug, one in library.words().domains.items()
    ]


def other_parts(whole: queries.WholePlan) -> list[dict[str, Any]]:
    """What stands beside the four: what doesn't help in the end, obstacles, first signs."""
    titles = library.words().parts
    return [
        {"slug": slug, "title": titles[slug].title, "entries": whole.of(slug)}
        for slug in (parts.NOW_NOT_HELPFUL, parts.OBSTACLES, parts.SIGNS)
        if whole.of(slug)
    ]


def terms(whole: queries.WholePlan) -> list[dict[str, Any]]:
    """The emergency plan as question and answer, in the order one needs it: whom I call stands first."""
    said = whole.emergency
    if said is None:
        return []
    labels = {
        parts.CALL: _("I call"),
        parts.DO: _("I do"),
        parts.AVOID: _("I stay away from"),
        parts.TELL: _("I tell myself"),
    }
    people = [{**one, "dialled": parts.dialled(one["phone"])} for one in said.people]
    return [
        {"part": part, "label": label, "words": said.words(part), "people": people if part == parts.CALL else []}
        for part, label in labels.items()
        if said.words(part) or (part == parts.CALL and people)
    ]
