"""`keepwell prove`: attacks on ourselves, with every figure beside its bound."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess  # nosec B404  # this command again, with words of our own
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keepwell import store
from keepwell.ballots.proof import run as proof
from keepwell.faults import Refused

if TYPE_CHECKING:
    from keepwell.cli import Subparsers


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "prove",
        help="attack ourselves and print how it went",
        description="Runs an attacker against the code as it stands and prints every figure beside its bound. "
        "Exit code 0: every bound holds; 1: one is broken, as it must be for a variant.",
        epilog="Example: keepwell prove privacy --agencies 500",
    )
    kinds = parser.add_subparsers(title="what to prove", dest="what", metavar="WHAT", required=True)
    privacy = kinds.add_parser(
        "privacy",
        help="nobody can be worked out from group figures",
        description="Invents agencies, releases their figures by the real rules, and tries to work out or guess single persons. A "
        "variant takes one protection out, so that you can see the attack find what it should.",
        epilog="What is attacked and why: docs/decisions/0008-ballots.md",
    )
    privacy.add_argument(
        "--agencies",
        type=_number,
        default=10_000,
        metavar="N",
        help="how many histories, and about as many targets (10000)",
    )
    privacy.add_argument("--seed", type=int, default=20261125, metavar="S", help="the dice (20261125)")
    privacy.add_argument("--variant", choices=proof.VARIANTS, default="", help="take a protection out")
    privacy.add_argument("--json", action="store_true", help="the figures as JSON, for a machine")
    privacy.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        help="note the result for the self-test page of the store there (KEEPWELL_DATA, else ./data)",
    )
    privacy.set_defaults(run=run_privacy)


def _number(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1000000")
    return int(text)


def run_privacy(args: argparse.Namespace) -> int:
    begun = time.monotonic()

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    figures = proof.run(agencies=args.agencies, seed=args.seed, variant=args.variant, say=say)
    figures += _in_a_scratch_store(args.seed)
    seconds = round(time.monotonic() - begun)
    holds = all(one.holds is not False for one in figures)
    told = sorted(figures, key=lambda one: (one.id == "coverage", one.id))
    if args.json:
        print(json.dumps({"holds": holds, "agencies": args.agencies, "seed": args.seed, "variant": args.variant, "seconds": seconds,
                          "figures": [one.as_json() for one in told]}, indent=2, ensure_ascii=False))  # fmt: skip
    else:
        for one in told:
            state = "     " if one.holds is None else "holds" if one.holds else "BROKEN"
            bound = f"  (bound: {one.bound})" if one.bound else ""
            print(f"  {state:6} {one.id:8} {one.what}: {one.figure}{bound}")
        print(f"{'Every bound holds' if holds else 'A bound is broken'}; {seconds} s, seed {args.seed}.")
    _note(args, told, holds, seconds)
    return 0 if holds else 1


def _in_a_scratch_store(seed: int) -> list[proof.Figure]:
    """In a process of its own: its store is not this one's."""
    keep = {name: value for name, value in os.environ.items() if not name.startswith("KEEPWELL_")}
    words = [sys.executable, "-m", "keepwell.ballots.proof.store", str(seed)]
    done = subprocess.run(words, env=keep, capture_output=True, text=True, check=False)  # nosec B603
    if done.returncode:
        raise Refused(f"The part that needs a store did not run: {done.stderr.strip().splitlines()[-1:]}")
    return [proof.Figure(**one) for one in json.loads(done.stdout.splitlines()[-1])]


def _note(args: argparse.Namespace, figures: list[proof.Figure], holds: bool, seconds: int) -> None:
    """Leave the result where the self-test page finds it, if there is a store here."""
    folder = store.settle(args.data)
    if not store.there_is_a_store(folder):
        return
    store.ready(folder)
    models: Any = importlib.import_module("keepwell.ballots.models")  # Django is ready only now
    models.ProofRun.objects.create(
        ran_at=datetime.now(UTC),
        seconds=seconds,
        variant=args.variant,
        holds=holds,
        agencies=args.agencies,
        seed=args.seed,
        figures=[one.as_json() for one in figures],
    )
