"""`keepwell serve`: web and clock under one parent, with the store made ready first."""

from __future__ import annotations

import argparse
import importlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keepwell import store
from keepwell.faults import Refused

if TYPE_CHECKING:
    from keepwell.cli import Subparsers


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "serve",
        help="web and clock together",
        description="Makes the store ready if it is not, then serves pages and keeps time until Ctrl-C. What dies is started again.",
        epilog="Example: keepwell serve --port 8000 --data /var/lib/keepwell",
    )
    add_data(parser)
    add_door(parser)
    parser.set_defaults(run=run)


def add_data(parser: argparse.ArgumentParser) -> None:
    about = "everything Keepwell writes lies under this folder (KEEPWELL_DATA, else ./data)"
    parser.add_argument("--data", metavar="DIR", type=Path, help=about)


def add_door(parser: argparse.ArgumentParser) -> None:
    port = os.environ.get("PORT") or "8000"
    parser.add_argument("--port", type=_port, default=port, metavar="N", help="where to listen (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="which address to listen on (127.0.0.1: this machine only)")
    parser.add_argument("--workers", type=_hands, default=2, metavar="N", help="processes (2)")
    parser.add_argument("--threads", type=_hands, default=4, metavar="N", help="threads in each (4)")


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; it is a number from 1 to 65535")
    return int(text)


def _hands(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 64")
    return int(text)


def run(args: argparse.Namespace) -> int:
    os.environ["PORT"] = str(args.port)  # the settings' default for the address people type
    store.prepare(args.data)
    answer(args, "serve")
    return 0


def answer(args: argparse.Namespace, how: str) -> None:
    """Open the door and serve until told to stop."""
    # Only now: it reads the settings, which need the keys that `prepare` may just have made.
    serving: Any = importlib.import_module("keepwell.serving")
    door = serving.Door(args.host, args.port, args.workers, args.threads)
    serving.ensure_free(door)
    print(f"Keepwell is at {door.address} (stop with Ctrl-C)", flush=True)
    getattr(serving, how)(door)


def open_store(data: Path | None) -> Path:
    """For a part that is started by itself: the store must be there and ready."""
    folder = store.settle(data)
    if not store.there_is_a_store(folder):
        raise Refused(f"There is no store in {folder} yet. keepwell serve makes one.")
    store.ready(folder)
    store.ensure_usable()
    return folder
