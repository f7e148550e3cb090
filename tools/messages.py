"""Translations without GNU gettext: takes every string from Python and templates, one `.po` per room.

    tools/messages.py update [room …]   brings the .po of these rooms (all, if none is named) up to date with the code
    tools/messages.py compile           .po → .mo where needed
    tools/messages.py check             exit 1 and a list, if a string is missing, untranslated, fuzzy or badly filled in

Templates go through Django's own `templatize`, so that the words we file are the very words Django looks up when it renders.
Translations are kept by exact match; what the code no longer says is dropped; nothing is guessed. Files carry no dates and no line
numbers: two people who change one room each never meet in a merge.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message, TranslationError
from babel.messages.extract import extract_python
from babel.messages.pofile import write_po
from django.conf import settings
from django.utils.translation.template import templatize

sys.path.insert(0, str(Path(__file__).resolve().parent))
import catalogs

SOURCE = catalogs.SOURCE
LANGUAGES = ("es",)
ROOT = "keepwell"  # the name for what lies at the root of the house: settings, urls, clock, demo, cli
NOT_ROOMS = {"cli", "content", "demo", "locale", "templates", "static", "__pycache__"}

Spec = tuple[int | tuple[int, str], ...] | None
_SHAPES: dict[str, Spec] = {
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
KEYWORDS: dict[str, Spec] = {
    "_": None,
    "gettext_noop": None,
    **_SHAPES,
    **{f"{name}_lazy": shape for name, shape in _SHAPES.items()},
}

HEADER = """# Keepwell, {language}, room {room}. Written by hand; after a change run: tools/messages.py update {room}
msgid ""
msgstr ""
"Project-Id-Version: Keepwell\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


@dataclass
class Found:
    """One string of the code."""

    words: str | tuple[str, str]
    context: str | None
    files: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.words if isinstance(self.words, str) else self.words[0]


def rooms() -> list[str]:
    """Every room of the house, and the root."""
    found = [
        folder.name
        for folder in SOURCE.iterdir()
        if folder.is_dir() and folder.name not in NOT_ROOMS and any(folder.glob("**/*.py"))
    ]
    return [ROOT, *sorted(found)]


def po_path(room: str, language: str) -> Path:
    home = SOURCE if room == ROOT else SOURCE / room
    return home / "locale" / language / "LC_MESSAGES" / "django.po"


def sources(room: str) -> list[Path]:
    """The files whose words belong to a room: Python, and templates of whatever ending."""
    homes = [SOURCE / "cli", SOURCE / "demo", SOURCE / "templates"] if room == ROOT else [SOURCE / room]
    files = list(SOURCE.glob("*.py")) if room == ROOT else []
    for home in homes:
        files += home.glob("**/*.py")
        files += [path for path in home.glob("**/templates/**/*") if path.is_file()]
    return sorted(path for path in files if "migrations" not in path.parts and "__pycache__" not in path.parts)


def calls(path: Path) -> Iterator[tuple[str, object, list[str]]]:
    """Each gettext call of a file: function, arguments, translator comments."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What templatize leaves is a line of X per word and real calls between them. In brackets, so that indents mean nothing.
        text = f"(\n{templatize(text, origin=str(path))}\n)"
    options = {"encoding": "utf-8"}
    try:
        for _line, function, arguments, comments in extract_python(
            io.BytesIO(text.encode()), list(KEYWORDS), ["Translators"], options
        ):
            yield function, arguments, comments
    except Exception as fault:
        raise SystemExit(f"{path}: cannot be read for translation: {fault}") from fault


def extract(room: str) -> dict[tuple[str | None, str], Found]:
    """Every string of a room in the order of its files."""
    found: dict[tuple[str | None, str], Found] = {}
    for path in sources(room):
        for function, arguments, comments in calls(path):
            given = list(arguments) if isinstance(arguments, (tuple, list)) else [arguments]
            one = _shape(function, given)
            if one is None:
                continue
            known = found.setdefault(one.key, one)
            if isinstance(known.words, str) and isinstance(one.words, tuple):
                known.words = one.words
            where = path.relative_to(SOURCE).as_posix()
            if where not in known.files:
                known.files.append(where)
            known.comments += [line for line in comments if line not in known.comments]
    return found


def _shape(function: str, given: list[object]) -> Found | None:
    """The string(s) a call looks up; None where an argument is no literal (the literal stands elsewhere then)."""
    context: str | None = None
    if function.startswith(("pgettext", "npgettext")):
        context = given[0] if given and isinstance(given[0], str) else None
        given = given[1:]
        if context is None:
            return None
    wanted = 2 if function.startswith(("ngettext", "npgettext")) else 1
    words = given[:wanted]
    if len(words) < wanted or not all(isinstance(word, str) and word for word in words):
        return None
    first = str(words[0])
    return Found((first, str(words[1])) if wanted == 2 else first, context)


def merged(room: str, language: str) -> Catalog:
    """The room's strings with the translations that already stand."""
    path = po_path(room, language)
    old = {(m.context, _first(m)): m for m in catalogs.read(path)} if path.exists() else {}
    catalog = Catalog(locale=language)
    for key, one in extract(room).items():
        before = old.get(key)
        message = catalog.add(
            one.words,
            _kept(before, one.words),
            locations=[(name, 0) for name in one.files],
            auto_comments=one.comments,
            user_comments=before.user_comments if before else (),
            context=one.context,
        )
        if before and before.fuzzy:
            message.flags.add("fuzzy")
    return catalog


