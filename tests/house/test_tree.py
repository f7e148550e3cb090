"""Signs of a house that is looked after: no module too long, nothing of one machine in it, no style or script inside a page."""

from __future__ import annotations

import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 520  # some 500

# Put together here, so that this file does not find itself.
_PLACES = ("/wo" + "rk/", "/ro" + "ot/", "/tm" + "p/kw", "/ho" + "me/[a-z]")
_INDEXES = ("pypi" + r"\.org", "pythonhosted" + r"\.org", "npmjs" + r"\.(org|com)", "deb" + r"\.debian")
_NOTES = ("TO" + "DO", "FIX" + "ME", "XX" + "X:")
NEVER = {
    "a folder of one machine": re.compile("|".join(_PLACES)),
    "the address of a package index": re.compile("|".join(_INDEXES)),
    "an unfinished note": re.compile("|".join(_NOTES)),
}
PICTURES = {".png", ".jpg", ".woff2", ".ico", ".xlsx", ".pdf", ".mo"}


def tracked() -> list[Path]:
    told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if told.returncode:
        pytest.skip("not a git checkout: nobody can say which files are the house's own")
    names = [name for name in told.stdout.decode().split("\0") if name]
    return [path for name in names if (path := ROOT / name).is_file()]


def templates() -> list[Path]:
    found = sorted((ROOT / "src" / "keepwell").glob("**/templates/**/*.html"))
    assert found, "no templates: the test would pass over nothing"
    return found


def test_no_module_is_too_long() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked()
        if path.suffix in (".py", ".js") and "migrations" not in path.parts
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}, "name its second subject and move it"


def test_nothing_of_one_machine_is_in_the_tree() -> None:
    found = []
    for path in tracked():
        if path.suffix in PICTURES:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            found += [f"{path.relative_to(ROOT)}:{number}: {what}" for what, pattern in NEVER.items() if pattern.search(line)]
    assert found == []


class _Inside(HTMLParser):
    """Finds what a strict content policy would refuse."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        if tag == "style":
            self.found.append((self.getpos()[0], "<style>"))
        if tag == "script" and "src" not in named and named.get("type") not in ("application/json", "speculationrules"):
            self.found.append((self.getpos()[0], "<script> without src"))
        for name, value in attributes:
            if name == "style" or name.startswith("on"):
                self.found.append((self.getpos()[0], f"{name}="))
            if value and value.strip().lower().startswith("javascript:"):
                self.found.append((self.getpos()[0], f"{name}=javascript:"))


def test_no_style_or_script_stands_inside_a_page() -> None:
    found = []
    for path in templates():
        if {"letters", "email", "mail"} & {*path.parts, path.stem}:
            continue  # a mail program knows no style sheets
        reader = _Inside()
        # Tags of the template language are put out of the way first, for they may stand inside an HTML tag.
        reader.feed(re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", lambda hit: " " * len(hit.group()), path.read_text(encoding="utf-8")))
        found += [f"{path.relative_to(ROOT)}:{line}: {what}" for line, what in reader.found]
    assert found == []


def test_the_finder_finds() -> None:
    reader = _Inside()
    reader.feed('<p style="color:red">\n<script>x</script><a onclick="y" href="javascript:z"><script src="a.js"></script>')
    assert [what for _line, what in reader.found] == ["style=", "<script> without src", "onclick=", "href=javascript:"]


def test_nothing_is_fetched_from_elsewhere() -> None:
    pattern = re.compile(r"""<(?:script|link|img|iframe|source|video|audio)[^>]*?(?:src|href)\s*=\s*["'](?:https?:)?//""", re.IGNORECASE)
    found = [str(path.relative_to(ROOT)) for path in templates() if pattern.search(path.read_text(encoding="utf-8"))]
    imports = re.compile(r"""(@import|url\()\s*["']?(?:https?:)?//""")
    found += [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "src").glob("**/static/**/*.css"))
        if imports.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


# Where our own HTML is put together; everywhere else the template language escapes.
MAY_MARK_SAFE = {"ui"}


def test_html_is_marked_safe_in_few_places() -> None:
    pattern = re.compile(r"\b(mark_safe|SafeString|SafeData)\(")
    found = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "src" / "keepwell").glob("**/*.py"))
        if pattern.search(path.read_text(encoding="utf-8")) and path.relative_to(ROOT / "src" / "keepwell").parts[0] not in MAY_MARK_SAFE
    ]
    assert found == [], "let a template or format_html escape it"
    unescaped = re.compile(r"\|\s*safe\b|autoescape off")
    assert [str(path.relative_to(ROOT)) for path in templates() if unescaped.search(path.read_text(encoding="utf-8"))] == []
