"""Every message Keepwell can send: when, and in which words. What is not in this list is not sent.

Subject, sender and the first lines of each say nothing of health, of the work or of the young people in it, because a
telephone shows them on a locked screen (TIS-3; a test holds every entry in every language against a list of words). Who
wants to know more from a message turns on "say more": then it names the thing, never what was written or answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from keepwell.notify.rules.retry import TRY_FOR

Words = Any  # a lazy translation: text in whatever language is active when it is written

ACCOUNT, REMINDER = "account", "reminder"
CODE_LASTS = timedelta(minutes=15)


@dataclass(frozen=True)
class Entry:
    """One message. ``body`` is a list of paragraphs; an empty one is left out."""

    slug: str
    lane: str
    name: Words
    when: Words
    subject: Words
    body: tuple[Words, ...]
    go: Words = _("Open")
    path: str = "/"
    more_subject: Words = ""
    more_body: tuple[Words, ...] = ()
    optional: bool = False
    lasts: timedelta = TRY_FOR  # after this it would say nothing any more, and is withdrawn
    example: Mapping[str, str] = field(default_factory=dict)

    def fits(self, params: Mapping[str, str]) -> None:
        """Raises where a blank of the letter would stay empty: whoever writes a message hears of it, not whoever sends it."""
        for paragraph in (*self.body, *self.more_body):
            str(paragraph) % params

    @property
    def says_more(self) -> bool:
        return bool(self.more_body)


_WAITS = (_("Something waits for you, whenever it suits you. It is there for as long as you like."),)
_DISCREET = _("A note for you")
_IF_NOT_YOU = _("If this was not you, sign in and choose a new password, and tell whoever runs this for you.")


def _changed(slug: str, name: Words, when: Words, first: Words) -> Entry:
    """Something about somebody's way of signing in was changed, and they should hear of it."""
    return Entry(slug, ACCOUNT, name, when, _("A change to your sign-in"), (first, _IF_NOT_YOU), path="")


