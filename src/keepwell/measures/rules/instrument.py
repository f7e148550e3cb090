"""A published measure as data: which items, which answers, what is reversed, which scores, what they may be called.

The keys are content (`content/measures/*.toml`) with the source of every figure; wordings are not ours and not here.
A key that does not fit itself is refused when it is loaded, with file and line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

from keepwell.kit.content import Entry, load_folder

FOLDER: Final = Path(__file__).resolve().parents[2] / "content" / "measures"

Higher = Literal["better", "worse", "neither"]
Method = Literal["sum", "mean"]


@dataclass(frozen=True, slots=True)
class Scale:
    """One score: which items go into it (numbered from 1), how, and which way it points."""

    slug: str
    name: str
    items: tuple[int, ...]
    method: Method
    multiply: int
    needed: int  # answered items below which there is no score
    higher: Higher
    low: float
    high: float

    def score(self, total: int, answered: int) -> float | None:
        """From the sum of the keyed answers and how many there are. A missing answer is never counted as 0."""
        if answered < self.needed:
            return None
        return total / answered * self.multiply if self.method == "mean" else float(total * self.multiply)


@dataclass(frozen=True, slots=True)
class Band:
    slug: str
    name: str
    start: float  # the lowest score in it


@dataclass(frozen=True, slots=True)
class Banding:
    """Names for stretches of a score, with the source that drew the lines."""

    scales: tuple[str, ...]
    bands: tuple[Band, ...]
    source: str
    mark: str

    def band(self, score: float) -> Band:
        return next(band for band in reversed(self.bands) if score >= band.start)


@dataclass(frozen=True, slots=True)
class Spread:
    """What a reliable change index needs: standard deviation and reliability, from one named source."""

    scale: str
    sd: float
    reliability: float
    kind: str
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class Meaningful:
    """A difference that people notice, by somebody's finding. It is not a reliable change."""

    scale: str
    points: float
    source: str
    mark: str


@dataclass(frozen=True)
class Instrument:
    slug: str
    name: str
    short: str
    language: str
    about: str
    items: int
    values: tuple[int, ...]  # what an answer may be, from the lowest to the highest
    codes: tuple[str, ...]  # names of the items where copies differ in their order
    forms: Mapping[str, frozenset[int]]  # form -> items that are reversed
    form_names: Mapping[str, str]
    other_orders: Mapping[str, frozenset[int]]  # what a reordered copy would have reversed: suspected, never scored by
    scales: tuple[Scale, ...]
    bandings: tuple[Banding, ...]
    spreads: Mapping[str, Spread]
    meaningful: Mapping[str, Meaningful]
    window_days: int | None  # what people are asked to think back over
    floor_days: int | None  # never ask again sooner
    rhythm_days: int | None  # a sensible distance between two times
    permission: Literal["free", "ask"]
    private: bool  # for the person alone, whatever they share
    once: bool  # looks back for good: asking again makes no sense
    official: str
    link: str
    licence: str
    cautions: tuple[str, ...]
    key_source: str
    key_mark: str

    @cached_property
    def scale_by_slug(self) -> dict[str, Scale]:
        return {scale.slug: scale for scale in self.scales}

    def banding_of(self, scale: str) -> Banding | None:
        return next((banding for banding in self.bandings if scale in banding.scales), None)

    def reverse(self, value: int) -> int:
        """The mirror image of an answer on this scale of answers."""
        return self.values[0] + self.values[-1] - value

    @property
    def needs_form(self) -> bool:
        return len(self.forms) > 1

    @property
    def only_form(self) -> str:
        return next(iter(self.forms))


def load(language: str = "en", overlay: Path | None = None) -> dict[str, Instrument]:
    """Every measure by slug. Reads the files each time: the caller keeps what it needs."""
    entries = load_folder(FOLDER, language, overlay)
    return {slug: from_entry(entry) for slug, entry in entries.items()}


def from_entry(entry: Entry) -> Instrument:
    """One measure from its content file; raises `ContentError` with the line of what does not fit."""
    try:
        return _build(entry)
    except KeyError as missing:
        raise entry.fault(f"{missing.args[0]!r} is missing.") from missing
    except (TypeError, AttributeError) as error:
        raise entry.fault(f"Something here has the wrong shape ({error}).") from error


