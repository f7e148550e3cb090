"""Documents that can't grow old unnoticed: every setting, every command, every make target, and links that lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from keepwell.cli import VERBS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


def settings_read() -> set[str]:
    """Every name our code reads from the environment."""
    found: set[str] = set()
    for path in (ROOT / "src" / "keepwell").glob("**/*.py"):
        found |= set(re.findall(r"""(?:read|_key|environ\.get|getenv)\(\s*["'](KEEPWELL_[A-Z_]+)["']""", path.read_text(encoding="utf-8")))
        found |= set(re.findall(r"""environ\[["'](KEEPWELL_[A-Z_]+)["']\]""", path.read_text(encoding="utf-8")))
    return {name.removesuffix("_FILE") for name in found}


def test_every_setting_is_explained() -> None:
    wanted = settings_read()
    assert len(wanted) > 8, "the settings were not found in the code"
    page = (ROOT / "docs" / "self-hosting.md").read_text(encoding="utf-8")
    assert sorted(name for name in wanted if f"`{name}`" not in page) == []
    told = set(re.findall(r"`(KEEPWELL_[A-Z_]+)`", page))
    assert sorted(name for name in told if name.removesuffix("_FILE") not in wanted) == [], "explained, but read nowhere"


def test_every_command_is_explained() -> None:
    assert VERBS, "the command has no verbs"
    pages = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    missing = [verb.name for verb in VERBS if not re.search(rf"\bkeepwell {re.escape(verb.name)}\b", pages)]
    assert missing == []


def test_every_command_named_exists() -> None:
    known = {verb.name for verb in VERBS}
    named = {name for page in PAGES for name in re.findall(r"\bkeepwell ([a-z]+)\b", page.read_text(encoding="utf-8"))}
    # Prose may say "keepwell" in lower case only as the command, so every word after it is a verb.
    assert sorted(named - known) == []


def test_every_make_target_is_explained() -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)) - {"help"}
    assert {"demo", "serve", "test", "quick", "check", "bench", "long", "pictures", "clean"} <= targets
    pages = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert sorted(target for target in targets if f"make {target}" not in pages) == []


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 100


def anchors(page: Path) -> set[str]:
    """The addresses of a page's headings, as they are made for Markdown on the web."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in re.findall(r"^#+\s+(.+?)\s*$", text, re.MULTILINE)
    }


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        other = (page.parent / place).resolve() if place else page
        if not other.exists() or (anchor and other.suffix == ".md" and anchor not in anchors(other)):
            broken.append(target)
    assert broken == []


def test_the_pages_are_there() -> None:
    wanted = {"README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/privacy.md", "docs/self-hosting.md"}
    assert wanted - set(NAMES) == set()
    assert any(name.startswith("docs/decisions") for name in NAMES)
