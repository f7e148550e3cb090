"""Compiles translations: every `.po` beside the rooms to the `.mo` that runs. Needs Babel alone, so the build hook can use it too."""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "keepwell"


def catalogs(root: Path = SOURCE) -> list[Path]:
    """Every `.po` under the rooms, in a fixed order."""
    return sorted(root.glob("**/locale/*/LC_MESSAGES/*.po"))


def language(po: Path) -> str:
    """`…/locale/es/LC_MESSAGES/django.po` speaks `es`."""
    return po.parent.parent.name


def read(po: Path) -> Catalog:
    with po.open("rb") as file:
        return read_po(file, locale=language(po), charset="utf-8")


def compile_all(root: Path = SOURCE) -> list[Path]:
    """Writes each `.mo` that is missing or older than its `.po`; returns those written."""
    written = []
    for po in catalogs(root):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        draft = mo.with_name(f"{mo.name}.{os.getpid()}")
        with draft.open("wb") as file:
            write_mo(file, read(po), use_fuzzy=False)
        draft.replace(mo)  # whole or not at all: a server may be reading beside us
        written.append(mo)
    return written
