"""A throw-away PostgreSQL server for tests: its own folder, its own port on loopback, gone when the test run ends.

    with cluster() as url: …                    in Python
    tools/postgres.py COMMAND …                 runs a command with KEEPWELL_DATABASE_URL set

`KEEPWELL_TEST_POSTGRES_URL` names a server that is already there and is taken instead.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from provision import postgres_binaries

# Nothing here outlives the run, so nothing need reach the disk.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60", "shared_buffers": "128MB"}


class NoServer(Exception):
    """No PostgreSQL can be started here; the words say why."""


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _as_postgres() -> list[str]:
    """PostgreSQL refuses to run as root; root lends it the account Debian made for it."""
    if os.geteuid() != 0:
        return []
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        raise NoServer("this runs as root, and there is no account 'postgres' to run the server as") from None
    if not shutil.which("runuser"):
        raise NoServer("this runs as root, and runuser is missing")
    return ["runuser", "-u", "postgres", "--"]


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """Starts a server and gives the address of an empty database in it."""
    given = os.environ.get("KEEPWELL_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    home = postgres_binaries()
    if home is None:
        raise NoServer("no PostgreSQL server is installed")
    actor, password = _as_postgres(), secrets.token_hex(16)
    folder = Path(tempfile.mkdtemp(prefix="kwpg"))  # short: a socket's path has room for 107 characters
    server: subprocess.Popen[bytes] | None = None
    try:
        secret = folder / "password"
        secret.write_text(password)
        secret.chmod(0o600)
        if actor:
            for path in (folder, secret):
                shutil.chown(path, "postgres")
        store = folder / "store"
        made = subprocess.run(
            [*actor, str(home / "initdb"), "-D", str(store), "-U", "keepwell", "-A", "scram-sha-256", f"--pwfile={secret}",
             "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            capture_output=True, text=True, cwd="/", check=False,
        )  # fmt: skip
        if made.returncode:
            raise NoServer(f"initdb failed: {made.stderr.strip()[-400:]}")
        port = _free_port()
        options = [part for name, value in FAST.items() for part in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [*actor, str(home / "postgres"), "-D", str(store), "-k", str(folder), "-p", str(port), "-h", "127.0.0.1", *options],
                stdout=log, stderr=log, cwd="/", start_new_session=True,
            )  # fmt: skip
        _wait(server, home, folder, port)
        yield f"postgres://keepwell:{password}@127.0.0.1:{port}/postgres"
    finally:
        if server is not None:
            _stop(server, folder)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: subprocess.Popen[bytes], home: Path, folder: Path, port: int) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise NoServer(f"the server ended at once: {(folder / 'log').read_text(errors='replace')[-400:]}")
        ready = subprocess.run([str(home / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)], check=False)
        if ready.returncode == 0:
            return
        time.sleep(0.1)
    raise NoServer("the server did not answer within 30 s")


def _stop(server: subprocess.Popen[bytes], folder: Path) -> None:
    """Ends the server by the number in its own file: runuser does not hand every signal on."""
    pid_file = folder / "store" / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError, IndexError):
        os.kill(int(pid_file.read_text().splitlines()[0]), 3)  # SIGQUIT: at once, nothing is kept
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(10)
    if server.poll() is None:
        server.kill()
        server.wait(10)


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    try:
        with cluster() as url:
            return subprocess.run(sys.argv[1:], env={**os.environ, "KEEPWELL_DATABASE_URL": url}, check=False).returncode
    except NoServer as trouble:
        print(f"PostgreSQL: {trouble}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
