"""Leaving, language, theme, headers and what is said when something fails; all without script."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as live_settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from keepwell.ui import middleware, views
from tests.support import Cast

ClientOf = Callable[..., Client]


@pytest.fixture
def nobody(db: None) -> Client:
    return Client()


# ---------- leave ----------


def test_leaving_signs_out_empties_the_browser_and_goes_to_a_neutral_site(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.ada)
    client.cookies["kw_last"] = "plan"
    answer = client.get("/leave/")
    assert answer.status_code == 302 and answer["Location"] == live_settings.KEEPWELL_EXIT_URL
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert answer.cookies["kw_last"]["max-age"] == 0
    assert answer.cookies[live_settings.SESSION_COOKIE_NAME]["max-age"] == 0
    assert "_auth_user_id" not in client.session


def test_leaving_goes_where_the_agency_says(cast: Cast, client_of: ClientOf) -> None:
    cast.harbour.exit_url = "https://weather.example/"
    cast.harbour.save()
    assert client_of(cast.ada).get("/leave/")["Location"] == "https://weather.example/"


def test_leaving_works_for_someone_not_signed_in(nobody: Client) -> None:
    assert nobody.get("/leave/")["Location"] == live_settings.KEEPWELL_EXIT_URL


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Purpose": "prefetch;prerender"}])
def test_another_site_or_a_browser_looking_ahead_signs_nobody_out(
    cast: Cast, client_of: ClientOf, headers: dict[str, str]
) -> None:
    client = client_of(cast.ada)
    answer = client.get("/leave/", headers=headers)
    assert answer.status_code == 403 and "Clear-Site-Data" not in answer
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize("site", ["same-origin", "same-site", "none"])
def test_ones_own_page_or_address_bar_may_leave(nobody: Client, site: str) -> None:
    assert nobody.get("/leave/", headers={"Sec-Fetch-Site": site}).status_code == 302


# ---------- language and theme ----------


def test_language_is_switched_by_a_form_and_kept_on_the_device(nobody: Client) -> None:
    answer = nobody.post("/language/", {"language": "es", "next": "/help/"})
    assert answer.status_code == 302 and answer["Location"] == "/help/"
    assert '<html lang="es"' in nobody.get("/no-such-page/").content.decode()


def test_a_signed_in_person_switches_for_this_session_only(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.ada)
    answer = client.post("/language/", {"language": "es"})
    assert live_settings.LANGUAGE_COOKIE_NAME not in answer.cookies
    assert '<html lang="es"' in client.get("/no-such-page/").content.decode()
    assert '<html lang="en"' in client_of(cast.ada).get("/no-such-page/").content.decode()


def test_a_persons_own_language_wins_over_the_browsers(cast: Cast, client_of: ClientOf) -> None:
    cast.ada.language = "es"
    cast.ada.save()
    answer = client_of(cast.ada).get("/no-such-page/", headers={"Accept-Language": "en"})
    assert answer["Content-Language"] == "es"


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_a_switch_leads_nowhere_else(nobody: Client, there: str) -> None:
    assert nobody.post("/theme/", {"theme": "dark", "next": there})["Location"] == "/"


def test_theme_is_switched_without_script(nobody: Client) -> None:
    nobody.post("/theme/", {"theme": "dark"})
    assert 'data-theme="dark"' in nobody.get("/no-such-page/").content.decode()
    nobody.post("/theme/", {"theme": ""})
    assert "data-theme" not in nobody.get("/no-such-page/").content.decode()


@pytest.mark.parametrize("path", ["/language/", "/theme/"])
def test_looking_switches_nothing(nobody: Client, path: str) -> None:
    assert nobody.get(path).status_code == 405


def test_a_language_we_do_not_speak_is_not_taken(nobody: Client) -> None:
    answer = nobody.post("/language/", {"language": "xx"})
    assert live_settings.LANGUAGE_COOKIE_NAME not in answer.cookies


# ---------- headers ----------


def test_a_signed_in_page_is_never_kept(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(cast.ada).get("/no-such-page/")["Cache-Control"] == "no-store"


def test_every_page_carries_the_headers(nobody: Client) -> None:
    answer = nobody.get("/no-such-page/")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in answer["Permissions-Policy"] and "camera=()" in answer["Permissions-Policy"]
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("zone", ["Not/AZone", "", "../etc/passwd"])
def test_a_zone_that_is_no_more_shuts_nobody_out(zone: str) -> None:
    request = RequestFactory().get("/")
    person = type("Somebody", (), {"zone": zone, "language": "en"})()
    request.viewer = type("V", (), {"person": person})()  # type: ignore[attr-defined]
    assert middleware.Language(lambda r: HttpResponse()).zone(request) is None


# ---------- when something fails ----------


@pytest.mark.parametrize(
    "name", ["bad_request", "forbidden", "not_found", "csrf_refused", "too_large", "resting", "broken"]
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_failure_says_what_happened_and_what_to_do(name: str, language: str, rf: RequestFactory) -> None:
    from django.utils import translation

    request = rf.get("/x/")
    with translation.override(language):
        page = getattr(views, name)(request).content.decode()
    assert page.count("<h1>") == 1 and 'class="lead"' in page
    assert 'href="/help/"' in page and 'href="/leave/"' in page
    assert live_settings.KEEPWELL_NAME in page


def _explode(*args: Any, **kwargs: Any) -> HttpResponse:
    raise RuntimeError("whatever")


def test_500_asks_neither_the_store_nor_the_context(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keepwell.ui.context.frame", _explode)  # no database fixture here: a query would fail too
    answer = views.broken(rf.get("/"))
    assert answer.status_code == 500 and "ui/css/base.css" in answer.content.decode()


def test_500_has_words_even_when_its_own_page_is_broken(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "get_template", _explode)
    answer = views.broken(rf.get("/"))
    assert answer.status_code == 500 and "Something broke on our side" in answer.content.decode()


def test_the_door_of_a_form_that_was_open_too_long_is_kind(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/theme/", {"theme": "dark"})
    assert answer.status_code == 403 and "still in the page before this one" in answer.content.decode()


def test_permission_denied_uses_our_words(rf: RequestFactory) -> None:
    def shut(request: HttpRequest) -> HttpResponse:
        raise PermissionDenied

    assert views.forbidden(rf.get("/"), PermissionDenied()).status_code == 403


# ---------- style page ----------


def test_the_style_page_is_not_there_for_users(nobody: Client) -> None:
    assert nobody.get("/style/").status_code == 404


def test_the_style_page_shows_every_icon_and_every_chart(nobody: Client, settings: Any) -> None:
    settings.DEBUG = True
    page = nobody.get("/style/").content.decode()
    assert page.count('class="plot ') == 6 and ">spirit<" in page
