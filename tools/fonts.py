"""Cuts the two typefaces to what the pages set: Figtree variable for text, Literata in one cut for headings.

Run at build by `hatch_build.py`, or by hand: `python tools/fonts.py`. The sources are the packages fontpkg-figtree and
fontpkg-literata (both under the SIL Open Font Licence); what is made is not kept in git.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

# Basic Latin, Latin-1 (all of Spanish, French, Portuguese, German, the Nordic languages), and the signs a page sets.
LETTERS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *(0x131, 0x152, 0x153, 0x160, 0x161, 0x178, 0x17D, 0x17E, 0x2C6, 0x2DA, 0x2DC),
    *(0x2010, 0x2011, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2022, 0x2026, 0x202F),
    *(0x2039, 0x203A, 0x20AC, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2215),
)
FEATURES = ["kern", "liga", "locl", "mark", "mkmk", "ccmp", "lnum", "tnum", "pnum"]


def _source(package: str, name: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"The package {package.replace('_', '-')} is not installed; it brings the typeface {name}")
    return Path(spec.origin).parent / "files" / name


def build(target_dir: Path) -> list[Path]:
    """Writes figtree.woff2 and literata.woff2 into `target_dir` and returns their paths."""
    from fontTools import subset  # a tool of the build; nothing that runs Keepwell needs it
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    target_dir.mkdir(parents=True, exist_ok=True)
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = FEATURES
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # the licence travels with the letters
    made: list[Path] = []
    for name, source, pin in (
        ("figtree.woff2", _source("fontpkg_figtree", "Figtree[wght].ttf"), {"wght": (400, 400, 700)}),
        ("literata.woff2", _source("fontpkg_literata", "Literata[opsz,wght].ttf"), {"opsz": 28, "wght": 520}),
    ):
        font = instancer.instantiateVariableFont(TTFont(source, recalcTimestamp=False), pin)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=LETTERS)
        cutter.subset(font)
        font.flavor = "woff2"
        path = target_dir / name
        font.save(path)
        made.append(path)
    return made


if __name__ == "__main__":
    where = Path(__file__).resolve().parent.parent / "src" / "keepwell" / "ui" / "static" / "ui" / "fonts"
    for one in build(where):
        sys.stdout.write(f"{one.name} {one.stat().st_size} bytes\n")
