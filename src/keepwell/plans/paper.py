"""The plan as a PDF that a screen reader can follow: tagged (PDF/UA), with its language and title, in our own letters.

It is made within the request and handed over as the answer: no private PDF is ever written to disk, put in a queue or kept.
The library asks for a file or an address only through `_Ours`, which knows our typefaces and nothing else, so that nothing a person
wrote can make the server fetch anything.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template.loader import render_to_string

_FACES = {"ours:figtree": "ui/fonts/figtree.woff2", "ours:literata": "ui/fonts/literata.woff2"}
_STYLE = "plans/css/paper.css"


@lru_cache(maxsize=1)
def is_there() -> bool:
    """Whether this machine can make one: the library is installed, and so are the system libraries it draws with."""
    if find_spec("weasyprint") is None:
        return False
    try:
        import weasyprint  # noqa: F401, PLC0415  # slow (a second), optional, and needs the system's pango
    except OSError:
        return False
    return True


def _static(name: str) -> bytes:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_bytes()


def pdf(template: str, context: dict[str, Any], request: HttpRequest) -> bytes:
    import weasyprint  # noqa: PLC0415  # slow (a second), optional, and needs the system's pango
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class Ours(URLFetcher):  # type: ignore[misc]  # the library has no types
        """Opens our two typefaces and refuses every other address."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if url not in _FACES:
                raise ValueError("Only our own typefaces are read.")
            return URLFetcherResponse(url, _static(_FACES[url]), {"Content-Type": "font/woff2"})

    fetcher, fonts = Ours(allowed_protocols=()), FontConfiguration()
    style = weasyprint.CSS(string=_static(_STYLE).decode(), url_fetcher=fetcher, font_config=fonts)
    page = weasyprint.HTML(string=render_to_string(template, context, request), url_fetcher=fetcher)
    made: bytes = page.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
    return made
