"""What a browser calls itself, short enough to recognise one's own."""

from __future__ import annotations

# Order matters: most browsers also claim to be those they descend from.
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
             ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_DEVICES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook"), ("Windows", "Windows"),
            ("Mac OS X", "Mac"), ("Linux", "Linux"))  # fmt: skip


def browser_named(agent: str) -> str:
    """ "Firefox, Android"; empty where nothing is known."""
    found = [next((name for sign, name in known if sign in agent), "") for known in (_BROWSERS, _DEVICES)]
    return ", ".join(name for name in found if name)
