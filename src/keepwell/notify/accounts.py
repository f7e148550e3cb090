"""How the sign-in library reaches people: through our outbox, in our words."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account.models import EmailAddress
from django.http import HttpRequest
from django.utils import timezone, translation

from keepwell.notify import actions
from keepwell.people import queries
from keepwell.people.accounts import Doors
from keepwell.people.models import Person


class Accounts(Doors):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """``template_prefix`` is the library's name of the message; ours has the same last part, with dashes."""
        now = timezone.now()
        actions.put_message(
            person=_whose(email, context),
            to=email,
            language=translation.get_language() or "en",
            lane="account",
            kind=template_prefix.rsplit("/", 1)[-1].replace("_", "-"),
            occasion=str(uuid.uuid4()),
            params={"code": str(context["code"])} if "code" in context else {},
            due_at=now,
            now=now,
        )

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """Nobody signs up here. The library takes whoever has no date of a last sign-in for new; we keep no such date."""
        super().send_confirmation_mail(request, emailconfirmation, signup=False)

    def send_notification_mail(
        self, template_prefix: str, user: Person, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """A change to somebody's sign-in. Where they were and with which device is not written into it."""
        to = email or EmailAddress.objects.get_primary_email(user) or user.email
        with translation.override(user.language):
            self.send_mail(template_prefix, to, {"user": user})


def _whose(email: str, context: dict[str, Any]) -> Person | None:
    """The person a message belongs to, so that it leaves with them."""
    user = context.get("user")
    if isinstance(user, Person):
        return user
    other = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
    return queries.person_by_email(email) or (other.user if other else None)
