"""How the sign-in library behaves at our doors. The room `notify` adds how its letters travel."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from keepwell.people import passwords
from keepwell.people.middleware import SHARED_DEVICE
from keepwell.people.models import Person


class Doors(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # one sentence for every reason, so that nobody learns which addresses are known here
        "email_password_mismatch": _(
            "This address and password don't belong together. Nothing was changed; try again."
        ),
        "too_many_login_attempts": _("That was often in a short time. Wait five minutes, then try again."),
        "rate_limited": _("That was often in a short time. Wait a minute, then try again."),
        "incorrect_code": _("This code doesn't fit. Codes change quickly: type the newest one."),
        "incorrect_password": _("This is not your password. Try again."),
        "enter_current_password": _("This is not your password now. Try again."),
        "duplicate_email": _("This address is on your list already."),
        "max_email_addresses": _("Three addresses are the most. Take one away first."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody comes in without an invitation."""
        return False

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        passwords.check(password, user if isinstance(user, Person) else None)
        return password

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Today, or the last screen of arriving for whoever stopped before it."""
        person = request.user
        if isinstance(person, Person) and person.arrived_at is None and SHARED_DEVICE not in request.session:
            return resolve_url("arrive_you")
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def logout(self, request: HttpRequest) -> None:
        """Signed out by oneself: this browser forgets who was here, so no form is kept for anybody."""
        super().logout(request)
        request.signed_out = True  # type: ignore[attr-defined]  # read by people.middleware.Viewer
