"""What every page is given: the product's name, the theme, who is looking and the places they may go."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_info

THEMES = ("", "light", "dark")


def theme_of(request: HttpRequest) -> str:
    """The theme chosen in this session, else the person's own, else this device's; empty means: as the device likes."""
    session = getattr(request, "session", None)
    person = getattr(getattr(request, "viewer", None), "person", None)
    chosen = session.get("kw_theme") if session is not None else None
    if chosen is None and person is not None:
        chosen = getattr(person, "theme", None)
    if not chosen and person is None:
        chosen = request.COOKIES.get("kw_theme")
    return chosen if chosen in THEMES and chosen else ""


@cache
def _languages() -> tuple[tuple[str, str], ...]:
    """Each language by its own name."""
    return tuple((code, get_language_info(code)["name_local"]) for code, _ in settings.LANGUAGES)


def frame(request: HttpRequest) -> dict[str, Any]:
    return {
        "product": settings.KEEPWELL_NAME,
        "theme": theme_of(request),
        "csp_nonce": getattr(request, "csp_nonce", ""),  # the name django-htmx looks for
        "viewer": getattr(request, "viewer", None),
        "places": [*getattr(request, "places", ())],
        "demo": getattr(request, "demo", getattr(settings, "DEMO", False)),
        "languages": _languages(),
    }
