"""Brings what tests need beyond Python: a browser, a PostgreSQL server, the libraries that draw PDFs. Standard library only.

Where it may not install (no root, no `sudo -n`, another system than Debian or Ubuntu) it says what is missing, what then goes untested
and the command that would bring it. Exit code 0 either way: the suite decides what it can run, and says so at its end.
"""

from __future__ import annotations

import ctypes.util
import functools
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def chromium() -> Path | None:
    """The machine's own Chromium, or one named by KEEPWELL_TEST_CHROMIUM."""
    named = os.environ.get("KEEPWELL_TEST_CHROMIUM")
    if named:
        return Path(named) if Path(named).exists() else None
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return Path(found) if found else None


def postgres_binaries() -> Path | None:
    """The folder of initdb and postgres; Debian keeps them off the path."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name.split(".")[0]), reverse=True)
    on_path = shutil.which("initdb")
    homes += [Path(on_path).resolve().parent] if on_path else []
    return next((home for home in homes if (home / "initdb").exists() and (home / "postgres").exists()), None)


def pango() -> bool:
    return all(ctypes.util.find_library(name) for name in ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset"))


NEEDS: tuple[tuple[str, Callable[[], object], tuple[str, ...], str], ...] = (
    ("a browser (Chromium)", chromium, ("chromium",), "journeys in a browser and their accessibility checks"),
    (
        "a PostgreSQL server",
        lambda: os.environ.get("KEEPWELL_TEST_POSTGRES_URL") or postgres_binaries(),
        ("postgresql",),
        "rooms on PostgreSQL",
    ),
    (
        "libraries that draw PDFs (Pango)",
        pango,
        ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
        "the plan as a PDF (the print page does its work)",
    ),
)


@functools.cache
def rights() -> tuple[str, ...] | None:
    """How apt-get may be called; None where it may not."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ()
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ("sudo", "-n")
    return None


def apt(*packages: str) -> str:
    """Installs, and returns why not if it could not."""
    before = rights()
    if before is None:
        return "installing needs root or sudo without a password" if shutil.which("apt-get") else "apt-get is not here"
    environment = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *packages]):
        result = subprocess.run([*environment, *command], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        if result.returncode and command[0] == "install":
            lines = (result.stderr or result.stdout).strip().splitlines()
            return lines[-1] if lines else f"apt-get ended with {result.returncode}"
    return ""


def missing() -> list[str]:
    """After trying to bring it: one sentence for each thing that is not here."""
    sentences = []
    for name, present, packages, purpose in NEEDS:
        if present():
            continue
        print(f"Installing {name}: {' '.join(packages)}", flush=True)
        reason = apt(*packages)
        if not present():
            how = f"apt-get install {' '.join(packages)}"
            sentences.append(f"{purpose}: {name} is missing ({reason or 'still not found after installing'}); to bring it: {how}")
    return sentences


def main() -> int:
    sentences = missing()
    for sentence in sentences:
        print(f"Not tested here: {sentence}")
    if not sentences:
        print("Browser, PostgreSQL and PDF libraries are here")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
