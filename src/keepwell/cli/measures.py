"""`keepwell measures`: which measures there are, and the key of one, with the source of every figure."""

from __future__ import annotations

import argparse
import json
import textwrap
from typing import TYPE_CHECKING, Any

from keepwell.cli import answering
from keepwell.measures.rules.instrument import Instrument, Scale

if TYPE_CHECKING:
    from keepwell.cli import Subparsers

EXAMPLES = """examples:
  keepwell measures list
  keepwell measures show rses
  keepwell measures show who-5 --language es
  keepwell measures show cbi --json

Keepwell brings keys, never wordings: people fill in the official form, from its official source.
"""
_TERMS = {"free": "free to use on its terms", "ask": "ask first"}


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "measures",
        help="list the measures and show the key of one",
        description="The published measures Keepwell can score.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    deeds = parser.add_subparsers(title="deeds", dest="deed", metavar="DEED", required=True)
    every = deeds.add_parser("list", help="every measure in one line")
    every.set_defaults(run=run_list)
    one = deeds.add_parser("show", help="one measure: items, reversals, scores, bands, terms, sources")
    one.add_argument("measure", help="the slug, e.g. pss-10")
    one.set_defaults(run=run_show)
    for each in (every, one):
        each.add_argument("--language", choices=("en", "es"), default="en", help="language of the words (en)")
        each.add_argument("--json", action="store_true", help="write JSON")


def run_list(args: argparse.Namespace) -> int:
    known = answering.measures(args.language)
    if args.json:
        print(json.dumps([_data(one) for one in known.values()], ensure_ascii=False, indent=1))
        return 0
    for one in known.values():
        window = f"{one.window_days} days" if one.window_days else "no window"
        items = "1 item" if one.items == 1 else f"{one.items} items"
        print(f"{one.slug:<20} {items:>9}  {window:<10} {_TERMS[one.permission]:<25} {one.name}")
    return 0


def run_show(args: argparse.Namespace) -> int:
    one = answering.find_measure(args.measure, args.language)
    if args.json:
        print(json.dumps(_data(one), ensure_ascii=False, indent=1))
        return 0
    print(f"{one.name} ({one.slug})\n")
    print(_wrapped(one.about))
    print(f"\nItems        {one.items}, answered with {', '.join(str(value) for value in one.values)}")
    if one.codes:
        print(f"Item codes   {' '.join(one.codes)}")
    print(f"Key          {one.key_source} ({one.key_mark})")
    for form, items in one.forms.items():
        name = f"{form}: " if one.needs_form else ""
        print(f"Reversed     {name}{_numbers(items) or 'none'}")
    print(f"Looks back   {f'{one.window_days} days' if one.window_days else 'over no set time'}")
    if one.once:
        print("Again        never: it looks back for good")
    elif one.floor_days:
        usual = f"; about every {one.rhythm_days} days is sensible" if one.rhythm_days else ""
        print(f"Again        not before {one.floor_days} days{usual}")
    print("\nScores")
    for scale in one.scales:
        print(_scale_line(one, scale))
    for banding in one.bandings:
        bands = ", ".join(f"{band.name} from {answering.number(band.start)}" for band in banding.bands)
        print(
            f"\nBands of {', '.join(banding.scales)}\n{_wrapped(f'{bands}. Source: {banding.source} ({banding.mark}).')}"
        )
    if not one.bandings:
        print("\nBands\n  none: no cut that could be verified")
    print("\nReliable change")
    for spread in one.spreads.values():
        figures = f"SD {spread.sd}, reliability {spread.reliability} ({spread.kind}); {spread.source} ({spread.mark})."
        print(_wrapped(f"{spread.scale}: {figures}"))
    for noticed in one.meaningful.values():
        print(_wrapped(f"{noticed.scale}: people notice {noticed.points} points; {noticed.source} ({noticed.mark})."))
    if not one.spreads:
        print("  no index: standard deviation and reliability are not both on file")
    print("\nTo mind")
    for caution in one.cautions:
        print(_wrapped(caution))
    print("\nTerms")
    print(_wrapped(f"{one.licence}"))
    print("\nOfficial source")
    print(_wrapped(" ".join(part for part in (one.official, one.link) if part)))
    print("\nA score is a number to think with. It is not a diagnosis.")
    return 0


def _scale_line(one: Instrument, scale: Scale) -> str:
    how = "mean" if scale.method == "mean" else "sum"
    times = f" x {scale.multiply}" if scale.multiply != 1 else ""
    items = "all items" if len(scale.items) == one.items else f"items {_numbers(scale.items)}"
    needed = "" if scale.needed == len(scale.items) else f", from {scale.needed} answers on"
    higher = {"better": "higher is better", "worse": "higher is worse", "neither": "neither good nor bad"}[scale.higher]
    ends = f"{answering.number(scale.low)} to {answering.number(scale.high)}"
    return _wrapped(f"{scale.slug}: {scale.name}. {how}{times} of {items}{needed}; {ends}, {higher}.")


def _data(one: Instrument) -> dict[str, Any]:
    return {
        "slug": one.slug,
        "name": one.name,
        "about": one.about,
        "items": one.items,
        "values": list(one.values),
        "codes": list(one.codes),
        "forms": {form: sorted(items) for form, items in one.forms.items()},
        "scales": [
            {
                "slug": scale.slug,
                "name": scale.name,
                "items": list(scale.items),
                "score": scale.method,
                "multiply": scale.multiply,
                "needed": scale.needed,
                "higher": scale.higher,
                "range": [scale.low, scale.high],
            }
            for scale in one.scales
        ],
        "bands": [
            {
                "scales": list(banding.scales),
                "bands": [{"slug": band.slug, "name": band.name, "from": band.start} for band in banding.bands],
                "source": banding.source,
                "mark": banding.mark,
            }
            for banding in one.bandings
        ],
        "reliable_change": [
            {
                "scale": spread.scale,
                "sd": spread.sd,
                "reliability": spread.reliability,
                "kind": spread.kind,
                "source": spread.source,
                "mark": spread.mark,
            }
            for spread in one.spreads.values()
        ],
        "window_days": one.window_days,
        "floor_days": one.floor_days,
        "rhythm_days": one.rhythm_days,
        "permission": one.permission,
        "licence": one.licence,
        "official": one.official,
        "link": one.link,
        "cautions": list(one.cautions),
    }


def _numbers(items: frozenset[int] | tuple[int, ...]) -> str:
    return ", ".join(str(item) for item in sorted(items))


def _wrapped(text: str) -> str:
    return textwrap.fill(text, width=96, initial_indent="  ", subsequent_indent="  ")
