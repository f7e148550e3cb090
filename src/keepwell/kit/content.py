"""Authored words and definitions: folders of TOML files, one thing in each, in two layouts.

`practices/en/doorstep.toml` beside `practices/es/doorstep.toml`: a piece written once for each language.
`measures/who-5.toml` with tables `[en]` and `[es]`: facts that know no language, with the words of each inside.

An agency may lay its own folder over ours: a file of the same slug takes the place of ours, a new slug is added.
Nothing is cached here; whoever loads, keeps. A fault names the file and the line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final = ("en", "es")
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_AT_LINE: Final = re.compile(r"\(at line (\d+), column \d+\)")


class ContentError(ValueError):
    """A content file that can't be used, told with where to look."""

    def __init__(self, path: Path, line: int, sentence: str) -> None:
        super().__init__(f"{path}, line {line}: {sentence}")
        self.path = path
        self.line = line
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing from a folder, in one language. `language` is the one found, which may be the fallback."""

    slug: str
    language: str
    data: Mapping[str, Any]
    path: Path

    def fault(self, sentence: str, key: str = "") -> ContentError:
        """The error to raise when a room finds something wrong with this entry; `key` finds the line."""
        return ContentError(self.path, line_of(self.path, key), sentence)


def load_folder(
    path: Path | str, language: str, overlay: Path | str | None = None, fallback: str = "en"
) -> dict[str, Entry]:
    """Everything in a folder, by slug in order of the slug. A piece missing in `language` comes in `fallback`."""
    found = _load_layer(Path(path), language, fallback)
    if not found and not Path(path).is_dir():
        raise ContentError(Path(path), 1, "There is no such content folder.")
    if overlay is not None and Path(overlay).is_dir():
        found |= _load_layer(Path(overlay), language, fallback)
    return dict(sorted(found.items()))


def load_file(path: Path | str) -> dict[str, Any]:
    """One TOML file as it stands."""
    path = Path(path)
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ContentError(path, line, "This is not UTF-8 text; save the file as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        where = _AT_LINE.search(str(error))
        line = int(where[1]) if where else _last_line(path)
        raise ContentError(path, line, f"This is not TOML: {_AT_LINE.sub('', str(error)).strip()}.") from error
    except OSError as error:
        raise ContentError(path, 1, f"The file can't be read: {error.strerror}.") from error


def line_of(path: Path, key: str) -> int:
    """The line where `key` is set or its table begins; 1 where it is nowhere (then it is missing)."""
    if not key:
        return 1
    begins = re.compile(rf"\s*(?:{re.escape(key)}\s*=|\[+\s*{re.escape(key)}\s*[\].])")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if begins.match(line):
            return number
    return 1


def _load_layer(folder: Path, language: str, fallback: str) -> dict[str, Entry]:
    by_language = [one for one in LANGUAGES if (folder / one).is_dir()]
    if by_language:
        found: dict[str, Entry] = {}
        for one in dict.fromkeys((fallback, language)):
            for path in sorted((folder / one).glob("*.toml")):
                entry = _entry(path, load_file(path), one)
                found[entry.slug] = entry
        return found
    return {entry.slug: entry for entry in (_flat(path, language, fallback) for path in sorted(folder.glob("*.toml")))}


def _flat(path: Path, language: str, fallback: str) -> Entry:
    data = load_file(path)
    words = {one: data.pop(one) for one in LANGUAGES if isinstance(data.get(one), dict)}
    chosen = language if language in words else fallback
    return _entry(path, data | words.get(chosen, {}), chosen)


def _entry(path: Path, data: dict[str, Any], language: str) -> Entry:
    slug = data.get("slug", path.stem)
    if not isinstance(slug, str) or not _SLUG.fullmatch(slug):
        raise ContentError(path, line_of(path, "slug"), f"{slug!r} is not a slug: small letters, digits and hyphens.")
    if slug != path.stem:
        raise ContentError(path, line_of(path, "slug"), f"The slug is {slug!r}, so the file must be {slug}.toml.")
    return Entry(slug, language, data, path)


def _last_line(path: Path) -> int:
    return path.read_bytes().count(b"\n") + 1
