"""What every answer carries and every request knows: the hour, the language and zone, and headers that keep things close."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

Answer = Callable[[HttpRequest], HttpResponse]

PERMISSIONS = (
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(self), geolocation=(),"
    " gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), browsing-topics=()"
)


class Clock:
    """One request, one time: `request.now`."""

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()  # type: ignore[attr-defined]  # our one addition to Django's request, see house.md
        return self.get_response(request)


class Language:
    """Speaks the language chosen in this session, else the person's own, else the device's; and keeps the person's clock."""

    def __init__(self, get_response: Answer):
        self.get_response = get_response
        self.known = {code for code, _ in settings.LANGUAGES}

    def language(self, request: HttpRequest) -> str:
        session = getattr(request, "session", None)
        person = getattr(getattr(request, "viewer", None), "person", None)
        chosen = session.get("kw_language") if session is not None else None
        if chosen is None and person is not None:
            chosen = getattr(person, "language", None)
        return chosen if chosen in self.known else translation.get_language_from_request(request)

    def zone(self, request: HttpRequest) -> ZoneInfo | None:
        person = getattr(getattr(request, "viewer", None), "person", None)
        try:
            return ZoneInfo(person.zone) if person is not None and person.zone else None
        except (ZoneInfoNotFoundError, ValueError):
            return None  # a zone that no longer exists must not shut anyone out

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language, zone = self.language(request), self.zone(request)
        with translation.override(language), timezone.override(zone):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
            response.headers.setdefault("Content-Language", language)
        return response


class Headers:
    """Nothing of a person's stays in a cache; nothing of the device is asked for."""

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", PERMISSIONS)
        headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        person = getattr(getattr(request, "viewer", None), "person", None)
        user = getattr(request, "user", None)
        if person is not None or (user is not None and user.is_authenticated):
            headers["Cache-Control"] = "no-store"
        else:
            headers.setdefault("Cache-Control", "private, no-cache")
        return response
