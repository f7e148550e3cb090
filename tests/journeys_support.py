"""The accessibility engine, and what it is asked."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_ENGINE = Axe()
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def look_over(page: Page, *, without: tuple[str, ...] = ()) -> None:
    """Fails with one line per finding. `without` names rules that do not hold here; say why where you name one."""
    options = {"runOnly": {"type": "tag", "values": _RULES}, "rules": {rule: {"enabled": False} for rule in without}}
    response = _ENGINE.run(page, options=options).response
    assert response["passes"], "the accessibility engine checked nothing"
    found = [
        f"{finding['id']} ({finding['impact']}): {finding['help']} at {', '.join(str(node['target'][0]) for node in finding['nodes'][:4])}"
        for finding in response["violations"]
    ]
    assert found == [], f"{page.url}\n" + "\n".join(found)
