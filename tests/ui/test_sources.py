"""What the templates and sheets of every room must never hold; and how heavy the first page may be."""

import gzip
import re
from pathlib import Path

import pytest

import keepwell

SOURCE = Path(keepwell.__file__).parent
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
PAGES = [path for path in TEMPLATES if path.name != "mail.html"]  # a letter has no sheet to link to
SHEETS = SOURCE / "ui" / "static" / "ui" / "css"
SCRIPTS = sorted((SOURCE / "ui" / "static" / "ui" / "js").glob("*.js"))


def _id(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", PAGES, ids=_id)
def test_no_inline_style_script_or_handler(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=", text), "the content security policy allows no style attribute"
    assert not re.search(r"<style\b", text)
    assert not re.search(r"<script(?![^>]*\b(src=|type=\"application/json\"))", text), "a block of data is no script"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert "javascript:" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=_id)
def test_the_products_name_is_a_setting(path: Path) -> None:
    assert "Keepwell" not in path.read_text()


@pytest.mark.parametrize("path", TEMPLATES, ids=_id)
def test_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    assert not re.search(r"(src|srcset|action)\s*=\s*[\"'](https?:)?//", path.read_text())
    assert not re.search(r"<link[^>]+href\s*=\s*[\"'](https?:)?//", path.read_text())


@pytest.mark.parametrize("path", sorted(SHEETS.glob("*.css")), ids=_id)
def test_sheets_ask_for_nothing_from_elsewhere_and_suit_old_phones(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    assert "http" not in text and "@import" not in text
    for young in (":has(", "color-mix(", "light-dark("):
        assert young not in text


def test_dark_is_the_same_whether_chosen_or_found() -> None:
    text = (SHEETS / "tokens.css").read_text()
    found = text.split(':root:not([data-theme="light"]) {')[1].split("}")[0]
    chosen = text.split(':root[data-theme="dark"] {')[1].split("}")[0]
    assert found.split() == chosen.split()


def test_every_token_used_exists() -> None:
    sheets = {path.name: path.read_text() for path in SHEETS.glob("*.css")}
    known = set(re.findall(r"(--[a-z0-9-]+)\s*:", "".join(sheets.values())))
    used = set(re.findall(r"var\((--[a-z0-9-]+)\)", "".join(sheets.values())))
    assert used - known == set()


def test_scripts_keep_nothing_and_hand_nothing_on() -> None:
    for path in SCRIPTS:
        text = path.read_text()
        for word in (
            "eval(",
            "new Function",
            "innerHTML",
            "localStorage",
            "document.cookie",
            "console.log",
            "http:",
            "https:",
        ):
            assert word not in text, f"{word} in {path.name}"


def test_what_every_page_brings_is_light() -> None:
    """Sheets and scripts, compressed, and both typefaces: what is left of 100 KB is the page's own."""
    sheets = sum(
        len(gzip.compress((SHEETS / name).read_bytes()))
        for name in ("tokens.css", "base.css", "components.css", "print.css")
    )
    scripts = sum(len(gzip.compress(path.read_bytes())) for path in SCRIPTS)
    faces = sorted((SOURCE / "ui" / "static" / "ui" / "fonts").glob("*.woff2"))
    assert [face.name for face in faces] == ["figtree.woff2", "literata.woff2"]
    assert sheets + scripts + sum(face.stat().st_size for face in faces) < 62_000
