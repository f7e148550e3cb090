"""What anybody may read, signed in or not: where help is, and what is private."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from keepwell.people import queries
from keepwell.people.models import Agency, TalkTo
from keepwell.people.rules import authored
from keepwell.people.viewer import Request


@dataclass(frozen=True)
class Told:
    """Who runs this server, and the privacy page with their name in it."""

    host: str
    page: authored.Privacy


def told_privacy(agency: Agency | None) -> Told:
    found = queries.installation()
    host = found.hosted_by if found and found.hosted_by else _("whoever set it up")
    named = agency.name if agency else _("your agency")
    page = authored.privacy(get_language() or "en", host=host, agency=named, own=settings.KEEPWELL_CONTENT)
    return Told(host, page)


@login_not_required
@require_safe
def privacy(request: Request) -> HttpResponse:
    return render(request, "people/public/privacy.html", {"told": told_privacy(request.viewer.agency)})


@login_not_required
@require_safe
def help_now(request: Request) -> HttpResponse:
    """Help lines of one country: the one asked for, else the agency's, else that of this server's first agency."""
    language, own = get_language() or "en", settings.KEEPWELL_CONTENT
    countries = authored.countries(language, own)
    asked = request.GET.get("country", "")
    if asked not in {country.code for country in countries}:
        asked = request.viewer.agency.country if request.viewer.agency else queries.first_country()
    found = authored.help_lines(asked, language, timezone.localdate(request.now), own)
    danger = [replace(line, about=line.note or line.about) for line in found.danger]
    lines = [
        {"title": _("In danger this minute"), "danger": True, "lines": danger},
        {"title": _("Someone to talk to"), "danger": False, "lines": found.talk},
        {"title": _("About a young person"), "danger": False, "lines": found.work},
    ]
    context = {
        "lines": [group for group in lines if group["lines"]],
        "intro": found.intro,
        "country": found.country,
        "countries": [{"code": one.code, "name": one.name, "current": one == found.country} for one in countries],
        "verified_on": found.verified_on,
        "stale": found.stale,
        "talk_to": [_own_line(line) for line in queries.talk_to(request.viewer)],
    }
    return render(request, "people/public/help_now.html", context)


def _own_line(row: TalkTo) -> dict[str, str]:
    """Somebody on the agency's own list, as the page shows a line."""
    passes_on = _("Passes on: %(what)s") % {"what": row.passes_on} if row.passes_on else ""
    return {
        "name": row.name,
        "about": row.about,
        "note": passes_on,
        "hours": row.hours,
        "number": row.phone,
        "call": "".join(c for c in row.phone if c.isdigit() or c == "+"),
        "email": row.email,
        "url": row.url,
    }


@login_not_required
@require_safe
def locked(request: Request) -> HttpResponse:
    """Shown to whoever signs in to an account that an administrator has locked."""
    return render(request, "account/account_inactive.html", status=HTTPStatus.FORBIDDEN)
