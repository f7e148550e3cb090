"""Pages that belong to no room: leaving quickly, language, theme, the style page, and what is said when something fails."""

import sys
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST, require_safe

from keepwell.ui import showroom
from keepwell.ui.context import THEMES

YEAR = 365 * 24 * 3600


def exit_address(request: HttpRequest) -> str:
    """Where leaving leads: the agency's own neutral site, else the installation's."""
    agency = getattr(getattr(request, "viewer", None), "agency", None)
    own = str(getattr(agency, "exit_url", "") or "")
    return own if own.startswith(("https://", "http://")) else str(settings.KEEPWELL_EXIT_URL)


@login_not_required
@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """Signs out, empties this browser of us and goes to a neutral site. A plain link, so that it works without script.

    Another site may not sign people out by pointing at it, and a browser that only looks ahead does not leave.
    """
    if request.headers.get("Sec-Fetch-Site") == "cross-site" or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return forbidden(request)
    address = exit_address(request)
    logout(request)
    response = HttpResponseRedirect(address)
    response["Clear-Site-Data"] = '"cache", "storage"'
    response["Referrer-Policy"] = "no-referrer"
    for name in request.COOKIES:
        if name.startswith(("kw", "__Host-kw")):
            response.delete_cookie(name)
    response.delete_cookie("kw_last")
    return response


def _back(request: HttpRequest) -> str:
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    return there if safe else "/"


def _remember(request: HttpRequest, response: HttpResponse, name: str, cookie: str, value: str) -> None:
    """Signed in, for this session only: a phone may be shared. Otherwise on the device."""
    if getattr(getattr(request, "viewer", None), "person", None) is not None:
        request.session[name] = value
    else:
        response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    response = redirect(_back(request))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        _remember(request, response, "kw_language", settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    response = redirect(_back(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        _remember(request, response, "kw_theme", "kw_theme", chosen)
    return response


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it by this name on pages that name no picture of their own."""
    return redirect(static("ui/img/mark.svg"))


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """No search engine has any business here."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


@login_not_required
def style(request: HttpRequest) -> HttpResponse:
    """Every component in every state; for those who build, not for those who use."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "ui/style.html", showroom.everything(request))


# ---------- when something fails ----------


def _said(request: HttpRequest, status: HTTPStatus, context: dict[str, Any] | None = None) -> HttpResponse:
    return render(request, f"ui/{status.value}.html", context or {}, status=status)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return too_large(request, exception)
    return _said(request, HTTPStatus.BAD_REQUEST)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _said(request, HTTPStatus.FORBIDDEN)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _said(request, HTTPStatus.NOT_FOUND)


@requires_csrf_token
def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "ui/403_csrf.html", status=HTTPStatus.FORBIDDEN)


@requires_csrf_token
def too_large(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _said(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)




BARE = (
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><title>A fault</title>"
    "<h1>Something broke on our side</h1><p>What was saved before is safe. Wait a minute and try again.</p>"
    "<p><a href='/'>To the start</a> <a href='/help/'>Help now</a></p>"
)


def _alone(status: HTTPStatus) -> HttpResponse:
    """Asks neither the database nor the context processors, since one of them may be what broke."""
    try:
        body = get_template(f"ui/{status.value}.html").render({"product": settings.KEEPWELL_NAME})
    except Exception:  # whatever broke the page must not break the page that says so
        body = BARE
    return HttpResponse(body, status=status)


def resting(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """503: the store can't be reached just now, is full or is being put back. What was sent can be sent again."""
    response = _alone(HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = "60"
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """500, unless what failed is the store itself."""
    fault = sys.exc_info()[1]
    if isinstance(fault, OperationalError | InterfaceError) or type(fault) is DatabaseError:  # a damaged file is plain DatabaseError
        return resting(request)
    return _alone(HTTPStatus.INTERNAL_SERVER_ERROR)
