"""Makes the environment in `.venv`: `tools/environment.py run` what Keepwell needs to run, `… dev` that and what tests need.

Standard library only, for it runs before anything is installed. Does nothing when nothing has changed. Everything comes from the hash
locks; uv does the installing where pip can get it, else pip itself. Build tools lie in `.venv/build`, out of sight of what runs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST, NEWEST = (3, 11), (3, 13)
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}
BUILD_LOCK = "requirements-build.lock"


class Trouble(Exception):
    """Told to the person as it stands."""


def say(words: str) -> None:
    print(words, flush=True)


def run(*command: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def done(result: subprocess.CompletedProcess[str], what: str) -> None:
    if result.returncode:
        tail = "\n".join(result.stdout.strip().splitlines()[-15:])
        raise Trouble(f"{what} did not work:\n{tail}")


# ---- the virtual environment ----


def usable(venv: Path, exact: bool) -> bool:
    """Whether there is an environment that runs, lies where it was made and is of a Python we support."""
    python = venv / "bin" / "python"
    if not python.exists():
        return False
    result = run(python, "-c", "import pip, sys; print(sys.prefix); print(*sys.version_info[:2])")
    if result.returncode:
        return False
    prefix, version = result.stdout.strip().splitlines()[-2:]
    numbers = tuple(int(part) for part in version.split())
    if Path(prefix).resolve() != venv.resolve() or not OLDEST <= numbers <= NEWEST:
        return False
    if exact and numbers != sys.version_info[:2]:
        return False
    # Scripts carry the path of their folder in the first line; a moved folder breaks them.
    script = venv / "bin" / "pip"
    return script.exists() and str(venv / "bin") in script.read_text(errors="replace")[:300]


def create(venv: Path) -> None:
    if venv.exists():
        if not (venv / "pyvenv.cfg").exists() and any(venv.iterdir()):
            raise Trouble(f"{venv} is there, but is no Python environment. Move it away, then try again.")
        shutil.rmtree(venv)
    version = ".".join(str(part) for part in sys.version_info[:2])
    say(f"Making an environment with Python {version} in {venv.name}")
    first = run(sys.executable, "-m", "venv", venv)
    if first.returncode == 0:
        return
    others: list[list[str | Path]] = [
        [sys.executable, "-m", "virtualenv", venv],
        ["virtualenv", "-p", sys.executable, venv],
        ["uv", "venv", "--seed", "-p", sys.executable, venv],
    ]
    for other in others:
        shutil.rmtree(venv, ignore_errors=True)
        if shutil.which(str(other[0])) and run(*other).returncode == 0 and usable(venv, exact=True):
            return
    shutil.rmtree(venv, ignore_errors=True)
    package = f"python{version}-venv"
    if shutil.which("apt-get"):
        say(f"This Python came without venv; trying to install Debian's {package}")
        for rights in ([], ["sudo", "-n"]):
            if not (shutil.which("sudo") if rights else os.geteuid() == 0):
                continue
            run(*rights, "apt-get", "update", "-q")
            got = run(*rights, "apt-get", "install", "-y", "-q", package, env={"DEBIAN_FRONTEND": "noninteractive"})
            if got.returncode == 0 and run(sys.executable, "-m", "venv", venv).returncode == 0:
                return
        shutil.rmtree(venv, ignore_errors=True)
    reason = first.stdout.strip().splitlines()[:1] or ["no reason given"]
    raise Trouble(
        f"Python {version} can't make an environment ({reason[0]}).\n"
        f"On Debian or Ubuntu:  apt-get install {package}\n"
        "Elsewhere: install Python's venv and ensurepip, or name another Python: make demo PYTHON=/path/to/python3.12"
    )


# ---- what goes into it ----


def fingerprint(*names: str) -> str:
    digest = hashlib.sha256(str(ROOT).encode())
    for name in names:
        digest.update(name.encode() + b"\0" + (ROOT / name).read_bytes())
    return digest.hexdigest()


def sources() -> list[str]:
    """What the editable install is made from, besides Python files, which it reads in place."""
    names = ["pyproject.toml", "hatch_build.py", "tools/fonts.py", "tools/catalogs.py"]
    names += [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "src").glob("keepwell/**/locale/*/LC_MESSAGES/*.po"))]
    return names


def made(names: list[str]) -> bool:
    """Whether what the build makes is there."""
    compiled = all((ROOT / name).with_suffix(".mo").exists() for name in names if name.endswith(".po"))
    return compiled and any((ROOT / "src/keepwell/ui/static/ui/fonts").glob("*.woff2"))


def entry(lock: str, package: str) -> str:
    """One package's lines of a lock."""
    found = re.search(rf"^{re.escape(package)}==.*?(?=^\S|\Z)", (ROOT / lock).read_text(), re.MULTILINE | re.DOTALL)
    return found.group(0) if found else ""


