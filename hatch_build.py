"""What is made when Keepwell is built or installed from source: compiled translations and the two cut typefaces.

The same hook serves the wheel and the editable install, so that whoever runs Keepwell needs neither gettext nor fonttools.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def _tool(root: Path, name: str) -> ModuleType:
    """A module of tools/, which is no package: it is never installed."""
    spec = importlib.util.spec_from_file_location(f"keepwell_build_{name}", root / "tools" / f"{name}.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"tools/{name}.py is missing from this copy of Keepwell")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def make(root: Path) -> list[Path]:
    """Makes what is missing or older than its source; returns what was made."""
    made: list[Path] = _tool(root, "catalogs").compile_all(root / "src" / "keepwell")
    source = root / "tools" / "fonts.py"
    target = root / "src" / "keepwell" / "ui" / "static" / "ui" / "fonts"
    faces = sorted(target.glob("*.woff2"))
    if not faces or min(face.stat().st_mtime for face in faces) < source.stat().st_mtime:
        target.mkdir(parents=True, exist_ok=True)
        made += _tool(root, "fonts").build(target)
    return made


class Workshop(BuildHookInterface):  # type: ignore[type-arg]  # hatchling leaves the type of its configuration open
    """Called by hatchling before it collects the files."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "wheel":
            for path in make(Path(self.root)):
                self.app.display_info(f"made {path}")