def _build(entry: Entry) -> Instrument:
    data = entry.data
    items, values = data["items"], tuple(data["values"])
    _check(entry, list(values) == sorted(set(values)) and len(values) > 1, "values", "Answers go up, each once.")
    forms = {form["slug"]: frozenset(form["reversed"]) for form in data["form"]}
    for reversed_items in forms.values():
        _check(entry, reversed_items <= set(range(1, items + 1)), "form", "A reversed item is not among the items.")
    codes = tuple(data.get("codes", ()))
    _check(entry, len(codes) in (0, items) and len(set(codes)) == len(codes), "codes", "Every item needs its own code.")
    scales = tuple(_scale(entry, one, items, values) for one in data["scale"])
    slugs = {scale.slug for scale in scales}
    _check(entry, len(slugs) == len(scales), "scale", "Two scales have the same slug.")
    used = {item for scale in scales for item in scale.items}
    _check(entry, used == set(range(1, items + 1)), "scale", "Some items belong to no scale.")
    bandings = tuple(_banding(entry, one, scales) for one in data.get("banding", ()))
    spreads = {one["scale"]: Spread(**one) for one in data.get("change", ())}
    meaningful = {one["scale"]: Meaningful(**one) for one in data.get("meaningful", ())}
    for name, named in (("change", spreads.keys()), ("meaningful", meaningful.keys())):
        _check(entry, set(named) <= slugs, name, "It names a scale that is not there.")
    for spread in spreads.values():
        _check(entry, spread.sd > 0 and 0 < spread.reliability < 1, "change", "SD or reliability can't be.")
        _check(entry, spread.mark != "MEMORY", "change", "A remembered figure is no ground for an index.")
    return Instrument(
        slug=entry.slug,
        name=data["name"],
        short=data["short"],
        language=entry.language,
        about=data["about"],
        items=items,
        values=values,
        codes=codes,
        forms=forms,
        form_names=data.get("forms", {}),
        other_orders={one["name"]: frozenset(one["reversed"]) for one in data.get("other_order", ())},
        scales=scales,
        bandings=bandings,
        spreads=spreads,
        meaningful=meaningful,
        window_days=data.get("window_days"),
        floor_days=data.get("floor_days"),
        rhythm_days=data.get("rhythm_days"),
        permission=data["permission"],
        private=data.get("private", False),
        once=data.get("once", False),
        official=data["official"],
        link=data["link"],
        licence=data["licence"],
        cautions=tuple(data["cautions"]),
        key_source=data["key_source"],
        key_mark=data["key_mark"],
    )


def _scale(entry: Entry, one: Mapping[str, Any], items: int, values: Sequence[int]) -> Scale:
    slug = one["slug"]
    members = tuple(range(1, items + 1)) if one["items"] == "all" else tuple(one["items"])
    _check(entry, len(set(members)) == len(members), "scale", f"An item stands twice in {slug}.")
    _check(entry, one["score"] in ("sum", "mean"), "scale", f"{slug} is scored by sum or mean.")
    _check(entry, one["higher"] in ("better", "worse", "neither"), "scale", f"{slug}: which way does it point?")
    needed, multiply = one.get("needed", len(members)), one.get("multiply", 1)
    _check(entry, 1 <= needed <= len(members), "scale", f"{slug} needs more answers than it has items.")
    _check(
        entry,
        one["score"] == "mean" or needed == len(members),
        "scale",
        f"{slug} is a sum: a sum of some of its items would count the missing ones as nothing.",
    )
    times = multiply * (1 if one["score"] == "mean" else len(members))
    names = entry.data["scales"]
    return Scale(
        slug, names[slug], members, one["score"], multiply, needed, one["higher"], values[0] * times, values[-1] * times
    )


def _banding(entry: Entry, one: Mapping[str, Any], scales: Sequence[Scale]) -> Banding:
    names = entry.data["bands"]
    bands = tuple(Band(band["slug"], names[band["slug"]], band["from"]) for band in one["bands"])
    starts = [band.start for band in bands]
    named = tuple(one["scales"])
    by_slug = {scale.slug: scale for scale in scales}
    _check(entry, set(named) <= by_slug.keys(), "banding", "It names a scale that is not there.")
    _check(entry, starts == sorted(set(starts)), "banding", "Bands go up.")
    for slug in named:
        scale = by_slug[slug]
        fits = starts[0] == scale.low and starts[-1] <= scale.high
        _check(entry, fits, "banding", f"The bands don't begin where {slug} begins, or go beyond its end.")
    _check(entry, one["mark"] != "MEMORY", "banding", "A remembered cut is not shown to anyone.")
    return Banding(named, bands, one["source"], one["mark"])


def _check(entry: Entry, holds: bool, key: str, sentence: str) -> None:
    if not holds:
        raise entry.fault(sentence, key)
