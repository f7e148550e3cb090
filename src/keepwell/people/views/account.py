"""The second factor. The pages themselves are the sign-in library's, in our dress; here stands what it can't know."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.views import AddWebAuthnView
from allauth.usersessions.views import ListUserSessionsView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from keepwell.people.middleware import SHARED_DEVICE, second_factor_shown
from keepwell.people.rules.browsers import browser_named
from keepwell.people.viewer import Request


@require_safe
def second_factor(request: Request) -> HttpResponse:
    """Why a second factor, and the two ways to have one. Who has one already is asked to show it."""
    person = request.viewer.person
    if person is None:
        return redirect("account_login")
    if second_factor_shown(request) or not request.viewer.sees_others:
        return redirect("arrive_you" if person.arrived_at is None else "today")
    if is_mfa_enabled(person, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]):
        has_code = is_mfa_enabled(person, [Authenticator.Type.TOTP])
        return redirect(redirect("mfa_reauthenticate" if has_code else "mfa_reauthenticate_webauthn").url + "?next=/")
    return render(
        request,
        "people/arrive/second_factor.html",
        {"arriving": person.arrived_at is None, "shared": SHARED_DEVICE in request.session},
    )


@require_safe
def to_security(request: Request) -> HttpResponse:
    """The library leads to its own overviews; ours is one page of the settings."""
    return redirect("me_security")


def _shown(request: HttpRequest, kind: str) -> None:
    """Making a second factor shows it: in this session, and in no other that may be open, it need not be shown again."""
    record_authentication(request, request.user, method="mfa", type=kind, reauthenticated=True)


class AddCode(ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _shown(self.request, "totp")
        return response


class AddPasskey(AddWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _shown(self.request, "webauthn")
        return response


class Sessions(ListUserSessionsView):
    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)
        for session in context["sessions"]:
            session.browser = browser_named(session.user_agent)
        return context


sessions = Sessions.as_view()
add_code = AddCode.as_view()
add_passkey = AddPasskey.as_view()
