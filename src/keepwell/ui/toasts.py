"""A fact at the foot of the next page, with a way back where there is one."""

from django.contrib import messages
from django.http import HttpRequest


def note(request: HttpRequest, text: object, *, undo: str = "") -> None:
    """Says `text` on the next page: a fact, never praise. `undo` is the address whose POST takes the deed back."""
    messages.add_message(request, messages.INFO, str(text), extra_tags=undo)
