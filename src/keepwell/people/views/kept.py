"""A form that was sent after the session had ended: shown to its writer once they are back, sent once or let go."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from keepwell.people import actions, queries
from keepwell.people.rules.kept import own_words
from keepwell.people.viewer import Request
from keepwell.ui import toasts


@require_safe
def kept_form(request: Request) -> HttpResponse:
    kept = queries.kept_form(request.viewer, request.now)
    if kept is None:
        return redirect("today")
    written, chosen = own_words(kept.fields)
    fields = [(name, value) for name, values in kept.fields.items() for value in values]
    context = {"kept": kept, "where": _where(kept.path), "written": written, "chosen": chosen, "fields": fields}
    return render(request, "people/me/kept.html", context)


@require_POST
def send(request: Request) -> HttpResponse:
    """Hands what was sent here on to where it was going. Whoever takes the row away sends it, so it goes once."""
    path = actions.take_kept_form(by=request.viewer, now=request.now)
    if path is None:
        toasts.note(request, _("This was sent already, or let go. Nothing was sent twice."))
        return redirect("today")
    response = HttpResponseRedirect(path)
    response.status_code = HTTPStatus.TEMPORARY_REDIRECT  # the browser posts the same fields again, to that address
    return response


@require_POST
def let_go(request: Request) -> HttpResponse:
    if actions.take_kept_form(by=request.viewer, now=request.now):
        toasts.note(request, _("Let go. Nothing of it is kept."))
    return redirect("today")


def _where(path: str) -> str:
    """The part of Keepwell an address belongs to, in words; the address itself where it has none."""
    parts = {
        "check-in": _("the weekly check-in"),
        "plan": _("your self-care plan"),
        "me": _("your settings"),
        "agency": _("the agency's pages"),
        "notes": _("your notes"),
    }
    return parts.get(path.strip("/").partition("/")[0], path)
