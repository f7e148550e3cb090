"""The sign-in library's forms with our labels; a password is typed once, where its maker can look at it."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from keepwell.people import passwords


def _plain(form: forms.Form) -> None:
    """A label stands above its field; it does not stand in it as well."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


def _code(form: forms.Form, label: object) -> None:
    _plain(form)
    form.fields["code"].label = str(label)
    form.fields["code"].widget.attrs.update(
        {"autocomplete": "one-time-code", "autocapitalize": "off", "class": "w-short"}
    )


class _NewPassword(forms.Form):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        del self.fields["password2"]
        _plain(self)
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = passwords.advice()


class ChangePassword(_NewPassword, account.ChangePasswordForm):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["oldpassword"].label = _("Your password now")
        self.fields["oldpassword"].help_text = ""


class SetPassword(_NewPassword, account.SetPasswordForm):
    pass


class CompleteReset(_NewPassword, account.ResetPasswordKeyForm):
    pass


class PasswordAgain(account.ReauthenticateForm):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _plain(self)
        self.fields["password"].label = _("Your password")
        self.fields["password"].help_text = ""


class AddAddress(account.AddEmailForm):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _plain(self)
        self.fields["email"].label = _("Another address")


class LetterCode(account.ConfirmEmailVerificationCodeForm):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _code(self, _("The code from the letter"))


class ResetCode(account.ConfirmPasswordResetCodeForm):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _code(self, _("The code from the letter"))


class ShowCode(mfa.AuthenticateForm):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _code(self, _("The code your app shows now"))
        self.fields["code"].help_text = _("Or one of your recovery codes.")


class ShowCodeAgain(mfa.ReauthenticateForm):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _code(self, _("The code your app shows now"))
        self.fields["code"].help_text = _("Or one of your recovery codes.")


class FirstCode(totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _code(self, _("The code your app shows now"))


class AddPasskey(webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["name"].label = _("A name for it")
        self.fields["name"].help_text = _("To tell it from others, such as: my phone.")
        self.fields["passwordless"].label = _("Sign in with it alone")
        self.fields["passwordless"].help_text = _(
            "No password needed then. The device asks for its own lock: finger, face or PIN."
        )
        self.fields["passwordless"].initial = True


class NamePasskey(webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["name"].label = _("A name for it")
