"""The command `keepwell`: one module for each family of verbs, named in the one list below.

A module offers `register(subparsers)`, which adds its parser with `set_defaults(run=function)`; `run(args)` returns the
exit code: 0 it is done, 1 a fault was found and said, 2 used wrongly. A verb that works on the store says `store=True`:
Django is then made ready before its module is imported, so that the module may import rooms at its top like any other.
The pure verbs never load Django, which keeps `keepwell score` quick to start.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from keepwell.faults import Refused

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


class Verb(NamedTuple):
    """A first word of the command, the module that answers it, and its line in the list of verbs."""

    name: str
    module: str
    line: str
    store: bool = False


# In the order people meet them; a new verb is one line here and one module beside.
VERBS: tuple[Verb, ...] = (
    # the first five make Django ready themselves: where the store lies, and its keys, come before the settings are read
    Verb("demo", "keepwell.cli.demo", "a demonstration, with invented people"),
    Verb("serve", "keepwell.cli.serve", "web and clock together"),
    Verb("web", "keepwell.cli.web", "the pages alone"),
    Verb("clock", "keepwell.cli.clock", "messages and chores alone"),
    Verb("check", "keepwell.cli.check", "is everything as it should be"),
    Verb("people", "keepwell.cli.people", "take in a staff list", store=True),
    Verb("backup", "keepwell.cli.backup", "write a store part and a key part", store=True),
    Verb("restore", "keepwell.cli.restore", "put a backup back", store=True),
    Verb("erase", "keepwell.cli.erase", "erase a person who asked for it", store=True),
    Verb("keys", "keepwell.cli.keys", "look after the master key", store=True),
    Verb("prove", "keepwell.cli.prove", "attack ourselves and print how it went"),
    Verb("score", "keepwell.cli.score", "score a spreadsheet of answers to a published measure"),
    Verb("change", "keepwell.cli.change", "say for each person whether a score really changed"),
    Verb("series", "keepwell.cli.series", "watch one person's numbers over time (EWMA and CUSUM)"),
    Verb("measures", "keepwell.cli.measures", "list the measures and show the key of one"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Answer one command line; the exit code is what it returns."""
    words = list(sys.argv[1:] if argv is None else argv)
    wanted = next((verb for verb in VERBS if words and verb.name == words[0]), None)
    parser = _parser(wanted)
    try:
        args = parser.parse_args(words)
    except SystemExit as leaving:  # argparse leaves by itself after --help (0) and after a usage error (2)
        return leaving.code if isinstance(leaving.code, int) else 2
    if wanted is None:
        parser.print_help()
        return 2
    try:
        return int(args.run(args))
    except Refused as refused:
        print(f"keepwell {wanted.name}: {refused}", file=sys.stderr)
        return refused.code
    except BrokenPipeError:  # the reader of our output went away (`keepwell … | head`): nothing is wrong
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def _parser(wanted: Verb | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="keepwell",
        description="Looks after the people who look after hurt children.",
        epilog="Every verb explains itself: keepwell VERB --help",
    )
    subparsers = parser.add_subparsers(title="verbs", dest="verb", metavar="VERB")
    for verb in VERBS:
        if verb is wanted:
            module = _load(verb)
            module.register(subparsers)
        else:  # only its line in the list: the module stays unread
            subparsers.add_parser(verb.name, help=verb.line, add_help=False)
    return parser


def _load(verb: Verb) -> ModuleType:
    if verb.store:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepwell.settings")
        importlib.import_module("django").setup()
    return importlib.import_module(verb.module)
