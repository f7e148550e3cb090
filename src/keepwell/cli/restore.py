"""`keepwell restore STORE --keys FILE`: put a backup back and replay the erasures before anything is served."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from keepwell import backup
from keepwell.faults import Refused
from keepwell.people import keyring

if TYPE_CHECKING:
    from keepwell.cli import Subparsers


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "restore",
        help="put a backup back",
        description="Puts any store part back together with the NEWEST key part, so that whoever was erased since stays erased. "
        "Everybody is signed out and waiting mail is withdrawn. Stop Keepwell first; the master key must be in its place.",
        epilog="Example: keepwell restore store/store-20261101T020000Z.sqlite3 --keys keys/keys-20261123T020000Z.sqlite3",
    )
    parser.add_argument("store", metavar="STORE", type=Path, help="a store part")
    parser.add_argument("--keys", metavar="FILE", type=Path, required=True, help="the newest key part")
    parser.add_argument("--replace", action="store_true", help="set the store that is there aside (SQLite); nothing is deleted")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        keyring.master_keys()
        done = backup.restore(args.store, args.keys, datetime.now(UTC), replace=args.replace)
    except keyring.KeyFault as fault:
        raise Refused(str(fault)) from fault
    for path in done.aside:
        print(f"Set aside: {path}")
    print(f"Restored. Erasures replayed: {done.erased}. Keys swept: {done.swept}. Waiting mails withdrawn: {done.withdrawn}.")
    print("Everybody is signed out. Now: keepwell check, then start Keepwell.")
    return 0
