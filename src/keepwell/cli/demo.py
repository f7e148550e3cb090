"""`keepwell demo`: a demonstration agency that has lived with Keepwell for months, on this machine only."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import sys
import time
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keepwell import store
from keepwell.cli.serve import add_data
from keepwell.faults import Refused

if TYPE_CHECKING:
    from keepwell.cli import Subparsers

MARKER = "demonstration"  # in the folder of a demonstration's store; the settings look for it


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "demo",
        help="a demonstration, with invented people",
        description="Makes a store of its own in the folder demo of DIR with an invented agency, Harbour Street, that has lived with "
        "Keepwell for months, and serves it on this machine only. Started again with the same wishes it opens the same store; with "
        "others it makes a new one. Check-ins are made as far back as Keepwell keeps them, two years. A demonstration can't "
        "become a real store.",
        epilog="Example: keepwell demo --people 2000 --years 3 --port 8001",
    )
    add_data(parser)
    parser.add_argument("--people", type=_count, default=60, metavar="N", help="how many people, about (60)")
    parser.add_argument("--years", type=_years, default=0.5, metavar="Y", help="how long they have been there (0.5)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed and day give the same people (1)")
    parser.add_argument("--port", type=_count, default=int(os.environ.get("PORT") or 8000), metavar="P", help="where to listen (8000)")
    parser.add_argument("--no-open", action="store_true", help="do not open a browser")
    parser.add_argument("--only-make", action="store_true", help="make the store and stop")
    parser.set_defaults(run=run)


def _count(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= 200_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _years(text: str) -> float:
    try:
        years = float(text)
    except ValueError:
        years = 0
    if not 0.02 <= years <= 20:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of years from 0.02 to 20")
    return years


def run(args: argparse.Namespace) -> int:
    os.environ["PORT"] = str(args.port)
    os.environ["KEEPWELL_BASE_URL"] = f"http://localhost:{args.port}"
    for name in [name for name in os.environ if name.startswith(("KEEPWELL_DATABASE_URL", "KEEPWELL_KEYS_", "KEEPWELL_EMAIL"))]:
        del os.environ[name]  # a demonstration lies in its own folder and writes to nobody
    folder = (args.data or Path(os.environ.get("KEEPWELL_DATA", "data"))).resolve() / "demo"
    wish = {"people": args.people, "years": args.years, "seed": args.seed}
    try:
        fresh = _settle(folder, wish)
    except OSError as fault:
        raise Refused(store.said_of_files(fault, folder)) from fault
    store.prepare(folder)
    if fresh:
        _build(wish)
        (folder / MARKER).write_text(json.dumps(wish))
    cast: Any = importlib.import_module("keepwell.demo.cast")  # Django is ready only now
    if args.only_make:
        return 0
    serving: Any = importlib.import_module("keepwell.serving")
    door = serving.Door("127.0.0.1", args.port)
    serving.ensure_free(door)
    print(f"\nThe demonstration is at {door.address} (stop with Ctrl-C)")
    print("Enter as one of these on its front page, or sign in with the password keepwell-demo:")
    for one in cast.CAST:
        if one.says:
            print(f"  {one.email:<20} {one.says}")
    sys.stdout.flush()
    if not args.no_open and sys.stdout.isatty() and (os.environ.get("DISPLAY") or sys.platform == "darwin"):
        webbrowser.open(door.address)
    serving.serve(door)
    return 0


def _settle(folder: Path, wish: dict[str, object]) -> bool:
    """Is a new store to be made? Only a folder that is marked as a demonstration's is ever emptied."""
    marker = folder / MARKER
    if marker.exists():
        if marker.read_text() == json.dumps(wish):
            return False
        shutil.rmtree(folder)
    elif folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} has something in it that is no demonstration. Name another folder with --data.", code=2)
    folder.mkdir(parents=True, mode=0o700)
    marker.write_text("being made")
    return True


def _build(wish: dict[str, Any]) -> None:
    build: Any = importlib.import_module("keepwell.demo.build")
    timezone: Any = importlib.import_module("django.utils.timezone")
    print(f"Making {wish['people']} people who have been here for {wish['years']:g} years …", flush=True)
    begun = time.monotonic()
    build.build(build.Wish(**wish), timezone.now())
    print(f"… made in {time.monotonic() - begun:.1f} s.", flush=True)
