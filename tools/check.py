"""`make check`: style, types, templates, security and import contracts. Runs all of them, then says which found something."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("ruff", ["ruff", "check", "--quiet", "."]),
    ("types (mypy --strict)", ["mypy"]),
    ("templates (djlint)", ["djlint", "src/keepwell", "--lint", "--quiet"]),
    ("security (bandit)", ["bandit", "--quiet", "--recursive", "src", "--configfile", "pyproject.toml"]),
    ("import contracts", ["lint-imports", "--no-cache"]),
    ("translations", [sys.executable, "tools/messages.py", "check"]),
)


def main() -> int:
    failed = []
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "keepwell.settings", "PYTHONPATH": "src"}
    for name, (program, *arguments) in CHECKS:
        began = time.monotonic()
        command = [program if Path(program).is_absolute() else str(BIN / program), *arguments]
        result = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        state = "ok" if result.returncode == 0 else "found something"
        print(f"{name}: {state} ({time.monotonic() - began:.1f} s)", flush=True)
        if result.returncode:
            print(result.stdout.rstrip(), flush=True)
            failed.append(name)
    print(f"Found something: {', '.join(failed)}" if failed else "All clean")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
