"""`keepwell check`: is everything as it should be, said so that it can be mended."""

from __future__ import annotations

import argparse
import importlib
import json
import shutil
import smtplib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from keepwell import store
from keepwell.cli.serve import add_data
from keepwell.faults import Refused

if TYPE_CHECKING:
    from keepwell.cli import Subparsers

OK, NOTE, FAULT = "ok", "note", "fault"
_SIGNS = {OK: "  ok   ", NOTE: "  note ", FAULT: "  FAULT"}

# Warnings of the framework that do not hold here, or that one line of ours says better.
_SAID_ELSEWHERE = {
    "security.W004": "HSTS goes with https; see the line on the address",
    "security.W008": "the proxy in front redirects to https",
    "security.W012": "see the line on the address",
    "security.W016": "see the line on the address",
    "security.W018": "debugging has a line of its own",
    "security.W021": "preloading HSTS is a promise for a whole domain, which is not ours to make",
}


class Finding(NamedTuple):
    state: str
    about: str
    sentence: str


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "check",
        help="is everything as it should be",
        description="Looks at settings, keys, store, disk and clock and says what to do about each fault. Changes nothing. "
        "Exit code 0: no fault; 1: at least one.",
        epilog="Example: keepwell check --post",
    )
    add_data(parser)
    parser.add_argument(
        "--post", action="store_true", help="also connect to the mail server and sign in; nothing is sent"
    )
    parser.add_argument("--json", action="store_true", help="the findings as JSON, for a machine")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    findings = list(look(args.data, post=args.post))
    if args.json:
        print(json.dumps([finding._asdict() for finding in findings], indent=2))
    else:
        for state, about, sentence in findings:
            print(f"{_SIGNS[state]} {about}: {sentence}")
        faults = sum(finding.state == FAULT for finding in findings)
        print("All is well." if not faults else f"{faults} to mend." if faults > 1 else "One thing to mend.")
    return 1 if any(finding.state == FAULT for finding in findings) else 0


def look(data: Path | None, *, post: bool) -> Iterator[Finding]:
    """One finding after another; what can't be looked at because of an earlier fault is left out."""
    folder = store.settle(data)
    try:
        if not store.there_is_a_store(folder):
            yield Finding(FAULT, "store", f"There is none in {folder} yet. keepwell serve makes one.")
            return
        store.ready(folder)
    except Refused as refused:
        yield Finding(FAULT, "settings", str(refused))
        return
    except OSError as fault:
        yield Finding(FAULT, "folder", store.said_of_files(fault, folder))
        return
    yield from _settings()
    yield _disk(folder)
    usable = _store(folder)
    yield usable
    if usable.state == OK:
        yield from _clock()
    yield from _post(connect=post)


def _settings() -> Iterator[Finding]:
    checks: Any = importlib.import_module("django.core.checks")  # Django is ready only now
    conf: Any = importlib.import_module("django.conf").settings
    found = [one for one in checks.run_checks(include_deployment_checks=True) if one.id not in _SAID_ELSEWHERE]
    for one in found:
        hint = f" {one.hint}" if one.hint else ""
        yield Finding(FAULT if one.level >= checks.ERROR else NOTE, "settings", f"{one.msg}{hint}")
    if not any(one.level >= checks.ERROR for one in found):
        yield Finding(OK, "settings", "no fault")
    if conf.DEBUG:
        yield Finding(
            FAULT,
            "debugging",
            "KEEPWELL_DEBUG is 1, which shows inner workings to visitors. Take it away where people work.",
        )
    host = urlsplit(conf.KEEPWELL_BASE_URL).hostname or ""
    if conf.SECURE:
        yield Finding(OK, "address", f"{conf.KEEPWELL_BASE_URL}, by https")
    elif host in ("localhost", "127.0.0.1", "::1"):
        yield Finding(
            NOTE,
            "address",
            f"{conf.KEEPWELL_BASE_URL} is for this machine only. For others set KEEPWELL_BASE_URL to https://…",
        )
    else:
        yield Finding(
            FAULT,
            "address",
            f"{conf.KEEPWELL_BASE_URL} is not https: whoever is on the same network could read along. Put a proxy with a "
            "certificate in front and set KEEPWELL_BASE_URL to https://…",
        )


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    size = f"{free / 2**30:.1f} GB free" if free >= 2**30 else f"{free // 2**20} MB free"
    if free < store.ENOUGH:
        return Finding(FAULT, "disk", f"{size}. Make room: below {store.ENOUGH // 2**20} MB Keepwell does not start.")
    return Finding(NOTE if free < 2**30 else OK, "disk", size)


def _store(folder: Path) -> Finding:
    try:
        store.ensure_usable()
    except Refused as refused:
        return Finding(FAULT, "store", str(refused))
    return Finding(OK, "store", f"answers, up to date, keys whole ({folder})")


def _clock() -> Iterator[Finding]:
    health: Any = importlib.import_module("keepwell.health")
    timezone: Any = importlib.import_module("django.utils.timezone")
    reasons = health.why_clock_is_not(timezone.now())
    if not reasons:
        yield Finding(OK, "clock", "runs")
    for reason in reasons:  # a store that is not being served now is no fault
        yield Finding(NOTE, "clock", f"{reason} Messages wait until keepwell serve or keepwell clock runs.")


def _post(*, connect: bool) -> Iterator[Finding]:
    queries: Any = importlib.import_module("keepwell.notify.queries")
    if not queries.post_is_set_up():
        yield Finding(
            FAULT if connect else NOTE, "post", "No mail server is set up, so messages wait. Set KEEPWELL_EMAIL_URL."
        )
        return
    if not connect:
        yield Finding(OK, "post", "a mail server is named (keepwell check --post asks it)")
        return
    mail: Any = importlib.import_module("django.core.mail")
    backend = mail.get_connection()
    try:
        backend.open()
        backend.close()
    except (OSError, smtplib.SMTPException) as fault:
        yield Finding(FAULT, "post", f"The mail server does not let us in: {fault}. Look at KEEPWELL_EMAIL_URL.")
    else:
        yield Finding(OK, "post", "the mail server answers and lets us in")
