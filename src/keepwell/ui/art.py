"""The drawings: mark, icons, wells, scenes, evidence bars and bands, each a function that returns SVG.

Pure: numbers and names in, text out. Nothing a person wrote is ever placed in a drawing unescaped, and no drawing
carries a style attribute, because the content security policy allows none.
"""

from html import escape
from math import sqrt

MARK = "M4 30V14a12 12 0 0 1 24 0v16ZM10 20h12a6 6 0 0 0-12 0ZM10 22h12v2H10Z"
ARCH = "M5 20.5V11a7 7 0 0 1 14 0v9.5"


def _p(d: str) -> str:
    return f'<path d="{d}"/>'


# 24 grid, stroke 1.75, round caps; drawn from arches, horizon lines and leaves.
ICONS: dict[str, str] = {
    # places
    "today": _p("M3 16.5h18M6.5 16.5a5.5 5.5 0 0 1 11 0M12 4.5v3M4.6 8.6l2 2M19.4 8.6l-2 2M8 20.2h8"),
    "care": _p(
        "M12 21v-9.5M12 13.5c0-4 2.6-6.6 7.5-6.8.2 4.6-2.6 7.2-7.5 6.8ZM12 10.5C12 7 9.7 4.4 5 4.2c-.2 4.4 2.3 6.7 7 6.3M7.5 21h9"
    ),
    "support": _p("M3.5 20.5V13a4.7 4.7 0 0 1 9.4 0v7.5M11.2 9.3A4.7 4.7 0 0 1 20.5 11v9.5M2 20.5h20"),
    "agency": _p("M3 20.5h18M4.5 20.5V10L12 4l7.5 6v10.5M9.3 20.5v-4.7a2.7 2.7 0 0 1 5.4 0v4.7"),
    "community": _p("M2.5 19.5c2.2-6 5-8.4 8.2-5.6 2 1.8 3.4 3.6 4.6 5.6M13 15.6c2.6-4.8 5.8-4.2 8.5 3.9M2.5 19.5h19")
    + '<circle cx="15.6" cy="7" r="2.7"/>',
    "library": _p(
        "M12 6.5C9.5 4.7 6.5 4.5 3.5 5.2v13.5c3-.7 6-.5 8.5 1.3 2.5-1.8 5.5-2 8.5-1.3V5.2c-3-.7-6-.5-8.5 1.3ZM12 6.5V20"
    ),
    "help": '<circle cx="12" cy="12" r="8.7"/><circle cx="12" cy="12" r="3.6"/>'
    + _p("m5.9 5.9 3.5 3.5M18.1 5.9l-3.5 3.5M5.9 18.1l3.5-3.5M18.1 18.1l-3.5-3.5"),
    "leave": _p("M4.5 20.5V11a6 6 0 0 1 12 0M4.5 20.5H11M12 16h9M17.5 12.5 21 16l-3.5 3.5"),
    # the door: closed, ajar, a row of doors, open with light
    "d-me": f'<path class="solid" d="{ARCH}Z"/><circle class="cut" cx="15" cy="14.5" r=".9"/>' + _p("M3 20.5h18"),
    "d-ajar": _p(f"{ARCH}M3 20.5h18") + '<path class="solid" d="M5 20.5V11c0-3 2-5.6 4.8-6.6L12 9v14Z"/>',
    "d-group": _p("M2.5 19V12a3 3 0 0 1 6 0v7M9 19v-7a3 3 0 0 1 6 0v7M15.5 19v-7a3 3 0 0 1 6 0v7M1.5 19h21"),
    "d-open": _p(f"{ARCH}M3 20.5h18") + '<path class="solid" d="M8.5 16.5a3.5 3.5 0 0 1 7 0Z"/>',
    # the four domains: a warm bowl, still water, two chairs at a table, a candle
    "body": _p(
        "M3.5 12.5h17c0 4.6-3.5 8-8.5 8s-8.5-3.4-8.5-8ZM9 9.3c-1.3-1.6 1.3-2.8 0-4.6M14.5 9.3c-1.3-1.6 1.3-2.8 0-4.6"
    ),
    "mind": '<circle cx="12" cy="7.5" r="4"/>' + _p("M3.5 15.5h17M6.5 18.5h11M9.5 21.5h5"),
    "people": _p("M3.5 20.5V8.5M3.5 14.5h4.7v6M20.5 20.5V8.5M20.5 14.5h-4.7v6M9.3 11h5.4M12 11v9.5"),
    "spirit": _p(
        "M12 2.8c2.7 2.7 3.7 4.5 3.7 6.2a3.7 3.7 0 0 1-7.4 0c0-1.7 1-3.5 3.7-6.2ZM9.3 15.5h5.4v5.5H9.3ZM4 21h16"
    ),
    # acts and things
    "check": _p("m5 12.8 4.5 4.7L19.5 7"),
    "next": _p("m9 5.5 6.5 6.5L9 18.5"),
    "back": _p("M15 5.5 8.5 12l6.5 6.5"),
    "up": _p("M5.5 15 12 8.5l6.5 6.5"),
    "down": _p("m5.5 9 6.5 6.5L18.5 9"),
    "clock": '<circle cx="12" cy="12" r="8.5"/>' + _p("M12 7.2V12l3.2 2.2"),
    "phone": _p(
        "M5 4h4l1.6 4.6L8.4 10c1.1 2.4 3.2 4.5 5.6 5.6l1.4-2.2L20 15v4c0 .8-.6 1.4-1.4 1.3"
        "C10.8 19.8 4.2 13.2 3.7 5.4 3.6 4.6 4.2 4 5 4Z"
    ),
    "pause": _p("M8.5 5.5v13M15.5 5.5v13"),
    "play": _p("M8 5.2v13.6L18.8 12Z"),
    "plus": _p("M12 5v14M5 12h14"),
    "minus": _p("M5 12h14"),
    "close": _p("m6 6 12 12M18 6 6 18"),
    "info": '<circle cx="12" cy="12" r="8.5"/>' + _p("M12 11v5.5M12 7.7v.1"),
    "warn": _p("M12 4 2.8 20h18.4ZM12 10v4.5M12 17.3v.1"),
    "calendar": _p("M4 20V7h16v13ZM4 11h16M8.5 4v4.5M15.5 4v4.5"),
    "talk": _p("M4 5h16v11H11l-5 4v-4H4Z"),
    "leaf": _p("M5 19c0-9 5-14 14-14 0 9-5 14-14 14ZM5 19l7-7"),
    "print": _p("M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7Z"),
    "edit": _p("M4.5 19.5h4L19 9l-4-4L4.5 15.5ZM12.5 7.5l4 4"),
    "search": '<circle cx="10.8" cy="10.8" r="6.3"/>' + _p("m15.5 15.5 5 5"),
    "mail": _p("M3.5 6h17v12.5h-17ZM3.5 7.5l8.5 6 8.5-6"),
    "bell": _p("M5.5 17.5V11a6.5 6.5 0 0 1 13 0v6.5M3.5 17.5h17M10 20.8h4M12 4.5V2.8"),
    "key": '<circle cx="8" cy="12" r="4.2"/>' + _p("M12.2 12h8.3M17 12v3.5M20.5 12v2.5"),
    "lock": _p("M5 11h14v9.5H5ZM8 11V8.5a4 4 0 0 1 8 0V11M12 14.8v2"),
    "settings": _p("M4 7.5h8M17 7.5h3M4 16.5h3M12 16.5h8")
    + '<circle cx="14.5" cy="7.5" r="2.4"/><circle cx="9.5" cy="16.5" r="2.4"/>',
    "download": _p("M12 4v11M7 10.5l5 4.8 5-4.8M4.5 20h15"),
    "upload": _p("M12 15.5v-11M7 9l5-4.8L17 9M4.5 20h15"),
    "bin": _p("M5 7h14M9.5 7V4h5v3M6.5 7l1 13h9l1-13M10.5 11v5M13.5 11v5"),
    "list": _p("M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.1M4.5 12h.1M4.5 17.5h.1"),
    "trend": _p("M4 4v16h16M7.5 15l4-4 3 2.5 5-6"),
    "person": '<circle cx="12" cy="8" r="3.7"/>' + _p("M5 20.5c0-4.4 2.8-7 7-7s7 2.6 7 7"),
    "team": '<circle cx="9" cy="8.5" r="3.3"/>'
    + _p("M2.8 20c0-4 2.4-6.3 6.2-6.3s6.2 2.3 6.2 6.3M15 5.5a3.3 3.3 0 0 1 0 6M17.5 14.3c2.3.8 3.7 2.8 3.7 5.7"),
    "more": _p("M5.5 12h.1M12 12h.1M18.5 12h.1"),
    "shield": _p("M12 3.5 4.5 6v6c0 4.5 3 7.3 7.5 8.8 4.5-1.5 7.5-4.3 7.5-8.8V6Z"),
    "journal": _p("M6 3.5h13v17H6ZM6 3.5v17M9.5 8h6M9.5 12h6"),
    "boundary": _p("M3 20.5v-10M9 20.5v-10M15 20.5v-10M21 20.5v-10M3 13h18M3 17.5h18M3 10.5 6 7.5l3 3 3-3 3 3 3-3 3 3"),
    "undo": _p("M8.5 5 4 9.5 8.5 14M4 9.5h10.5a5.5 5.5 0 0 1 0 11H9"),
    "globe": '<circle cx="12" cy="12" r="8.5"/>' + _p("M3.5 12h17M12 3.5c5 5.5 5 11.5 0 17M12 3.5c-5 5.5-5 11.5 0 17"),
    "out": _p("M10 5H5v14h14v-5M13.5 4.5h6v6M19.5 4.5 11 13"),
    "filter": _p("M4 6.5h16M7 12h10M10 17.5h4"),
    "moon": _p("M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z"),
    "eye": _p("M2.5 12c5-8 14-8 19 0-5 8-14 8-19 0Z") + '<circle cx="12" cy="12" r="2.8"/>',
    "walk": _p("M3 20.5h18M6 20.5c1-5.5 4-6.5 7-8.5 2-1.4 2.5-3 2-5.5M10.5 20.5c1-3 3-4.5 5-6 3-2.3 3.5-5 2.5-8"),
}


