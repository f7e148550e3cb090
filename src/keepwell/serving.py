"""The web server, and `serve`: web and clock under one parent.

gunicorn with its configuration in code: a few processes of a few threads each, started from one warm parent. No access log is
written: the address of a page says what somebody looked at.
"""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from gunicorn.app.base import BaseApplication

from keepwell import clock
from keepwell.faults import Refused
from keepwell.supervise import Part, Supervisor

# where gunicorn's workers give it their sign of life, so that a slow disk is not taken for a dead worker; no data of ours
IN_MEMORY = Path("/dev/shm")  # noqa: S108  # nosec B108
REQUESTS_A_WORKER = 20_000  # then it is replaced, so that no small leak ever grows large


@dataclass(frozen=True)
class Door:
    """Where the web listens, and with how many hands."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4

    @property
    def address(self) -> str:
        return f"http://{'localhost' if self.host in ('127.0.0.1', '::1') else self.host}:{self.port}"


class Web(BaseApplication):  # type: ignore[misc]  # gunicorn brings no types
    def __init__(self, door: Door) -> None:
        self.door = door
        super().__init__()

    def load_config(self) -> None:
        host = f"[{self.door.host}]" if ":" in self.door.host else self.door.host
        chosen: dict[str, Any] = {
            "bind": [f"{host}:{self.door.port}"],
            "workers": self.door.workers,
            "threads": self.door.threads,
            "worker_class": "gthread",
            "preload_app": True,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "proc_name": "keepwell-web",
            "timeout": 60,
            "graceful_timeout": 20,
            "keepalive": 5,
            "max_requests": REQUESTS_A_WORKER,
            "max_requests_jitter": REQUESTS_A_WORKER // 10,
            "forwarded_allow_ips": "*" if settings.KEEPWELL_TRUSTED_PROXIES else "",
            "control_socket_disable": True,
        }
        if IN_MEMORY.is_dir():
            chosen["worker_tmp_dir"] = str(IN_MEMORY)
        for name, value in chosen.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        from keepwell.wsgi import application  # refuses by itself without whole keys, so only once it is wanted

        return application


def web(door: Door) -> None:
    """Serve pages until told to stop."""
    Web(door).run()


def serve(door: Door) -> None:
    """Web and clock until told to stop; whichever dies is started again."""
    ensure_free(door)
    Supervisor([Part("web", lambda: web(door)), Part("clock", clock.run)]).run()


def ensure_free(door: Door) -> None:
    """Ask for the door before anything is started, so that the answer is a sentence."""
    family = socket.AF_INET6 if ":" in door.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((door.host, door.port))
        except OSError as fault:
            raise Refused(_why_not(fault, door)) from fault


def _why_not(fault: OSError, door: Door) -> str:
    if fault.errno == errno.EADDRINUSE:
        return f"Port {door.port} is taken by another program. Stop that one, or choose another port: --port {door.port + 1}"
    if fault.errno == errno.EACCES:
        return f"Port {door.port} is not ours to take: ports below 1024 need more rights. Choose another: --port 8000"
    return f"Nothing can listen on {door.host}:{door.port} ({os.strerror(fault.errno or 0)}). Choose another --host or --port."