ENTRIES: tuple[Entry, ...] = (
    # ---- reminders: one a day at most, never in quiet hours, on days off or while away ----
    Entry(
        slug="check-in-reminder",
        lane=REMINDER,
        name=_("Weekly check-in"),
        when=_("Once a week, when your check-in opens and you have not done it."),
        subject=_DISCREET,
        body=_WAITS,
        more_subject=_("Your weekly check-in is open"),
        more_body=(_("Your weekly check-in is open. It takes about a minute, and any question may be passed over."),),
        optional=True,
    ),
    Entry(
        slug="commitment-reminder",
        lane=REMINDER,
        name=_("What you chose for this week"),
        when=_("At the time you set yourself, if you asked to be reminded."),
        subject=_DISCREET,
        body=_WAITS,
        more_subject=_("What you chose for this week"),
        more_body=(_("You asked to be reminded of what you chose for this week. Not this week is an answer too."),),
        optional=True,
    ),
    Entry(
        slug="plan-review-reminder",
        lane=REMINDER,
        name=_("Looking at your plan again"),
        when=_("On the day you set for looking at your plan again."),
        subject=_DISCREET,
        body=_WAITS,
        more_subject=_("The day you set for your plan"),
        more_body=(_("You set today for looking at your plan again. What still fits stays; the rest may go."),),
        optional=True,
    ),
    # ---- about your place and your data ----
    Entry(
        slug="invitation",
        lane=ACCOUNT,
        name=_("Invitation"),
        when=_("When an administrator invites somebody."),
        subject=_("A place has been prepared for you"),
        body=(
            _("A place has been prepared for you. The link below opens it; it works once, until %(until)s."),
            _(
                "%(agency)s invites you to %(product)s. What you note there is yours: nobody else sees it unless you share it."
            ),
            "%(note)s",
            _("If you did not expect this, you need not do anything."),
        ),
        go=_("Open my place"),
        lasts=timedelta(days=7),
        example={"until": "2 Dec 2026", "agency": "Harbour Street", "product": "Keepwell", "note": ""},
    ),
    Entry(
        slug="membership-ended",
        lane=ACCOUNT,
        name=_("Your place ended"),
        when=_("When your place in an agency ends, by you or by an administrator."),
        subject=_("Your place has changed"),
        body=(
            _(
                "Your place at %(agency)s has ended. Your own space stays yours: you can sign in, read and take everything with you."
            ),
            _("Add an address of your own, should this one be closed soon."),
        ),
        path="/me/",
        example={"agency": "Harbour Street"},
    ),
    Entry(
        slug="export-ready",
        lane=ACCOUNT,
        name=_("Your data is ready"),
        when=_("When the archive you asked for has been made."),
        subject=_("What you asked for is ready"),
        body=(_("What you asked for is ready. It waits for a day; open it where only you see the screen."),),
        path="/me/data/",
        optional=True,
    ),
    Entry(
        slug="erased",
        lane=ACCOUNT,
        name=_("Everything of yours is erased"),
        when=_("When whoever runs this server erased your account at your request."),
        subject=_("What you asked for is done"),
        body=(
            _("Your account was erased, and everything in it. It can't be brought back. This is the last message."),
            _("The reason that was given: %(reason)s"),
        ),
        path="",
        example={"reason": "…"},
    ),
    Entry(
        slug="post-test",
        lane=ACCOUNT,
        name=_("Test of the post"),
        when=_("When an administrator asks whether e-mail works, to themselves only."),
        subject=_("The post works"),
        body=(_("This is the test you asked for. Messages from %(product)s reach this address."),),
        path="",
        lasts=timedelta(hours=1),
        example={"product": "Keepwell"},
    ),
    # ---- signing in ----
    Entry(
        slug="email-confirmation",
        lane=ACCOUNT,
        name=_("Confirming an address"),
        when=_("When you add an address."),
        subject=_("Your code"),
        body=(
            _("Your code is %(code)s. It works for 15 minutes."),
            _("It confirms that this address is yours. If you did not ask for it, you need not do anything."),
        ),
        path="",
        lasts=CODE_LASTS,
        example={"code": "K7F2QX"},
    ),
    Entry(
        slug="password-reset-code",
        lane=ACCOUNT,
        name=_("New password"),
        when=_("When somebody asks for a new password with your address."),
        subject=_("Your code"),
        body=(
            _("Your code is %(code)s. It works for 15 minutes."),
            _(
                "It lets you choose a new password. If you did not ask for it, you need not do anything: the old one still works."
            ),
        ),
        path="",
        lasts=CODE_LASTS,
        example={"code": "K7F2QX"},
    ),
    Entry(
        slug="account-already-exists",
        lane=ACCOUNT,
        name=_("An account with this address exists"),
        when=_("When somebody wants to use your address for another account."),
        subject=_("About your address"),
        body=(
            _(
                "Somebody wanted to use this address for another account. You have one with it already, and nothing was changed."
            ),
            _("If it was you and you can’t sign in, ask for a new password on the sign-in page."),
        ),
        path="",
        lasts=timedelta(hours=1),
    ),
    _changed(
        "password-changed", _("Password changed"), _("When your password was changed."), _("Your password was changed.")
    ),
    _changed(
        "password-set",
        _("Password set"),
        _("When your account got a password."),
        _("A password was set for your account."),
    ),
    _changed(
        "password-reset",
        _("New password chosen"),
        _("When a new password was chosen by code."),
        _("A new password was chosen with a code we sent you."),
    ),
    _changed(
        "email-changed",
        _("Main address changed"),
        _("When another address became your main one; sent to the old one."),
        _("Another address is now the main one of your account."),
    ),
    _changed(
        "email-confirm", _("Address confirmed"), _("When an address was confirmed."), _("This address was confirmed.")
    ),
    _changed(
        "email-deleted",
        _("Address removed"),
        _("When an address was removed."),
        _("An address was removed from your account."),
    ),
    _changed(
        "totp-activated",
        _("One-time codes on"),
        _("When an app for one-time codes was added."),
        _("An app for one-time codes was added to your account."),
    ),
    _changed(
        "totp-deactivated",
        _("One-time codes off"),
        _("When the app for one-time codes was removed."),
        _("The app for one-time codes was removed from your account."),
    ),
    _changed(
        "webauthn-added",
        _("Passkey added"),
        _("When a passkey or security key was added."),
        _("A passkey or security key was added to your account."),
    ),
    _changed(
        "webauthn-removed",
        _("Passkey removed"),
        _("When a passkey or security key was removed."),
        _("A passkey or security key was removed from your account."),
    ),
    _changed(
        "recovery-codes-generated",
        _("New recovery codes"),
        _("When new recovery codes were made."),
        _("New recovery codes were made for your account. The old ones no longer work."),
    ),
)

_BY_SLUG = {entry.slug: entry for entry in ENTRIES}
OPTIONAL = tuple(entry.slug for entry in ENTRIES if entry.optional)


def entry(slug: str) -> Entry:
    """The entry of that name; an unknown one is a fault of ours and raises."""
    return _BY_SLUG[slug]


def knows(slug: str) -> bool:
    return slug in _BY_SLUG


def reminder_of(due_kind: str) -> Entry | None:
    """The message that reminds of due rows of this kind, if there is one."""
    return _BY_SLUG.get(f"{due_kind}-reminder")
