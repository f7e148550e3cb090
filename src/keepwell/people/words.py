"""What an agency calls the two people who walk together. Complete word sets, one choice per agency.

A set names each word in every language it may stand in; templates take one by the tag ``{% word "mentor" %}``.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

DEFAULT = "mentor"

_SETS = {
    "mentor": {"mentor": _("mentor"), "mentors": _("mentors"), "mentee": _("mentee"), "mentees": _("mentees")},
    "advocate": {
        "mentor": _("advocate"),
        "mentors": _("advocates"),
        "mentee": _("young person"),
        "mentees": _("young people"),
    },
    "volunteer": {
        "mentor": _("volunteer"),
        "mentors": _("volunteers"),
        "mentee": _("young person"),
        "mentees": _("young people"),
    },
}


def word_set(slug: str) -> dict[str, str]:
    return {name: str(word) for name, word in _SETS.get(slug, _SETS[DEFAULT]).items()}


def choices() -> list[tuple[str, str]]:
    """Slug and example of every set, for the page on which an administrator chooses."""
    return [(slug, f"{words['mentor']} · {words['mentee']}") for slug, words in ((s, word_set(s)) for s in _SETS)]