def build_tools(venv: Path, stamps: dict[str, str]) -> Path:
    """Tools for building, and uv among them where it can be had."""
    home = venv / "build"
    mark = fingerprint(BUILD_LOCK)
    if stamps.get("build") == mark and home.exists():
        return home
    shutil.rmtree(home, ignore_errors=True)
    python = venv / "bin" / "python"
    with tempfile.TemporaryDirectory() as scratch:
        wish, rest = Path(scratch, "uv.txt"), Path(scratch, "build.txt")
        alone = entry(BUILD_LOCK, "uv")
        wish.write_text(alone)
        rest.write_text((ROOT / BUILD_LOCK).read_text().replace(alone, "") if alone else (ROOT / BUILD_LOCK).read_text())
        options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps", "--target", home]
        run(python, "-m", "pip", "install", "--only-binary", ":all:", *options, "-r", wish)
        uv = home / "bin" / "uv"
        if works(uv):
            target = ["--python", python, "--require-hashes", "--no-deps", "--target", home]
            result = run(uv, "pip", "install", "--quiet", *target, "-r", rest)
        else:
            say("uv is not to be had here; pip does the same, more slowly")
            result = run(python, "-m", "pip", "install", *options, "-r", rest)
        done(result, "Fetching the build tools")
    stamps["build"] = mark
    return home


def works(uv: Path) -> bool:
    return uv.exists() and run(uv, "--version").returncode == 0


def install(venv: Path, lock: str, build: Path) -> None:
    python, uv = venv / "bin" / "python", build / "bin" / "uv"
    say(f"Installing {(ROOT / lock).read_text().count('==')} packages from {lock}")
    if works(uv):
        done(run(uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", lock), f"Installing from {lock}")
    else:
        pip = run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock)
        done(pip, f"Installing from {lock}")


def install_self(venv: Path, build: Path) -> None:
    # --no-build-isolation with the locked tools on the path: nothing is fetched unpinned, and a change of words needs no network.
    say("Compiling translations and typefaces")
    arguments = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "-e", "."]
    env = {"PYTHONPATH": str(build), "PIP_ROOT_USER_ACTION": "ignore"}
    result = run(venv / "bin" / "python", "-m", "pip", "install", *arguments, env=env)
    done(result, "Installing Keepwell itself")


def main() -> int:
    parser = argparse.ArgumentParser(prog="tools/environment.py", description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=LOCKS)
    parser.add_argument("--exact", action="store_true", help="an environment of another Python version is made anew")
    given = parser.parse_args()
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        parser.error("needs Python 3.11, 3.12 or 3.13")
    venv, began = ROOT / ".venv", time.monotonic()
    record = venv / "keepwell.json"
    try:
        if not usable(venv, given.exact):
            create(venv)
        stamps: dict[str, str] = json.loads(record.read_text()) if record.exists() else {}
        names = sources()
        wanted, myself = fingerprint(LOCKS[given.kind]), fingerprint(*names)
        changed = False
        if stamps.get(given.kind) != wanted:
            install(venv, LOCKS[given.kind], build_tools(venv, stamps))
            stamps[given.kind], changed = wanted, True
            if given.kind == "dev":  # the larger holds the smaller
                stamps["run"] = fingerprint(LOCKS["run"])
            else:
                stamps.pop("dev", None)
            record.write_text(json.dumps(stamps))
        if stamps.get("self") != myself or not made(names) or not (venv / "bin" / "keepwell").exists():
            install_self(venv, build_tools(venv, stamps))
            stamps["self"], changed = myself, True
            record.write_text(json.dumps(stamps))
        if changed:
            say(f"Ready after {time.monotonic() - began:.0f} s")
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
