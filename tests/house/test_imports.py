"""The picture of the house is kept true: imports run down only, shelves in order, forms and views private, the ground plain."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import grimp
import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "src" / "keepwell"
NO_CODE = {"content", "locale", "static", "templates"}
DOORS = {"cli", "demo"}  # folders at the root that assemble rooms


def rooms() -> set[str]:
    return {path.parent.name for path in HOUSE.glob("*/__init__.py")} - NO_CODE - DOORS


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("keepwell", cache_dir=None)


def test_the_contracts_hold(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename="pyproject.toml", no_cache=True) == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_every_room_has_its_floor() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    floors = {name.strip().removeprefix("keepwell.") for layer in contracts[0]["layers"] for name in layer.split("|")}
    assert floors == rooms(), "a new room takes its place among the layers in pyproject.toml"
    shelves = {name.removeprefix("keepwell.") for name in contracts[1]["containers"]}
    assert shelves == rooms() - {"kit"}


def test_no_room_imports_a_root_file(graph: grimp.ImportGraph) -> None:
    roots = {f"keepwell.{path.stem}" for path in HOUSE.glob("*.py") if path.stem != "__init__"} | {f"keepwell.{name}" for name in DOORS}
    roots |= {module for root in list(roots) for module in graph.find_descendants(root)}
    wrong = [
        f"{module} imports {imported}"
        for room in sorted(rooms())
        for module in sorted({f"keepwell.{room}"} | graph.find_descendants(f"keepwell.{room}"))
        for imported in sorted(graph.find_modules_directly_imported_by(module) & roots)
    ]
    assert wrong == []


def test_forms_and_views_are_private_to_their_room(graph: grimp.ImportGraph) -> None:
    private = [module for module in graph.modules if any(part in ("forms", "views") for part in module.split(".")[2:])]
    assert private, "no forms and no views: the test would pass over nothing"
    wrong = [
        f"{importer} imports {module}"
        for module in sorted(private)
        for importer in sorted(graph.find_modules_that_directly_import(module))
        if importer.split(".")[1] != module.split(".")[1]
    ]
    assert wrong == []


def _inner_imports(path: Path) -> list[int]:
    """Lines of imports inside functions, save those that give their reason in a comment beside or above them."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    found = set()
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for node in ast.walk(function):
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    last = (node.end_lineno or node.lineno) - 1
                    if "#" not in lines[last] and "#" not in lines[node.lineno - 1] and not lines[node.lineno - 2].strip().startswith("#"):
                        found.add(node.lineno)
    return sorted(found)


def test_an_import_inside_a_function_gives_its_reason() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted(HOUSE.glob("**/*.py"))
        if "migrations" not in path.parts
        for line in _inner_imports(path)
    ]
    assert wrong == [], "move the shared thing down or the composing thing up; a slow optional library says so in a comment"


@pytest.mark.parametrize("room", sorted(rooms()))
def test_each_room_says_what_it_is_for(room: str) -> None:
    words = ast.get_docstring(ast.parse((HOUSE / room / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert len(words.split()) >= 12, f"{room}/__init__.py: what for, whose records, who may see them"
