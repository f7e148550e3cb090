"""Charts drawn on the server: a small record in, SVG text out.

Rules kept here (the look is in `static/ui/css/components.css`):
two strains, two charts, never one axis; weeks away are a gap with the word, never a bridge; the usual range is drawn
only when it is given; measuring noise only for published measures, never for the weekly check-in (it takes `noise`,
and the check-in gives none); the latest value carries its figure; no arrows, no red, no green; the table stands behind.
"""

from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Literal

Kind = Literal["burn", "cf", "plain"]

WIDTH, HEIGHT = 330, 216  # wide enough that the text of 13 is 12 px on a phone
LEFT, RIGHT, TOP, BOTTOM = 32, 30, 12, 28


@dataclass(frozen=True, slots=True)
class Point:
    """One week (or one filling-in). `value` None means away: nothing was answered."""

    label: str
    value: float | None
    note: str = ""  # said in the table behind, such as "on leave"
    tick: str = ""  # a shorter label for under the axis, where the whole one would crowd


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows, all words already in the reader's language.

    `title` names it, `say` is the one sentence beside it, `description` is what a screen reader hears of the shape.
    `usual` is (low, high) of the person's own range, given from the eighth value on. `noise` is half the width of the
    wash around the line, for published measures only.
    """

    kind: Kind
    title: str
    say: str
    points: tuple[Point, ...]
    description: str = ""
    usual: tuple[float, float] | None = None
    noise: float | None = None
    low: float = 0
    high: float = 100
    key: str = ""  # tells charts on one page apart; the kind when empty

    @property
    def slug(self) -> str:
        return self.key or self.kind

    @property
    def answered(self) -> bool:
        return any(point.value is not None for point in self.points)


def figure(value: float) -> str:
    """A value as it is read aloud: whole where it is whole, else one decimal."""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"


def ticks(count: int, most: int = 4) -> list[int]:
    """Which points get their label under the axis: the last always, the others at equal steps back, never crowded."""
    if count <= 0:
        return []
    step = max(1, -(-(count - 1) // (most - 1)))
    return list(range(count - 1, -1, -step))[::-1]


def runs(points: tuple[Point, ...]) -> list[list[tuple[int, float | None]]]:
    """The points in stretches of answered and away, in order."""
    numbered = [(i, point.value) for i, point in enumerate(points)]
    return [list(part) for _, part in groupby(numbered, key=lambda pair: pair[1] is None)]


class _Pen:
    """Turns place and value into points on the paper."""

    def __init__(self, chart: Chart) -> None:
        self.count = len(chart.points)
        self.low = chart.low
        self.span = (chart.high - chart.low) or 1
        self.right = WIDTH - RIGHT

    def x(self, place: float) -> float:
        if self.count < 2:
            return self.right  # one value is this week's: it stands where this week always stands
        return LEFT + place * (self.right - LEFT) / (self.count - 1)

    def y(self, value: float) -> float:
        share = min(max((value - self.low) / self.span, 0), 1)
        return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)


def _pairs(pen: _Pen, part: list[tuple[int, float]]) -> str:
    return " ".join(f"{pen.x(i):.1f},{pen.y(v):.1f}" for i, v in part)


def _usual(chart: Chart, pen: _Pen) -> tuple[str, str]:
    if chart.usual is None:
        return "", ""
    low, high = (pen.y(v) for v in chart.usual)
    width = WIDTH - LEFT - RIGHT
    area = f'<rect class="usual" x="{LEFT}" y="{high:.1f}" width="{width}" height="{low - high:.1f}"/>'
    edges = "".join(
        f'<line class="usual-edge" x1="{LEFT}" x2="{pen.right}" y1="{y:.1f}" y2="{y:.1f}"/>' for y in (low, high)
    )
    return area, edges


def _grid(chart: Chart, pen: _Pen) -> str:
    middle = (chart.low + chart.high) / 2
    return "".join(
        f'<line class="grid" x1="{LEFT}" x2="{pen.right}" y1="{pen.y(v):.1f}" y2="{pen.y(v):.1f}"/>'
        f'<text x="{LEFT - 8}" y="{pen.y(v) + 4:.1f}" text-anchor="end">{figure(v)}</text>'
        for v in (chart.low, middle, chart.high)
    )


def _spot(kind: Kind, x: float, y: float, now: bool, small: bool) -> str:
    css = "now" if now else "pt"
    if kind == "burn":
        half = 6 if now else (2.2 if small else 3.2)
        side = 2 * half
        return f'<rect class="{css}" x="{x - half:.1f}" y="{y - half:.1f}" width="{side:g}" height="{side:g}" rx="1"/>'
    radius = 7 if now else (2.2 if small else 3.2)
    return f'<circle class="{css}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"/>'


def _labels(chart: Chart, pen: _Pen) -> str:
    out = []
    last = len(chart.points) - 1
    for i in ticks(len(chart.points)):
        anchor = "end" if i == last else ("start" if i == 0 else "middle")
        x = WIDTH if i == last else pen.x(i)
        words = escape(chart.points[i].tick or chart.points[i].label)
        out.append(f'<text x="{x:.1f}" y="{HEIGHT - 8}" text-anchor="{anchor}">{words}</text>')
    return "".join(out)


def plot(chart: Chart, away: str = "away") -> str:
    """The drawing alone. `away` is the word written into a gap, in the reader's language."""
    pen = _Pen(chart)
    slug = escape(chart.slug)
    said = escape(chart.description or chart.say)
    usual, edges = _usual(chart, pen)
    head = (
        f'<svg class="plot {chart.kind}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-labelledby="{slug}-t {slug}-d"><title id="{slug}-t">{escape(chart.title)}</title>'
        f'<desc id="{slug}-d">{said}</desc>'
    )
    parts = [head, usual, _grid(chart, pen)]
    answered: list[list[tuple[int, float]]] = []
    gaps: list[list[int]] = []
    for run in runs(chart.points):
        values = [(i, v) for i, v in run if v is not None]
        if values:
            answered.append(values)
        else:
            gaps.append([i for i, _ in run])
    if chart.noise:
        for part in answered:
            if len(part) > 1:
                over = _pairs(pen, [(i, v + chart.noise) for i, v in part])
                under = _pairs(pen, [(i, v - chart.noise) for i, v in reversed(part)])
                parts.append(f'<polygon class="noise" points="{over} {under}"/>')
            else:
                i, v = part[0]
                top, foot = pen.y(v + chart.noise), pen.y(v - chart.noise)
                parts.append(
                    f'<rect class="noise" x="{pen.x(i) - 4:.1f}" y="{top:.1f}" width="8" height="{foot - top:.1f}"/>'
                )
    parts.append(edges)
    last = len(chart.points) - 1
    small = len(chart.points) > 26
    parts += [f'<polyline class="line" points="{_pairs(pen, part)}"/>' for part in answered if len(part) > 1]
    crowded = len(chart.points) > 60  # then the line speaks for itself; a week alone keeps its mark
    for part in answered:
        parts += [
            _spot(chart.kind, pen.x(i), pen.y(v), i == last, small)
            for i, v in part
            if not crowded or i == last or len(part) == 1
        ]
    if answered and answered[-1][-1][0] == last:
        value = answered[-1][-1][1]
        parts.append(
            f'<text class="strong" x="{pen.x(last) + 10:.1f}" y="{pen.y(value) + 4:.1f}">{figure(value)}</text>'
        )
    for gap in gaps:
        middle = pen.x(sum(gap) / len(gap))
        # the word needs room of its own: in a gap of one week among many it would lie on the line
        if len(gap) * (WIDTH - LEFT - RIGHT) / max(len(chart.points) - 1, 1) >= 30:
            x = min(max(middle, LEFT + 16), pen.right - 16)
            parts.append(
                f'<text x="{x:.1f}" y="{pen.y(chart.low) - 10:.1f}" text-anchor="middle">{escape(away)}</text>'
            )
    parts += [_labels(chart, pen), "</svg>"]
    return "".join(parts)


def rows(chart: Chart, away: str = "away") -> list[tuple[str, str, str]]:
    """The table behind: label, figure or the word for away, and the note."""
    return [(point.label, away if point.value is None else figure(point.value), point.note) for point in chart.points]
