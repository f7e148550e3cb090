"""How a command, or what it stands on, says no: a sentence for the person and an exit code for the machine."""

from __future__ import annotations


class Refused(Exception):
    """Raised anywhere below a verb; `main` prints the sentence. 1: a fault in what was given. 2: used wrongly."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code