# These point along the line of reading, so they turn where it runs from right to left.
TURNING = frozenset({"next", "back", "leave", "out", "undo"})


def mark(css: str = "mark") -> str:
    """The mark, one colour, taken from the text around it."""
    return (
        f'<svg class="{escape(css)}" viewBox="0 0 32 32" aria-hidden="true" focusable="false">'
        f'<path fill="currentColor" fill-rule="evenodd" d="{MARK}"/></svg>'
    )


def icon(name: str, label: str = "", css: str = "ico") -> str:
    """One icon. Silent beside words; with `label` where it stands alone. An unknown name is a fault of ours: it raises."""
    if name in TURNING:
        css += " dir"
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return f'<svg class="{escape(css)}" viewBox="0 0 24 24" {said} focusable="false">{ICONS[name]}</svg>'


WELL = "M2.5 21.5V9.5a7.5 7.5 0 0 1 15 0v12Z"


def well(level: int, of: int = 4) -> str:
    """An arch that fills like a well, 0 to `of`. Silent: the words always stand beside it."""
    level = min(max(level, 0), of)
    top = 21.5 - level / of * 19.5
    fill = ""
    if level == of:
        fill = f'<path class="f" d="{WELL}"/>'
    elif level and top >= 9.5:
        fill = f'<path class="f" d="M2.5 21.5V{top:.2f}h15V21.5Z"/>'
    elif level:
        half = sqrt(7.5**2 - (9.5 - top) ** 2)
        fill = (
            f'<path class="f" d="M2.5 21.5V9.5A7.5 7.5 0 0 1 {10 - half:.2f} {top:.2f}H{10 + half:.2f}'
            f'A7.5 7.5 0 0 1 17.5 9.5V21.5Z"/>'
        )
    return f'<svg class="well" viewBox="0 0 20 24" aria-hidden="true" focusable="false">{fill}<path class="o" d="{WELL}"/></svg>'


