"""Pictures of every page at phone and desktop width, light and dark, in both languages, into `pictures/`: `make pictures`.

    tools/pictures.py                    everything
    tools/pictures.py today plan         pages whose name begins so
    tools/pictures.py --url http://…     of a demonstration that is already running
    tools/pictures.py --readme           the one picture of the README, into docs/pictures/
The pages are in the table below; a room that gains a page adds a line.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent))
import provision

ROOT = Path(__file__).resolve().parent.parent
WIDTHS = {390: 844, 1280: 800}
SCHEMES = ("light", "dark")
LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Shot:
    """One page: its name, its address, and as whom (a slug of the demonstration's cast; nobody: not signed in)."""

    name: str
    path: str
    who: str = ""
    status: int = 200
    follow: str = ""  # a link on that page to follow, as a CSS selector: for addresses that hold an id


PAGES: tuple[Shot, ...] = (
    # the front, and what everybody may see
    Shot("front", "/"),
    Shot("help", "/help/"),
    Shot("privacy", "/privacy/"),
    Shot("sign-in", "/account/login/"),
    Shot("forgotten", "/account/password/reset/"),
    Shot("erased", "/erased/"),
    Shot("not-found", "/nowhere/", status=404),
    # a day of a member of staff
    Shot("today", "/", "ada"),
    Shot("today-mentor", "/", "mia"),
    Shot("today-supervisor", "/", "ben"),
    Shot("check-in", "/check-in/", "ada"),
    Shot("check-in-all", "/check-in/all/", "ada"),
    Shot("check-in-result", "/check-in/result/", "ada"),
    Shot("trends", "/trends/", "ada"),
    Shot("trends-mentor", "/trends/", "mia"),
    Shot("plan", "/plan/", "ada"),
    Shot("plan-build", "/plan/build/", "ada"),
    Shot("plan-build-now", "/plan/build/now-helpful/", "ada"),
    Shot("plan-build-keep", "/plan/build/keep/", "ada"),
    Shot("plan-build-review", "/plan/build/review/", "ada"),
    Shot("plan-steps", "/plan/steps/", "ada"),
    Shot("plan-week", "/plan/week/", "ada"),
    Shot("plan-pause", "/plan/week/pause/", "ada"),
    Shot("plan-emergency", "/plan/emergency/", "ada"),
    Shot("plan-print", "/plan/print/", "ada"),
    # settings and one's own data
    Shot("me", "/me/", "ada"),
    Shot("me-called", "/me/called/", "ada"),
    Shot("me-language", "/me/language/", "ada"),
    Shot("me-theme", "/me/theme/", "ada"),
    Shot("me-who-sees", "/me/who-sees/", "ada"),
    Shot("me-security", "/me/security/", "ada"),
    Shot("me-leave", "/me/leave/", "ada"),
    Shot("me-notes", "/me/notes/", "ada"),
    Shot("me-messages", "/me/messages/", "ada"),
    Shot("me-hours", "/me/hours/", "ada"),
    Shot("me-data", "/me/data/", "ada"),
    Shot("me-things", "/me/data/things/", "ada"),
    Shot("me-erase", "/me/data/erase/", "ada"),
    Shot("me-sessions", "/account/sessions/", "ada"),
    Shot("me-password", "/account/password/change/", "ada"),
    Shot("me-addresses", "/account/email/", "ada"),
    Shot("me-code", "/account/2fa/code/add/", "ada"),
    Shot("me-passkey", "/account/2fa/passkeys/add/", "ada"),
    # the agency
    Shot("agency", "/agency/", "adam"),
    Shot("agency-manager", "/agency/", "cleo"),
    Shot("agency-technical", "/agency/", "tess"),
    Shot("agency-people", "/agency/people/", "adam"),
    Shot("agency-person", "/agency/people/", "adam", follow='main a[href^="/agency/people/"][href*="-"]'),
    Shot("agency-invite", "/agency/people/invite/", "adam"),
    Shot("agency-import", "/agency/people/import/", "adam"),
    Shot("agency-teams", "/agency/teams/", "adam"),
    Shot("agency-supervisors", "/agency/supervisors/", "adam"),
    Shot("agency-talk-to", "/agency/talk-to/", "adam"),
    Shot("agency-country", "/agency/country/", "adam"),
    Shot("agency-rooms", "/agency/rooms/", "adam"),
    Shot("agency-post", "/agency/post/", "adam"),
    Shot("setup", "/setup/", "adam"),
)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def demonstration() -> Iterator[str]:
    """A demonstration of its own, in a folder that is gone afterwards."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="keepwell-pictures-") as folder:
        command = [str(Path(sys.executable).parent / "keepwell"), "demo", "--no-open", "--port", str(port), "--data", folder]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KEEPWELL_")}
        server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
        url = f"http://localhost:{port}"
        try:
            _wait(url, server)
            yield url
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit(f"the demonstration ended with {server.returncode} before it answered")
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(f"{url}/healthz", timeout=2).close()
            return
        time.sleep(0.2)
    raise SystemExit("the demonstration did not answer within two minutes")


def launch_flags() -> list[str]:
    flags = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic"]
    return [*flags, "--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def enter(page: Page, who: str, language: str) -> None:
    """Through the front page of the demonstration, as a visitor would."""
    page.goto("/")
    if who:
        page.locator(f'form[action$="/demo/enter/{who}/"] button').click()
        page.wait_for_load_state()
    switch = page.locator(f'button[name="language"][value="{language}"]').first
    if switch.count():
        switch.click()
        page.wait_for_load_state()


def take(browser: Browser, url: str, shots: list[Shot], target: Path) -> tuple[int, list[str]]:
    """Every page in every way; the number of pictures, and what went wrong."""
    taken, faults = 0, []
    for language in LANGUAGES:
        for who in sorted({shot.who for shot in shots}):
            for width, height in WIDTHS.items():
                context = browser.new_context(
                    base_url=url,
                    viewport={"width": width, "height": height},
                    device_scale_factor=1,
                    locale={"en": "en-US", "es": "es-MX"}[language],
                    timezone_id="America/New_York",
                    reduced_motion="reduce",
                )
                page = context.new_page()
                page.set_default_timeout(15_000)
                page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
                enter(page, who, language)
                for shot in (shot for shot in shots if shot.who == who):
                    try:
                        taken += _one(page, shot, target / language, width)
                    except Exception as fault:  # one broken page must not cost the other pictures
                        faults.append(f"{shot.name} ({language}, {width}): {str(fault).splitlines()[0]}")
                context.close()
    return taken, faults


def _one(page: Page, shot: Shot, folder: Path, width: int) -> int:
    answer = page.goto(shot.path)
    if answer is None or answer.status != shot.status:
        raise RuntimeError(f"answered {answer.status if answer else 'nothing'}, not {shot.status}")
    if shot.follow:
        page.locator(shot.follow).first.click()
        page.wait_for_load_state()
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(60)  # colours change softly; a picture of the middle shows nobody's page
        page.screenshot(path=folder / f"{shot.name}-{width}-{scheme}.png", full_page=True)
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        raise RuntimeError(f"is {wide} px wider than the screen")
    return len(SCHEMES)


def readme(browser: Browser, url: str) -> Path:
    """The one picture of the README: a phone-wide Today beside nothing else."""
    context = browser.new_context(
        base_url=url, viewport={"width": 1100, "height": 760}, device_scale_factor=1, color_scheme="light", reduced_motion="reduce"
    )
    page = context.new_page()
    enter(page, "ada", "en")
    page.goto("/")
    target = ROOT / "docs" / "pictures" / "today.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target)
    context.close()
    return target


def main() -> int:
    parser = argparse.ArgumentParser(prog="tools/pictures.py", description="Pictures of every page.")
    parser.add_argument("page", nargs="*", help="pages whose name begins so; all, if none is named")
    parser.add_argument("--url", help="a demonstration that is already running")
    parser.add_argument("--out", type=Path, default=ROOT / "pictures", help="folder for the pictures (pictures/)")
    parser.add_argument("--readme", action="store_true", help="the one picture of the README only")
    given = parser.parse_args()
    if provision.missing() and provision.chromium() is None:
        print("Pictures need Chromium: apt-get install chromium", file=sys.stderr)
        return 1
    shots = [shot for shot in PAGES if not given.page or shot.name.startswith(tuple(given.page))]
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        url = given.url or stack.enter_context(demonstration())
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=str(provision.chromium()), args=launch_flags())
        if given.readme:
            print(f"Wrote {readme(browser, url).relative_to(ROOT)}")
            return 0
        taken, faults = take(browser, url, shots, given.out)
        browser.close()
    for fault in faults:
        print(f"Fault: {fault}")
    print(f"{taken} pictures of {len(shots)} pages in {time.monotonic() - began:.0f} s: {given.out}")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
