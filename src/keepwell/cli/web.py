"""`keepwell web`: the pages alone."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from keepwell.cli.serve import add_data, add_door, answer, open_store

if TYPE_CHECKING:
    from keepwell.cli import Subparsers


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "web",
        help="the pages alone",
        description="Serves pages without the clock, where the two are looked after apart. The store must be ready: keepwell serve "
        "makes it so.",
        epilog="Example: keepwell web --host 127.0.0.1 --workers 4",
    )
    add_data(parser)
    add_door(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    os.environ["PORT"] = str(args.port)
    os.environ.pop("KEEPWELL_RELEASE_KEY", None)  # pages seal ballots and open none
    open_store(args.data)
    answer(args, "web")
    return 0
