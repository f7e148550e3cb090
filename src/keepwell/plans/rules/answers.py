"""How a week's one thing can end. Three answers of equal weight; none of them is counted, compared or kept as a score."""

from __future__ import annotations

from typing import Final

CHOSEN: Final = "chosen"
DONE: Final = "done"
PARTLY: Final = "partly"
NOT_THIS_WEEK: Final = "not-this-week"
PAUSED: Final = "paused"

ANSWERS: Final = (DONE, PARTLY, NOT_THIS_WEEK)
STATES: Final = (CHOSEN, *ANSWERS, PAUSED)
