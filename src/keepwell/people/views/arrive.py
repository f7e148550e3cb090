"""Arriving: from an invitation to Today in at most four screens. Reading a link changes nothing; letters are read by machines too."""

from __future__ import annotations

from http import HTTPStatus

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from keepwell.people import actions, queries
from keepwell.people.forms.arrive import Key, You
from keepwell.people.forms.me import choices_of
from keepwell.people.models import Invitation, Person
from keepwell.people.rules import zones
from keepwell.people.viewer import Request, viewer_for
from keepwell.people.views.public import told_privacy
from keepwell.ui import toasts

_READ = "kw_read"  # in the session: the invitation whose first screen was read


def _closed(request: Request) -> HttpResponse:
    return render(request, "people/arrive/closed.html", status=HTTPStatus.NOT_FOUND)


def _known(invitation: Invitation) -> Person | None:
    """Somebody who is here already under the invited address."""
    proved = EmailAddress.objects.filter(email=invitation.email, verified=True).select_related("user").first()
    return proved.user if proved else queries.person_by_email(invitation.email)


def _screens(invitation: Invitation) -> int:
    """How many screens before Today: whoever answers for others has one more, for the second factor."""
    return 4 if invitation.responsibilities else 3


@login_not_required
@require_safe
def invitation(request: Request, token: str) -> HttpResponse:
    """The first screen: who invites, who sees what, who runs this server."""
    found = queries.invitation_by_token(token, request.now)
    if found is None:
        if request.viewer.person is not None and queries.took_invitation(request.viewer, token):
            return redirect("today")
        return _closed(request)
    known = _known(found)
    here = request.viewer.person
    context = {
        "invitation": found,
        "token": token,
        "of": _screens(found),
        "privacy": told_privacy(found.agency),
        "signed_in": here is not None,
        "mine": here is not None and known is not None and here.pk == known.pk,
        "known": known is not None,
    }
    if here is None and "kw_language" not in request.session and "kw_language" not in request.COOKIES:
        if not request.headers.get("Accept-Language"):
            with override(found.agency.language):
                return render(request, "people/arrive/invitation.html", context)
    return render(request, "people/arrive/invitation.html", context)


@login_not_required
@require_POST
def go_on(request: Request, token: str) -> HttpResponse:
    """Read it; on to the key."""
    found = queries.invitation_by_token(token, request.now)
    if found is None or request.viewer.person is not None:
        return redirect("arrive", token)
    request.session[_READ] = str(found.id)
    return redirect("arrive_key", token)


@login_not_required
@require_POST
def take(request: Request, token: str) -> HttpResponse:
    """Somebody who is here already takes a further place, with one press."""
    found = queries.invitation_by_token(token, request.now)
    person = request.viewer.person
    if found is None or person is None:
        return redirect("arrive", token)
    known = _known(found)
    if known is None or known.pk != person.pk:
        return redirect("arrive", token)
    try:
        member = actions.take_invitation(
            invitation=found, person=person, hello=actions.Hello(person.called), now=request.now
        )
    except actions.Refused:
        return redirect("today")  # taken in another tab a moment ago
    request.session["agency"] = str(member.agency_id)
    toasts.note(request, _("You are in %(agency)s now.") % {"agency": member.agency.name})
    return redirect("today")


@login_not_required
@sensitive_post_parameters("password")
def key(request: Request, token: str) -> HttpResponse:
    """The second screen: a password or a passkey. Sending it takes the place and signs in."""
    found = queries.invitation_by_token(token, request.now)
    if found is None:
        # sent twice: the first one took the place; signed in by then, it leads on, else to the sign-in page
        return redirect("arrive_you") if request.method == "POST" else redirect("arrive", token)
    if request.viewer.person is not None or _known(found) is not None or request.session.get(_READ) != str(found.id):
        return redirect("arrive", token)
    by_passkey = request.POST.get("way") == "passkey"
    form = Key(request.POST if request.method == "POST" else None, invitation=found, by_passkey=by_passkey)
    if request.method == "POST" and form.is_valid():
        return _take_as_new(request, found, form)
    return render(
        request, "people/arrive/key.html", {"form": form, "invitation": found, "token": token, "of": _screens(found)}
    )


def _take_as_new(request: Request, found: Invitation, form: Key) -> HttpResponse:
    password = form.cleaned_data.get("password")
    hello = actions.Hello(
        called=found.name or found.email.partition("@")[0],
        password=password,
        language=request.LANGUAGE_CODE,
        zone=found.agency.zone,
    )
    try:
        member = actions.take_invitation(
            invitation=found,
            person=None,
            hello=hello,
            private_address=form.cleaned_data["private_address"],
            now=request.now,
        )
    except (actions.Refused, IntegrityError):
        return redirect("arrive_you")  # two tabs, one place: the other one has it
    person = member.person
    if person is None:
        return redirect("today")
    if viewer_for(person).sees_others and password:
        then = "second_factor"
    else:
        then = "arrive_you" if password else "mfa_add_webauthn"
    request.session.pop(_READ, None)
    response: HttpResponse = perform_login(request, person, email_verification="none", redirect_url=_path(then))
    if password and request.user.is_authenticated:
        # the password was chosen this very moment: what follows (a second factor, say) need not ask for it again
        record_authentication(request, person, method="password", reauthenticated=True)
    return response


def _path(name: str) -> str:
    return redirect(name).url


def you(request: Request) -> HttpResponse:
    """The last screen: what to be called, and one line about language, clock and week, taken from the browser."""
    person = request.viewer.person
    if person is None:
        return redirect("account_login")
    first = person.arrived_at is None
    if not first and request.method != "POST":
        return redirect("today")
    agency = request.viewer.agency
    guess = person.called if person.called != person.email.partition("@")[0] else ""
    initial = {"called": guess, "language": request.LANGUAGE_CODE, "zone": person.zone, "week_start": person.week_start}
    form = You(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.settle_in(
            by=person,
            called=told["called"],
            language=told["language"],
            zone=told["zone"],
            week_start=told["week_start"],
            now=request.now,
        )
        request.session.pop("kw_language", None)
        return redirect("today")
    chosen = form.data if form.is_bound else initial
    return render(
        request,
        "people/arrive/you.html",
        {
            "form": form,
            "of": 4 if request.viewer.sees_others else 3,
            "agency": agency,
            "language": dict(choices_of("language")).get(str(chosen.get("language")), "English"),
            "place": zones.place(str(chosen.get("zone"))),
            "monday": str(chosen.get("week_start")) == "0",
            "guess": not form.is_bound,
        },
    )