def _first(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, (list, tuple)) else message.id)


def _kept(before: Message | None, words: str | tuple[str, str]) -> str | tuple[str, ...]:
    """The standing translation in the shape the code now asks for."""
    plural = isinstance(words, tuple)
    if before is None:
        return ("", "") if plural else ""
    said = before.string
    if plural:
        return tuple(said) if isinstance(said, (list, tuple)) else (str(said), "")
    return str(said[0]) if isinstance(said, (list, tuple)) else str(said)


def written(catalog: Catalog, room: str, language: str) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalog, omit_header=True, include_lineno=False, ignore_obsolete=True, width=110)
    return (HEADER.format(language=language, room=room) + buffer.getvalue().decode().strip() + "\n").encode()


def update(names: list[str]) -> int:
    for room in names or rooms():
        for language in LANGUAGES:
            path = po_path(room, language)
            catalog = merged(room, language)
            if not len(catalog):
                path.unlink(missing_ok=True)
                continue
            text = written(catalog, room, language)
            if not path.exists() or path.read_bytes() != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text)
            missing = sum(1 for message in catalog if message.id and not _complete(message))
            print(f"{room} ({language}): {len(catalog)} strings, {missing or 'none'} to translate")
    return 0


def _complete(message: Message) -> bool:
    parts = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return bool(parts) and all(parts) and not message.fuzzy


def faults(language: str) -> list[str]:
    """What keeps a language from being whole, one line each."""
    found: list[str] = []
    said: dict[tuple[str | None, str], tuple[str, object]] = {}
    for room in rooms():
        path = po_path(room, language)
        have = {(m.context, _first(m)): m for m in catalogs.read(path) if m.id} if path.exists() else {}
        wanted = extract(room)
        for key, one in wanted.items():
            where = f"{room} ({language}): {key[1]!r}" + (f" [{key[0]}]" if key[0] else "")
            message = have.get(key)
            if message is None or (isinstance(one.words, tuple) and not isinstance(message.id, (list, tuple))):
                found.append(f"{where} is in {', '.join(one.files)} but not in the .po: run tools/messages.py update {room}")
            elif message.fuzzy:
                found.append(f"{where} is marked fuzzy: read it again and take the mark away")
            elif not _complete(message):
                found.append(f"{where} is not translated")
            else:
                found += [f"{where}: {fault}" for fault in _filled(message)]
                before = said.setdefault(key, (room, message.string))
                if before[1] != message.string and not isinstance(message.string, (list, tuple)):
                    found.append(
                        f"{where} reads {message.string!r} here but {before[1]!r} in {before[0]}: Django keeps one of the two;"
                        " agree on one, or tell them apart with a context"
                    )
        for key in have.keys() - wanted.keys():
            found.append(f"{room} ({language}): {key[1]!r} is said nowhere any more: run tools/messages.py update {room}")
    return found


def _filled(message: Message) -> list[str]:
    """Placeholders that differ between the two languages, and line breaks at the ends."""
    problems = []
    if message.python_format:
        problems += [str(fault) for fault in message.check() if isinstance(fault, TranslationError)]
    first, reply = _first(message), message.string if isinstance(message.string, str) else message.string[0]
    if first.startswith("\n") != str(reply).startswith("\n") or first.endswith("\n") != str(reply).endswith("\n"):
        problems.append("begins or ends with a line break in one language only (write {% blocktranslate trimmed %})")
    return problems


def check() -> int:
    found = [line for language in LANGUAGES for line in faults(language)]
    for line in found:
        print(line)
    print(f"{len(found)} to do" if found else "every string is translated")
    return 1 if found else 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tools/messages.py", description="Keeps the translations whole, without GNU gettext.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    updating = verbs.add_parser("update", help="bring .po files up to date with the code")
    updating.add_argument("room", nargs="*", help=f"a room ('{ROOT}' for the files at the root); all, if none is named")
    verbs.add_parser("compile", help=".po to .mo where needed")
    verbs.add_parser("check", help="exit 1 and a list if anything is missing")
    given = parser.parse_args(arguments)
    if not settings.configured:
        settings.configure()  # templatize looks at nothing but defaults
    if given.verb == "update":
        unknown = set(given.room) - set(rooms())
        if unknown:
            parser.error(f"no such room: {', '.join(sorted(unknown))} (there are: {', '.join(rooms())})")
        return update(given.room)
    if given.verb == "compile":
        for path in catalogs.compile_all():
            print(f"compiled {path.relative_to(SOURCE.parent.parent)}")
        return 0
    return check()


if __name__ == "__main__":
    raise SystemExit(main())
