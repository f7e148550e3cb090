"""What is said about a password that will not do: Django's checks, in words that help."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from keepwell.people.models import Person


def advice() -> str:
    return _("At least 10 characters. Three or four words in a row are easy to keep.")


def check(password: str, person: Person | None) -> None:
    """Raises a `ValidationError` that says what to do instead."""
    kind = {
        "password_too_short": _("Make it at least 10 characters long. Three words in a row will do."),
        "password_too_common": _("Many people use this one, so it is guessed first. Choose another."),
        "password_too_similar": _("It is too close to your name or address. Choose something further away."),
    }
    try:
        validate_password(password, person)
    except ValidationError as refused:
        raise ValidationError(
            [kind.get(error.code or "", str(error.messages[0])) for error in refused.error_list]
        ) from refused
