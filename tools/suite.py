"""Runs the tests in order and closes with one summary: `tools/suite.py test`, `… quick`, `… long`.

test   house and rooms on SQLite → rooms on a real PostgreSQL → journeys in a browser
quick  rules, rooms and house on SQLite, without the slow ones
long   what takes too long for every change: tests marked `long`, with many more examples
More arguments go to pytest, e.g. `tools/suite.py quick tests/people -k invite`.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import postgres
import provision

ROOT = Path(__file__).resolve().parent.parent
NOTHING_RAN = 5  # pytest's exit code for "no test was collected"


@dataclass
class Part:
    """One run of pytest and what came of it."""

    name: str
    code: int
    seconds: float
    passed: int = 0
    failed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


def pytest(name: str, *arguments: str, env: dict[str, str] | None = None) -> Part:
    print(f"\n── {name}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch, "report.json")
        whole = {**os.environ, "KEEPWELL_SUITE_REPORT": str(report), **(env or {})}
        code = subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=whole, check=False).returncode
        part = Part(name, code, time.monotonic() - began)
        if report.exists():
            told = json.loads(report.read_text())
            part.passed, part.failed, part.skipped = told["passed"], told["failed"], Counter(told["skipped"])
    if code == NOTHING_RAN:
        print(f"{name}: no test was found. That is a fault: a part that runs nothing proves nothing.")
    return part


def rooms() -> list[str]:
    """The folders of tests that touch a store."""
    homes = sorted(path for path in (ROOT / "tests").iterdir() if path.is_dir() and any(path.glob("test_*.py")))
    return [f"tests/{path.name}" for path in homes if path.name not in ("journeys", "kit", "house", "workshop")]


def run_all(extra: list[str]) -> tuple[list[Part], list[str]]:
    parts, untested = [], list(provision.missing())
    workers = ["-n", "2"] if (os.cpu_count() or 1) > 1 else []
    parts.append(pytest("House and rooms on SQLite", *workers, "-m", "not journey and not long", *extra))
    try:
        with postgres.cluster() as url:
            env = {"KEEPWELL_DATABASE_URL": url}
            doors = [str(path.relative_to(ROOT)) for path in [ROOT / "tests/house/test_doors.py"] if path.exists()]
            chosen = extra or [*rooms(), *doors]
            parts.append(pytest("Rooms on PostgreSQL", *workers, "-m", "not journey and not long and not sqlite", *chosen, env=env))
    except postgres.NoServer as reason:
        if not any("PostgreSQL" in sentence for sentence in untested):
            untested.append(f"rooms on PostgreSQL: {reason}")
    if provision.chromium():
        parts.append(pytest("Journeys in a browser", "-m", "journey and not long", *extra))
    return parts, untested


def close(parts: list[Part], untested: list[str]) -> int:
    print("\n── Summary")
    for part in parts:
        state = "ok" if part.code == 0 else "FAILED"
        print(f"{part.name}: {state}, {part.passed} passed, {part.failed} failed, {part.seconds:.0f} s")
    skipped = sum((part.skipped for part in parts), Counter[str]())
    for reason, count in sorted(skipped.items()):
        print(f"Skipped {count}: {reason}")
    for sentence in untested:
        print(f"Not tested here: {sentence}")
    if not skipped and not untested:
        print("Nothing was skipped")
    print(f"{sum(part.passed for part in parts)} passed, {sum(part.failed for part in parts)} failed, {skipped.total()} skipped")
    return 0 if parts and all(part.code == 0 for part in parts) else 1


def main() -> int:
    kind, extra = (sys.argv[1:2] or ["test"])[0], sys.argv[2:]
    if kind not in ("test", "quick", "long"):
        print(__doc__)
        return 2
    with contextlib.suppress(KeyboardInterrupt):
        if kind == "test":
            return close(*run_all(extra))
        if kind == "quick":
            workers = ["-n", "2"] if not extra and (os.cpu_count() or 1) > 1 else []
            return close([pytest("Quick", *workers, "-m", "not journey and not slow and not long", *extra)], [])
        return close([pytest("Long", "-m", "long", *extra, env={"KEEPWELL_TEST_EXAMPLES": "2000"})], [])
    return 130


if __name__ == "__main__":
    raise SystemExit(main())
