"""How the sign-in library reaches people: through our outbox, in our words; and nobody signs up without an invitation."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import timezone, translation

from keepwell.notify import actions
from keepwell.people import queries


class Accounts(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """``template_prefix`` is the library's name of the message; ours has the same last part, with dashes."""
        now = timezone.now()
        actions.put_message(
            person=queries.person_by_email(email),
            to=email,
            language=translation.get_language() or "en",
            lane="account",
            kind=template_prefix.rsplit("/", 1)[-1].replace("_", "-"),
            occasion=str(uuid.uuid4()),
            params={name: str(context[name]) for name in ("code", "password_reset_url", "activate_url") if name in context},
            due_at=now,
            now=now,
        )