def evid(share: float, aim: float | None = None, part: bool = False) -> str:
    """Evidence bar: length is the fact, the tick is the aim; the words underneath say both."""
    fact = f"{min(max(share, 0), 100):g}"
    tick = "" if aim is None else f'<line class="tick" x1="{aim:g}" x2="{aim:g}" y1="0" y2="12"/>'
    return (
        '<svg class="evid" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect class="bg" y="3" width="100" height="6"/>'
        f'<rect class="fg{" part" if part else ""}" y="3" width="{fact}" height="6"/>{tick}</svg>'
    )


def band(taken: int, kind: str = "") -> str:
    """A group figure: ten places, one taken (0 to 9). `kind` is burn, cf or nothing."""
    cells = "".join(
        f'<rect class="{"on" if place == taken else "cell"}" x="{place * 10}" y="{0 if place == taken else 3}"'
        f' width="9" height="{10 if place == taken else 4}"/>'
        for place in range(10)
    )
    return (
        f'<svg class="{escape((kind + " band").strip())}" viewBox="0 0 100 10" preserveAspectRatio="none"'
        f' aria-hidden="true" focusable="false">{cells}</svg>'
    )


# A lit doorway over hills and water, for the front door only. The clip's id is fixed: one scene a page.
_DOOR = """<svg class="scene" viewBox="0 0 360 420" aria-hidden="true" focusable="false">
<clipPath id="arch"><path d="M50 400V180a130 130 0 0 1 260 0v220Z"/></clipPath>
<g clip-path="url(#arch)"><rect class="sky" x="50" y="40" width="260" height="370"/>
<g class="night"><circle class="star" cx="110" cy="130" r="1.8"/><circle class="star" cx="150" cy="96" r="1.4"/>\
<circle class="star" cx="242" cy="110" r="1.8"/><circle class="star" cx="270" cy="168" r="1.3"/>\
<circle class="star" cx="196" cy="140" r="1.2"/></g>
<circle class="sun" cx="206" cy="222" r="44"/>
<path class="h1" d="M50 236c44-34 80-30 118-6s80 20 142-22v210H50Z"/>
<path class="h2" d="M50 262c58-14 96 6 138 18 44 12 78-2 122-26v160H50Z"/>
<path class="h3" d="M50 306h260v110H50Z"/>
<path class="water" d="M172 318h68M186 330h40M196 342h20"/>
<path class="h4" d="M50 352c44-20 96-22 150 2 40 17 78 20 110 12v50H50Z"/></g>
<path class="stem" d="M50 400V180a130 130 0 0 1 260 0v220M18 400h324"/>
<path class="stem" d="M330 400c2-40-4-78-14-108M328 372c12-4 20-14 22-28M327 348c-10-4-17-12-20-25M322 318c9-5 14-14 14-26"/>
<path class="leaf" d="M328 372c1-17 9-28 24-32 2 18-6 29-24 32ZM327 350c-15-2-23-12-23-28 15 3 23 13 23 28ZM322 320c-1-15 \
5-26 17-32 4 15-2 26-17 32ZM316 294c-9-9-10-20-4-32 9 9 11 20 4 32Z"/>
<path class="stem" d="M30 400c-2-26 0-48 6-66M30 376c-8-3-13-9-15-18M32 356c8-4 13-11 14-20"/>
<path class="leaf" d="M30 378c-13-1-19-9-19-22 12 2 19 10 19 22ZM32 358c0-13 6-21 18-24 1 13-5 22-18 24ZM36 336c-6-9-5-18 \
2-26 6 9 5 18-2 26Z"/>
</svg>"""

