"""Who may do what. One short file; views and queries ask here and nowhere else.

Responsibilities are relations and never content rights: nothing in this file opens a private row.
"""

from __future__ import annotations

from keepwell.people.models import Responsibility as R
from keepwell.people.viewer import Viewer


def may_manage_people(viewer: Viewer) -> bool:
    """Invite, move and end memberships; name teams, supervisors and people to talk to; choose words and rooms."""
    return viewer.holds(R.ADMINISTRATOR)


def may_see_people(viewer: Viewer) -> bool:
    """The list of who works here, in which team and part."""
    return viewer.holds(R.ADMINISTRATOR, R.MANAGER)


def may_look_after_server(viewer: Viewer) -> bool:
    """Post, exit address, country: the technical side, which shows no person and no content."""
    return viewer.holds(R.ADMINISTRATOR, R.TECHNICAL)
