"""Forms at the doors: coming in by an invitation, signing in, asking for a new password."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from allauth.account.models import EmailAddress
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from keepwell.people import passwords
from keepwell.people.forms.me import InTime
from keepwell.people.middleware import SHARED_DEVICE
from keepwell.people.models import Invitation, Person


class Key(forms.Form):
    """How somebody will come in: a password, or a passkey made on the next page; and a private address, if they like."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    private_address = forms.EmailField(
        label=_("Private address"),
        required=False,
        max_length=254,
        help_text=_(
            "Stays with you when you leave the agency, so that you still get to what is yours. You confirm it later."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, by_passkey: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self.invitation = invitation
        self.fields["password"].help_text = passwords.advice()
        if by_passkey:
            del self.fields["password"]

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        passwords.check(password, Person(email=self.invitation.email, called=self.invitation.name))
        return password

    def clean_private_address(self) -> str:
        address = str(self.cleaned_data["private_address"]).lower()
        return "" if address == self.invitation.email else address


class You(InTime):
    """What to be called, and one line about language, clock and week."""

    called = forms.CharField(
        label=_("What should we call you?"),
        max_length=80,
        help_text=_("A first name is enough. Only Keepwell uses it, to speak to you."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    field_order = ["called", "language", "zone", "week_start"]


class SignIn(LoginForm):
    """The library's form, with one tick for a device that others use too."""

    shared = forms.BooleanField(
        label=_("This is a shared device"),
        required=False,
        help_text=_("You are signed out when the browser closes, or after 30 minutes without a step."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["login"].label = _("Your address")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        response: HttpResponse = super().login(request, redirect_url)
        if self.cleaned_data["shared"]:
            request.session[SHARED_DEVICE] = time.time()
            request.session.set_expiry(0)
        else:
            request.session.pop(SHARED_DEVICE, None)
        return response


class NewPassword(ResetPasswordForm):
    """A code for a new password goes only to an address that was proved: a slip in a private address opens no door."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["email"].label = _("Your address")
        self.fields["email"].widget.attrs.pop("placeholder", None)

    def clean_email(self) -> str:
        address: str = super().clean_email()
        proved = set(
            EmailAddress.objects.filter(email=address.lower(), verified=True).values_list("user_id", flat=True)
        )
        found = getattr(self, "users", [])
        self.users = [user for user in found if user.pk in proved or user.email.lower() == address.lower()]
        return address
