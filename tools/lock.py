"""Writes the hash locks: exact versions for everyone, and no address of any package index in them.

    tools/lock.py               writes all of them anew, keeping the versions that stand
    tools/lock.py --upgrade     takes newer versions where pyproject.toml allows them

requirements.lock        what runs: core, PostgreSQL driver, PDF
requirements-dev.lock    that, and what tests and checks need
requirements-build.lock  what builds: translations, typefaces, and uv, which installs faster than pip
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ALSO = ["editables>=0.5", "uv>=0.9"]  # what hatchling asks for an editable install; what installs


def lock(output: str, arguments: list[str], upgrade: bool) -> None:
    command = [
        *(sys.executable, "-m", "uv", "pip", "compile", *arguments, "--output-file", output),
        *("--generate-hashes", "--universal", "--python-version", "3.11"),
        *("--no-emit-index-url", "--no-header", "--no-annotate", "--quiet"),
        *(["--upgrade"] if upgrade else []),
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    text = (ROOT / output).read_text()
    if "://" in text:
        raise SystemExit(f"{output} names an address: {next(line for line in text.splitlines() if '://' in line)}")
    print(f"{output}: {text.count('==')} packages")


def main() -> int:
    upgrade = "--upgrade" in sys.argv[1:]
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    lock("requirements.lock", ["pyproject.toml", "--extra", "postgres", "--extra", "pdf"], upgrade)
    # Constrained by the first, so that what is tested is what runs.
    lock("requirements-dev.lock", ["pyproject.toml", "--extra", "dev", "--constraint", "requirements.lock"], upgrade)
    with tempfile.NamedTemporaryFile("w", suffix=".in") as wanted:
        wanted.write("\n".join([*build, *ALSO]) + "\n")
        wanted.flush()
        lock("requirements-build.lock", [wanted.name, "--constraint", "requirements-dev.lock"], upgrade)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
