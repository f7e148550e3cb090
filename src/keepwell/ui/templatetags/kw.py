"""The one tag library: icons, the door line, charts, dates, fields, links between rooms.

`{% load i18n kw %}` on top of every page. Nothing here asks the database; a tag reads what the view and the request hold.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.loader import get_template
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from keepwell.ui import art, charts

register = template.Library()

# Rooms that no agency can switch off; every other namespace must be among the viewer's rooms.
ALWAYS = frozenset({"ui", "people", "notify", "insight", "today"})


# ---------- drawings ----------


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "today" %}`; with `label=_("Close")` only where no words stand beside it."""
    return SafeString(art.icon(name, str(label)))


@register.simple_tag
def mark() -> SafeString:
    return SafeString(art.mark())


@register.simple_tag
def well(level: int, of: int = 4) -> SafeString:
    return SafeString(art.well(int(level), int(of)))


@register.simple_tag
def scene(name: str) -> SafeString:
    return SafeString(art.scene(name))


@register.simple_tag
def evid(share: float, aim: float | None = None, part: bool = False) -> SafeString:
    """`{% evid 92 90 %}`; the words underneath are the page's: `<span class="evid-words">61 of 66 on time</span>`."""
    return SafeString(art.evid(float(share), None if aim is None else float(aim), part))


@register.simple_tag
def band(taken: int, kind: str = "") -> SafeString:
    """`{% band 5 "burn" %}`, then the band in words."""
    return SafeString(art.band(int(taken), kind))


@register.inclusion_tag("ui/strain_chart.html")
def strain_chart(chart: charts.Chart, level: int = 2) -> dict[str, Any]:
    """Drawing, key and the table behind it. `level` is the heading's: 2 on a page of its own, 3 inside a section."""
    away = pgettext("a week without an answer", "away")
    notes = any(point.note for point in chart.points)
    line = '<tr><th scope="row">{}</th><td class="n">{}</td>' + ("<td>{}</td></tr>" if notes else "</tr>")
    return {
        "chart": chart,
        "level": level,
        "plot": SafeString(charts.plot(chart, away)),
        "rows": format_html_join("", line, charts.rows(chart, away)),  # in one go: a chart of years has hundreds
        "usual": None if chart.usual is None else [charts.figure(v) for v in chart.usual],
        "notes": notes,
        "low": charts.figure(chart.low),
        "high": charts.figure(chart.high),
    }


# ---------- the door line ----------


class SeenNode(Node):
    """Who sees this: closed door, door ajar, row of doors, open door; the words always beside it."""

    child_nodelists = ("body",)

    def __init__(
        self, kind: FilterExpression, body: NodeList, text: FilterExpression | None, ident: FilterExpression | None
    ):
        self.kind, self.body, self.text, self.ident = kind, body, text, ident

    def render(self, context: Context) -> SafeString:
        words = self.text.resolve(context) if self.text else SafeString(self.body.render(context).strip())
        ident = self.ident.resolve(context) if self.ident else ""
        return door_line(str(self.kind.resolve(context)), words, str(ident))


def door_line(kind: str, words: str | SafeString, ident: str = "") -> SafeString:
    if kind not in ("me", "ajar", "group", "open"):
        raise template.TemplateSyntaxError(f"A door is me, ajar, group or open, not {kind!r}.")
    named = format_html(' id="{}"', ident) if ident else ""
    return format_html(
        '<p class="seen"{}>{}<span>{}</span></p>', named, SafeString(art.icon(f"d-{kind}")), conditional_escape(words)
    )


@register.tag
def seen(parser: Parser, token: Token) -> SeenNode:
    """`{% seen "me" %}…{% endseen %}` or, shorter, `{% seen "me" _("Only you see this.") %}`; `id="note-s"` if needed."""
    bits = token.split_contents()[1:]
    if not bits:
        raise template.TemplateSyntaxError('seen needs a door: {% seen "me" %}')
    kind = parser.compile_filter(bits.pop(0))
    text = parser.compile_filter(bits.pop(0)) if bits and not bits[0].startswith("id=") else None
    ident = token_kwargs(bits, parser).get("id")
    body = NodeList()
    if text is None:
        body = parser.parse(("endseen",))
        parser.delete_first_token()
    return SeenNode(kind, body, text, ident)


# ---------- columns: the margin appears only when something stands in it ----------


class ColumnsNode(Node):
    child_nodelists = ("main", "side")

    def __init__(self, main: NodeList, side: NodeList):
        self.main, self.side = main, side

    def render(self, context: Context) -> SafeString:
        main, side = self.main.render(context), self.side.render(context).strip()
        if not side:
            return SafeString(main)
        return SafeString(f'<div class="cols"><div>{main}</div><aside class="stack">{side}</aside></div>')


