"""`keepwell backup DIR`: both parts of the store, safe while Keepwell runs."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from keepwell import backup

if TYPE_CHECKING:
    from keepwell.cli import Subparsers


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "backup",
        help="write a store part and a key part",
        description="Writes DIR/store/store-TIME and DIR/keys/keys-TIME. Store parts older than 35 days and key parts older than 7 "
        "are dropped. The master key is in neither: keep a copy of it elsewhere, or nothing private can ever be opened again.",
        epilog="Example, every night: keepwell backup /var/backups/keepwell",
    )
    parser.add_argument("folder", metavar="DIR", type=Path, help="where the parts go; made if it is not there")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    made = backup.back_up(args.folder, datetime.now(UTC))
    print(f"Store part: {made.store}\nKey part:   {made.keys}")
    for part in made.dropped:
        print(f"Dropped, its time is over: {part}")
    return 0