_HILLS = """<svg class="scene" viewBox="0 0 400 260" preserveAspectRatio="xMidYMax slice" aria-hidden="true" focusable="false">
<rect class="sky" width="400" height="260"/>
<g class="night"><circle class="star" cx="90" cy="52" r="2"/><circle class="star" cx="150" cy="90" r="1.5"/>\
<circle class="star" cx="238" cy="40" r="1.7"/><circle class="star" cx="330" cy="76" r="2"/></g>
<circle class="sun" cx="232" cy="124" r="36"/>
<path class="h1" d="M0 150c60-40 118-36 176-8s128 26 224-26v150H0Z"/>
<path class="h2" d="M0 176c88-22 140 12 206 20 74 9 128-18 194-46v116H0Z"/>
<path class="h3" d="M0 222c70-32 140-34 214-10 66 22 126 14 186-12v66H0Z"/>
<g transform="translate(26 2)"><path class="stem" d="M128 214v-44M128 196c-9-2-14-8-15-16M128 186c9-3 13-9 14-17M150 \
218v-28M150 206c7-2 11-7 12-13"/>
<path class="leaf" d="M128 198c-12-1-18-8-18-19 11 1 18 8 18 19ZM128 188c0-12 6-19 17-21 1 12-5 20-17 21ZM128 172c-6-7-6-15 \
0-22 6 7 6 15 0 22ZM150 207c0-9 5-15 14-17 1 10-4 16-14 17ZM150 192c-5-6-5-12 0-17 5 5 5 11 0 17Z"/></g></svg>"""

# An empty state: a sill, a pot, light to come.
_SILL = """<svg class="scene" viewBox="0 0 150 120" aria-hidden="true" focusable="false">\
<path class="sky" d="M30 108V66a45 45 0 0 1 90 0v42Z"/><circle class="sun" cx="94" cy="72" r="13"/>\
<path class="h1" d="M30 92c26-16 50-14 90 2v14H30Z"/>\
<path class="stem" d="M8 108h134M66 108c0-18-1-30-4-44M65 90c-9-2-15-8-16-18M64 78c8-3 13-9 14-17"/>\
<path class="leaf" d="M65 91c-13 0-20-8-20-20 12 1 19 8 20 20ZM64 79c-1-13 5-20 17-22 1 13-5 21-17 22ZM62 64c-7-7-8-15-2-23 7 \
7 8 15 2 23Z"/></svg>"""

SCENES: dict[str, str] = {"door": _DOOR, "hills": _HILLS, "sill": _SILL}


def scene(name: str) -> str:
    """One illustration; at most one on a page, none where someone asks for help, fills in a form or reads a result."""
    return SCENES[name]
