"""`keepwell keys rotate`: a new master key, and every data key wrapped anew."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from django.conf import settings

from keepwell.faults import Refused
from keepwell.people import keyring
from keepwell.people.rules.sealing import KeyFault

if TYPE_CHECKING:
    from keepwell.cli import Subparsers


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("keys", help="look after the master key", description="Looks after the master key.")
    verbs = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    rotate = verbs.add_parser(
        "rotate",
        help="make a new master key and wrap every data key with it",
        description="Adds a new line to the master key file and wraps every data key anew; private rows are not touched. Stopped "
        "at any point, run it again: with --resume it makes no further key. Do it yearly and when somebody who knew the key "
        "leaves. Old lines may go once the oldest key part you keep was taken after the rotation (7 days). Copy the file "
        "to its safe place again.",
    )
    rotate.add_argument("--resume", action="store_true", help="finish a rotation that was stopped; make no new key")
    rotate.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        keyring.master_keys()
        if not args.resume:
            if os.environ.get("KEEPWELL_MASTER_KEY") and not os.environ.get("KEEPWELL_MASTER_KEY_FILE"):
                raise Refused(
                    "The master key comes from KEEPWELL_MASTER_KEY, which this command can't change. Add a new entry "
                    "“number:key” to it, restart, and run: keepwell keys rotate --resume"
                )
            version = keyring.add_master_key(settings.MASTER_KEY_PATH)
            keyring.reread()
            print(f"Master key version {version} is in {settings.MASTER_KEY_PATH}. Copy the file to its safe place again.")
        done = keyring.rewrap()
    except KeyFault as fault:
        raise Refused(str(fault)) from fault
    print(f"Data keys wrapped anew: {done}. Keep the older lines until your oldest key backup is younger than this.")
    return 0
