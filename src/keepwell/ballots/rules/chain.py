"""Releases hang together: each names the one before it by its hash, so that none can be changed or taken out unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

START: Final = "0" * 64


def link(before: str, agency: str, period: str, node: str, cells: Mapping[str, Any]) -> str:
    """The hash of a release that follows the one whose hash is ``before``."""
    said = json.dumps([before, agency, period, node, cells], sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()