@register.tag
def columns(parser: Parser, token: Token) -> ColumnsNode:
    """`{% columns %}main{% side %}margin{% endcolumns %}`: one column when the margin is empty."""
    main = parser.parse(("side",))
    parser.delete_first_token()
    side = parser.parse(("endcolumns",))
    parser.delete_first_token()
    return ColumnsNode(main, side)


class FilledNode(Node):
    child_nodelists = ("body",)

    def __init__(self, body: NodeList):
        self.body = body

    def render(self, context: Context) -> SafeString:
        out = self.body.render(context)
        inside = out[out.find(">") + 1 : out.rfind("</")]
        return SafeString(out) if inside.strip() else SafeString("")


@register.tag
def filled(parser: Parser, token: Token) -> FilledNode:
    """`{% filled %}<p class="lead">{% block lead %}{% endblock %}</p>{% endfilled %}`: no empty element where nothing is said."""
    body = parser.parse(("endfilled",))
    parser.delete_first_token()
    return FilledNode(body)


class SteadyNode(Node):
    child_nodelists = ("body",)
    MOST = 32  # sets of values remembered; more would mean that something other than a handful of looks was named

    def __init__(self, values: Mapping[str, FilterExpression], body: NodeList):
        self.values, self.body = values, body
        self.drawn: dict[tuple[object, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        values = {name: value.resolve(context) for name, value in self.values.items()}
        key = (get_language(), *values.values())
        found = self.drawn.get(key)
        if found is None:
            if len(self.drawn) >= self.MOST:
                self.drawn.clear()
            found = self.drawn[key] = SafeString(self.body.render(context.new(values)))
        return found


@register.tag
def steady(parser: Parser, token: Token) -> SteadyNode:
    """`{% steady product=product %}…{% endsteady %}`: drawn once a process for each language and set of the values named.

    Nothing of a person can stand in it by mistake: while it is drawn it knows these values and nothing else, no request, no viewer.
    """
    values = token_kwargs(token.split_contents()[1:], parser)
    body = parser.parse(("endsteady",))
    parser.delete_first_token()
    return SteadyNode(values, body)


# ---------- a link is not an import ----------


@lru_cache(maxsize=512)
def _address(name: str, _urlconf: str | None, _prefix: str) -> str:
    """The address of a page whose address holds nothing; worked out once for each set of addresses."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _room_url(context: Context, name: str, args: tuple[object, ...], kwargs: Mapping[str, object]) -> str:
    room = name.partition(":")[0] if ":" in name else ""
    if room and room not in ALWAYS:
        viewer = getattr(context.get("request"), "viewer", None)
        if room not in (getattr(viewer, "rooms", None) or ()):
            return ""
    if not args and not kwargs:
        return _address(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
    try:
        return reverse(name, args=args, kwargs=dict(kwargs))
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def room_url(context: Context, name: str, *args: object, **kwargs: object) -> str:
    """`{% room_url "measures:checkin" as url %}`: empty when the room is not there or not switched on for the viewer."""
    return _room_url(context, name, args, kwargs)


class RoomLinkNode(Node):
    child_nodelists = ("body",)

    def __init__(
        self, name: FilterExpression, args: list[FilterExpression], css: FilterExpression | None, body: NodeList
    ):
        self.name, self.args, self.css, self.body = name, args, css, body

    def render(self, context: Context) -> SafeString:
        args = tuple(arg.resolve(context) for arg in self.args)
        url = _room_url(context, str(self.name.resolve(context)), args, {})
        if not url:
            return SafeString("")
        css = self.css.resolve(context) if self.css else ""
        named = format_html(' class="{}"', css) if css else ""
        return format_html('<a href="{}"{}>{}</a>', url, named, SafeString(self.body.render(context)))


@register.tag
def room_link(parser: Parser, token: Token) -> RoomLinkNode:
    """`{% room_link "plans:plan" class="btn line" %}My plan{% endroom_link %}`: nothing at all when there is no such room."""
    bits = token.split_contents()[1:]
    if not bits:
        raise template.TemplateSyntaxError("room_link needs the name of a page")
    name = parser.compile_filter(bits.pop(0))
    css: FilterExpression | None = None
    args: list[FilterExpression] = []
    for bit in bits:
        if bit.startswith("class="):
            css = parser.compile_filter(bit.removeprefix("class="))
        else:
            args.append(parser.compile_filter(bit))
    body = parser.parse(("endroom_link",))
    parser.delete_first_token()
    return RoomLinkNode(name, args, css, body)


# ---------- words, steps, time ----------


@register.simple_tag(takes_context=True)
def word(context: Context, slug: str) -> str:
    """The agency's own word: `{% word "mentor" %}`, "mentors", "mentee", "mentees"; ours where the agency has none."""
    words = getattr(getattr(context.get("request"), "viewer", None), "words", None) or {}
    ours = {"mentor": _("mentor"), "mentors": _("mentors"), "mentee": _("mentee"), "mentees": _("mentees")}
    return str(words.get(slug) or ours.get(slug, slug))


@register.inclusion_tag("ui/steps.html")
def steps(here: int, of: int, back: str = "", left: str = "") -> dict[str, Any]:
    """`{% steps 3 9 back=url left=_("about 40 seconds left") %}`: place and words, never per cent."""
    here, of = int(here), int(of)
    marks = ["done" if i < here else "here" if i == here else "" for i in range(1, of + 1)]
    return {"here": here, "of": of, "marks": marks, "back": back, "left": left}


def _pattern(style: str) -> str:
    """A date pattern in the reader's language; a translation may turn it round."""
    if style == "short":
        return pgettext("date pattern: 25 Nov", "j M")
    if style == "weekday":
        return pgettext("date pattern: Wed", "D")
    return pgettext("date pattern: Wednesday 25 November", "l j F")


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime | date | None, style: str = "full") -> SafeString | str:
    """A date or time in the person's own zone and format, inside `<time>`.

    Styles: `full` Wednesday 25 November, 15:30 · `day` Wednesday 25 November · `date` 25 November 2026 · `short` 25 Nov ·
    `time` 15:30 · `near` today 15:30, tomorrow 9:00, Thursday 26 November 10:00 (as seen from `request.now`).
    """
    if moment is None:
        return ""
    shown: datetime | date = moment
    if isinstance(moment, datetime):
        shown = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    iso = shown.isoformat(timespec="minutes") if isinstance(shown, datetime) else shown.isoformat()
    return format_html('<time datetime="{}">{}</time>', iso, _said(context, shown, style))


def _said(context: Context, shown: datetime | date, style: str) -> str:
    if style == "date":
        return date_format(shown, "DATE_FORMAT")
    if style in ("day", "short", "weekday"):
        return date_format(shown, _pattern(style))
    timed = isinstance(shown, datetime)
    clock = date_format(shown, "TIME_FORMAT") if timed else ""
    if style == "time":
        return clock
    long = date_format(shown, _pattern("day"))
    now = getattr(context.get("request"), "now", None)
    today = timezone.localtime(now).date() if now else timezone.localdate()
    that = shown.date() if isinstance(shown, datetime) else shown
    if style == "near":
        if that == today:
            long = _("today")
        elif that == today + timedelta(days=1):
            long = _("tomorrow")
        elif that == today - timedelta(days=1):
            long = _("yesterday")
    if that.year != today.year:
        long = date_format(shown, "DATE_FORMAT")
    return pgettext("day and time", "%(day)s, %(time)s") % {"day": long, "time": clock} if timed else long


# ---------- forms ----------

CHOICES = {"radioselect", "checkboxselectmultiple"}


@register.filter
def control(bound: BoundField, also: str = "") -> SafeString:
    """The control itself, dressed and tied to its hint, its error and its door line (`also`: one more id)."""
    attrs: dict[str, Any] = {}
    if bound.widget_type not in CHOICES | {"checkbox", "hidden"}:
        given = str(bound.field.widget.attrs.get("class", ""))
        attrs["class"] = f"input {given}".strip()
    if bound.widget_type == "textarea" and bound.field.widget.attrs.get("rows") in (None, "10"):
        attrs["rows"] = "4"  # Django's ten lines look like a demand
    if also and bound.widget_type not in CHOICES:
        known = bound.aria_describedby or ""
        attrs["aria-describedby"] = f"{known} {also}".strip()
    return bound.as_widget(attrs=attrs)


@register.simple_tag
def field(bound: BoundField, seen: str = "", says: str = "", quiet: bool = False) -> SafeString:
    """One field with label, hint, error and door line: `{% field form.note seen="me" says=_("Only you see this.") %}`.

    The door may stand on the form field instead: `note.seen = ("me", _("Only you see this."))`.
    """
    kind, words = (seen, says) if seen else getattr(bound.field, "seen", ("", ""))
    door = door_line(kind, words, f"{bound.auto_id}_seen") if kind else ""
    context = {"field": bound, "door": door, "door_id": f"{bound.auto_id}_seen" if kind else "", "quiet": quiet}
    return SafeString(get_template("ui/field.html").render(context))


@register.filter
def is_choices(bound: BoundField) -> bool:
    return bound.widget_type in CHOICES


@register.filter
def is_tick(bound: BoundField) -> bool:
    return bound.widget_type == "checkbox"


@register.filter
def undo_address(tags: str | None) -> str:
    """A toast's way back, kept in the message's tags by `toasts.note`; only an address of our own counts."""
    return next((tag for tag in (tags or "").split() if tag.startswith("/") and not tag.startswith("//")), "")
