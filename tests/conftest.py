"""Fixtures every room may use. The cast, the moment and the post office are described in `tests/support.py`."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from tests import support

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, Page
    from pytest_django import Settings
    from pytest_django.live_server_helper import LiveServer

    from keepwell.people.models import Person

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import provision  # noqa: E402  # tools/ is no package: it is never installed

support.close_the_network()

_STORE = {"db", "transactional_db", "cast", "client_of", "live", "live_server", "browse"}
_LIVE = {"live", "live_server", "browse", "transactional_db"}


def pytest_configure(config: pytest.Config) -> None:
    from hypothesis import HealthCheck, settings  # here, so that a run without properties does not pay for it

    settings.register_profile(
        "keepwell",
        max_examples=int(os.environ.get("KEEPWELL_TEST_EXAMPLES", "60")),
        deadline=None,  # a busy machine is no fault
        derandomize=True,  # a red run stays red until it is mended; `make long` explores further
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    settings.load_profile("keepwell")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Whoever needs the store gets both of them, rows and keys; whoever has a live server gets real commits."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        asked = item.get_closest_marker("django_db")
        if asked or names & _STORE:
            wishes = dict(asked.kwargs) if asked else {}
            wishes.setdefault("databases", ["default", "keys"])
            if names & _LIVE:
                wishes["transaction"] = True
            item.add_marker(pytest.mark.django_db(**wishes), append=False)
        if "browse" in names or "journeys" in item.path.parts:
            item.add_marker("journey")


def pytest_runtest_setup(item: pytest.Item) -> None:
    vendor = "postgres" if os.environ.get("KEEPWELL_DATABASE_URL", "").startswith("postgres") else "sqlite"
    for only in ("postgres", "sqlite"):
        if item.get_closest_marker(only) and vendor != only:
            pytest.skip(f"needs the store to be {only}")
    if item.get_closest_marker("journey") and provision.chromium() is None:
        pytest.skip("no Chromium here (apt-get install chromium)")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tells tools/suite.py what came of this run."""
    path = os.environ.get("KEEPWELL_SUITE_REPORT")
    if not path or hasattr(terminalreporter.config, "workerinput"):
        return
    stats = terminalreporter.stats
    reasons = Counter(
        (report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)).removeprefix("Skipped: ")
        for report in stats.get("skipped", [])
    )
    told = {
        "passed": len(stats.get("passed", [])) + len(stats.get("xfailed", [])),
        "failed": len(stats.get("failed", [])) + len(stats.get("error", [])) + len(stats.get("xpassed", [])),
        "skipped": reasons,
    }
    Path(path).write_text(json.dumps(told))


# ---- time ----


@pytest.fixture
def now() -> Iterator[datetime]:
    """Wednesday 2026-11-25, 14:00 UTC, and the clock stands still."""
    with time_machine.travel(support.NOW, tick=False):
        yield support.NOW


# ---- people ----


@pytest.fixture
def cast(db: None) -> support.Cast:
    """Two agencies and everybody in them, made by the same actions the pages use, as of `support.NOW`."""
    from tests.people.cast import gather  # models need Django set up

    with time_machine.travel(support.NOW, tick=False):
        return gather(support.NOW)


@pytest.fixture
def client_of(db: None) -> Callable[..., Client]:
    """`client_of(cast.ada)`: a signed-in browser without a window. Who sees others has shown a second factor, unless told not to."""
    from tests.people.cast import signed_in

    return signed_in


# ---- post ----


@pytest.fixture
def smtp(settings: Settings) -> Iterator[support.Post]:
    """A real SMTP server; Django sends to it. See `support.Post` for what it can be told to do."""
    post, controller = support.open_post()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = post.host, post.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.KEEPWELL_EMAIL_URL = post.url
    try:
        yield post
    finally:
        controller.stop()


# ---- data from outside ----


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Published data beside the repository; never copied into it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("shared/data does not lie beside this copy of the repository")
    return folder


# ---- a real browser ----


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The machine's own Chromium, kept from calling home."""
    flags = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic", "--no-first-run"]
    flags += ["--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium refuses its sandbox to root
    return {"executable_path": str(provision.chromium()), "args": flags}


@pytest.fixture
def live(live_server: LiveServer) -> Iterator[str]:
    """The address of a running Keepwell whose clock began at `support.NOW` and goes on from there."""
    with time_machine.travel(support.NOW, tick=True):
        yield live_server.url


@pytest.fixture
def browse(live: str, browser: Browser) -> Iterator[Callable[..., Page]]:
    """`browse(person, width=390, scheme="dark", language="es")`: a page in a window of its own.

    When the test ends it must have seen no script error, no refused content and no request to anywhere but here.
    """
    from tests.people.cast import session_cookie

    faults: list[str] = []
    contexts = []

    def open_page(person: Person | None = None, *, width: int = 1280, scheme: str = "light", language: str = "en", **more: Any) -> Page:
        context = browser.new_context(
            base_url=live,
            viewport={"width": width, "height": 844 if width < 700 else 800},
            color_scheme=scheme,
            locale={"en": "en-US", "es": "es-MX"}.get(language, language),
            timezone_id=more.pop("zone", "America/New_York"),
            reduced_motion=more.pop("motion", "reduce"),
            **more,
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        if person is not None:
            context.add_cookies([{**session_cookie(person), "url": live}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on("console", lambda line: faults.append(f"console: {line.text}") if line.type == "error" else None)
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith((live, "data:", "blob:", "about:")) else faults.append(f"asked elsewhere: {request.url}")
            ),
        )
        return page

    open_page.faults = faults  # type: ignore[attr-defined]  # a journey that means to meet a 404 clears what it expects
    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(scope="session")
def axe() -> Callable[..., None]:
    """`axe(page)`: fails with a readable list if the accessibility engine finds anything."""
    from tests.journeys_support import look_over  # brings the engine, a megabyte of script

    return look_over
