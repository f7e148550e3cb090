"""`keepwell clock`: messages and chores alone."""

from __future__ import annotations

import argparse
import importlib
from typing import TYPE_CHECKING

from keepwell.cli.serve import add_data, open_store

if TYPE_CHECKING:
    from keepwell.cli import Subparsers


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "clock",
        help="messages and chores alone",
        description="Carries messages and does what the passing of time asks, until Ctrl-C. One is enough; two at once do no harm.",
        epilog="Example: keepwell clock --data /var/lib/keepwell",
    )
    add_data(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    open_store(args.data)
    importlib.import_module("keepwell.clock").run()  # reads the settings, so only now
    return 0
