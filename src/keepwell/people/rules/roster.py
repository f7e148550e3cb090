"""A staff list as an agency's own tools export it, read into invitations to send. Pure; nothing is written here.

Columns are found by name, in any order, in English or Spanish; others are left unread, and columns about birth, gender, race and
the like are named as "not read": Keepwell has no place for them. Every line is checked before any is used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

# What a column may be called, the plainest name first: where a file has several, the plainest counts, wherever it stands.
COLUMNS: dict[str, tuple[str, ...]] = {
    "email": (
        "email", "email address", "e mail", "e mail address", "work email", "work email address", "primary email", "user email",
        "business email", "company email", "e mail 1 value", "user principal name", "mail", "correo", "correo electronico",
        "direccion de correo", "correo de trabajo", "email corporativo",
    ),
    "name": (
        "name", "full name", "display name", "preferred name", "employee name", "worker name", "nombre completo",
        "nombre y apellidos", "nombre",
    ),
    "first": ("first name", "firstname", "given name", "forename", "legal first name", "nombres", "primer nombre", "nombre de pila"),
    "last": ("last name", "lastname", "surname", "family name", "legal last name", "apellidos", "apellido"),
    "kind": ("kind", "clase", "worker type", "employment type", "employee type", "tipo de personal", "type", "tipo"),
    "programme": ("programme", "program", "programa", "department", "division", "departamento", "area"),
    "team": ("team", "team name", "equipo", "unit", "group", "unidad", "grupo"),
    "role": (
        "keepwell role", "responsibility", "responsibilities", "responsabilidad", "responsabilidades", "roles", "role", "rol", "funcion",
    ),
}  # fmt: skip
# Names under which other tools keep other things, such as job titles: read only if at least one cell there is a word of ours.
DOUBTFUL = {"type", "tipo", "worker type", "employment type", "employee type", "roles", "role", "rol", "funcion"}
NEVER_READ = re.compile(
    r"\b(birth\w*|dob|age|gender|sex|sexual \w+|race|racial\w*|ethnic\w*|religio\w*|marital|disab\w*|pregnan\w*|"
    r"health\w*|diagnos\w*|salary|pay|ssn|social security|citizen\w*|immigra\w*|veteran|pronouns?|home address|"
    r"nacimiento|nacido|edad|genero|sexo|raza|etni\w*|religion|"
    r"estado civil|discapacidad|salud|salario|sueldo|nacionalidad|pronombres?)\b"
)

KINDS = {
    **dict.fromkeys(
        ("staff", "employee", "full time", "part time", "ft", "pt", "regular", "contractor", "contract", "temporary", "per diem", "intern",
         "salaried", "hourly", "personal", "empleado", "empleada", "trabajador", "trabajadora", "contratista", "becario", "becaria"),
        "staff",
    ),
    **dict.fromkeys(
        ("volunteer", "volunteer mentor", "mentor", "mentora", "voluntario", "voluntaria", "voluntariado", "mentor voluntario",
         "mentora voluntaria"),
        "volunteer",
    ),
}  # fmt: skip
ROLES = {
    "supervisor": "supervisor", "supervisora": "supervisor", "team lead": "supervisor", "programme staff": "programme-staff",
    "program staff": "programme-staff", "equipo del programa": "programme-staff", "personal del programa": "programme-staff",
    "manager": "manager", "gerente": "manager", "administrator": "administrator", "admin": "administrator",
    "administrador": "administrator", "administradora": "administrator", "technical administrator": "technical-administrator",
    "administracion tecnica": "technical-administrator", "administrador tecnico": "technical-administrator",
    "administradora tecnica": "technical-administrator",
}  # fmt: skip
_ADDRESS = re.compile(r"^[^@\s,;:<>()\[\]\\\"]+@[^@\s,;:<>()\[\]\\\"'.][^@\s,;:<>()\[\]\\\"']*\.[^@\s,;:<>()\[\]\\\"'.]{2,}$")
_JOINERS = "\u200c\u200d"  # part of words in Persian and of emoji
NAME_LENGTH, PLACE_LENGTH, ADDRESS_LENGTH = 80, 120, 254


@dataclass(frozen=True)
class Wrong:
    """A line that can't be used: its row, the column's name in the file, what was found, and which rule it breaks."""

    row: int
    column: str
    found: str
    rule: str  # a slug; the sentences stand with the forms and the command, in the reader's language


@dataclass(frozen=True)
class Newcomer:
    """One line to invite."""

    row: int
    email: str
    name: str
    kind: str = "staff"
    programme: str = ""
    team: str = ""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Roster:
    """What a list says. Use ``newcomers`` only when ``wrong`` is empty."""

    newcomers: list[Newcomer] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)  # columns without a place here
    foreign: list[str] = field(default_factory=list)  # columns named like ours that hold no word of ours, such as job titles
    never: list[str] = field(default_factory=list)  # columns that Keepwell does not want to know
    names: dict[str, str] = field(default_factory=dict)  # what a column holds → what the file calls it


def plain(text: str) -> str:
    """Lower case, without accents, dashes, dots, notes in brackets and doubled spaces: how headers and words are compared."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[\s_\-./:*()]+", " ", re.sub(r"\[[^]]*\]", " ", bare)).strip().casefold()


def tidy(text: str) -> str:
    """One line without control and direction characters: what a cell says."""
    return " ".join("".join(c if c.isprintable() or c in _JOINERS else " " if c.isspace() else "" for c in text).split())


def address(cell: str) -> str:
    """The address in a cell: bare, with “mailto:”, or as “Ada Reyes <ada@…>”."""
    inside = re.search(r"<([^<>]*)>\s*$", cell)
    text = (inside.group(1) if inside else cell).strip("'\" ").lower().removeprefix("mailto:")
    return "".join(c for c in text if c not in _JOINERS).strip()


def find_columns(headers: Sequence[str]) -> tuple[dict[str, int], list[str], list[str]]:
    """Which column holds what: ``(field → position, unread, never read)``."""
    by_name = {name: (what, rank) for what, names in COLUMNS.items() for rank, name in enumerate(names)}
    best: dict[str, tuple[int, int]] = {}
    for position, header in enumerate(headers):
        known = by_name.get(plain(header))
        if known:
            best[known[0]] = min(best.get(known[0], (known[1], position)), (known[1], position))
    # In Spanish exports “nombre” beside “apellidos” is the first name alone.
    if "last" in best and "first" not in best and "name" in best and plain(headers[best["name"][1]]) == "nombre":
        best["first"] = best.pop("name")
    found = {what: position for what, (_rank, position) in best.items()}
    unread: list[str] = []
    never: list[str] = []
    for position, header in enumerate(headers):
        if position in found.values() or not header.strip():
            continue
        (never if NEVER_READ.search(plain(header)) else unread).append(header)
    return found, unread, never


def read(headers: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]]) -> Roster:
    """Read every line; ``rows`` are (row number as the spreadsheet shows it, cells)."""
    found, unread, never = find_columns(headers)
    roster = Roster(unread=unread, never=never, names={what: headers[at] for what, at in found.items()})
    if "email" not in found:
        person_on_top = any(_ADDRESS.match(address(tidy(header))) for header in headers)
        named = ", ".join(tidy(h) for h in headers if h.strip())[:120]
        roster.wrong.append(Wrong(1, "", named, "no-header" if person_on_top else "no-email-column"))
        return roster
    lines = [(number, {what: tidy(cells[at]) if at < len(cells) else "" for what, at in found.items()}) for number, cells in rows]
    for what, ours in (("kind", _is_kind), ("role", _has_role)):
        if plain(roster.names.get(what, "")) in DOUBTFUL and not any(ours(cells[what]) for _number, cells in lines):
            roster.foreign.append(roster.names.pop(what))
    first_seen: dict[str, int] = {}
    for number, cells in lines:
        newcomer, wrong = _line(number, {what: cells[what] for what in roster.names}, roster.names)
        if newcomer is not None:
            earlier = first_seen.setdefault(newcomer.email, number)
            if earlier != number:
                wrong.append(Wrong(number, roster.names["email"], str(earlier), "twice"))
        roster.wrong.extend(wrong)
        if newcomer is not None and not wrong:
            roster.newcomers.append(newcomer)
    if not roster.newcomers and not roster.wrong:
        roster.wrong.append(Wrong(0, "", "", "nobody"))
    return roster


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,/|+]", cell) if part.strip()]


def _role(word: str) -> str:
    slug = plain(word).replace(" ", "-")
    return ROLES.get(plain(word)) or (slug if slug in ROLES.values() else "")


def _is_kind(cell: str) -> bool:
    return plain(cell) in KINDS


def _has_role(cell: str) -> bool:
    return any(_role(part) for part in _parts(cell))


def _line(number: int, cells: dict[str, str], names: dict[str, str]) -> tuple[Newcomer | None, list[Wrong]]:
    def cell(what: str) -> str:
        return cells.get(what, "")

    wrong: list[Wrong] = []
    email = address(cell("email"))
    if not email:
        return None, [Wrong(number, names["email"], "", "no-email")]
    if len(email) > ADDRESS_LENGTH or not _ADDRESS.match(email):
        return None, [Wrong(number, names["email"], email[:60], "not-an-email")]
    name = cell("name") or " ".join(part for part in (cell("first"), cell("last")) if part)
    if len(name) > NAME_LENGTH:
        wrong.append(Wrong(number, names.get("name") or names.get("last") or names["first"], name[:40], "long-name"))
    kind = KINDS.get(plain(cell("kind")), "") if cell("kind") else "staff"
    if not kind:
        wrong.append(Wrong(number, names["kind"], cell("kind")[:40], "unknown-kind"))
    roles = []
    for word in _parts(cell("role")):
        role = _role(word)
        if not role:
            wrong.append(Wrong(number, names["role"], word[:40], "unknown-role"))
        elif role not in roles:
            roles.append(role)
    programme, team = cell("programme"), cell("team")
    for what, value in (("programme", programme), ("team", team)):
        if len(value) > PLACE_LENGTH:
            wrong.append(Wrong(number, names[what], value[:40], "long-place"))
    if "supervisor" in roles and not team:
        wrong.append(Wrong(number, names["role"], "supervisor", "supervisor-without-team"))
    if "programme-staff" in roles and not programme:
        wrong.append(Wrong(number, names["role"], "programme staff", "staff-without-programme"))
    return Newcomer(number, email, name, kind or "staff", programme, team, tuple(sorted(roles))), wrong


# ---- which programme and which team a line means ----

Spot = tuple[str, str]  # names of programme and team, as the agency writes them; "" where there is none


def _same(name: str) -> str:
    """Names that differ in capitals alone are one name; accents and signs make another."""
    return unicodedata.normalize("NFKC", name).casefold()


@dataclass(frozen=True)
class Places:
    """Where each line of a list goes, by its row, and what the agency has to be given first."""

    of_row: dict[int, Spot]
    new_programmes: list[str]
    new_teams: list[Spot]
    wrong: list[Wrong]


def find_places(newcomers: Sequence[Newcomer], programmes: Iterable[str], teams: Iterable[Spot], team_column: str = "") -> Places:
    """Match programmes and teams by name, however they are capitalised; a team alone means the one team of that name.

    The answer depends on what the list says, never on the order of its lines.
    """
    spelled: dict[str, str] = {}
    for known in sorted(programmes):
        spelled.setdefault(_same(known), known)
    new_programmes = _new(spelled, (one.programme for one in newcomers))
    known_teams: dict[tuple[str, str], Spot] = {}
    for programme, team in sorted(teams):
        known_teams.setdefault((_same(programme), _same(team)), (programme, team))
    # Teams the list names together with their programme are known to the lines that name the team alone.
    new_teams: list[Spot] = []
    by_programme: dict[str, list[str]] = {}
    for one in newcomers:
        if one.team and one.programme:
            by_programme.setdefault(_same(one.programme), []).append(one.team)
    for programme, named in by_programme.items():
        its = {team: spot[1] for (of, team), spot in known_teams.items() if of == programme}
        for team in _new(its, named):
            spot = (spelled[programme], team)
            known_teams[programme, _same(team)] = spot
            new_teams.append(spot)
    among: dict[str, list[Spot]] = {}
    for (_programme, team), spot in known_teams.items():
        among.setdefault(team, []).append(spot)
    alone = {team: min(spots)[1] for team, spots in among.items()}
    for team in _new(alone, (one.team for one in newcomers if one.team and not one.programme)):
        among[_same(team)] = [("", team)]
        new_teams.append(("", team))
    of_row: dict[int, Spot] = {}
    wrong: list[Wrong] = []
    for one in newcomers:
        if one.team and one.programme:
            of_row[one.row] = known_teams[_same(one.programme), _same(one.team)]
        elif one.team:
            spots = among[_same(one.team)]
            of_row[one.row] = min(spots)  # the agency’s own, if there is one: its programme is ""
            if len(spots) > 1 and of_row[one.row][0]:
                wrong.append(Wrong(one.row, team_column, one.team, "which-team"))
        else:
            of_row[one.row] = (spelled[_same(one.programme)] if one.programme else "", "")
    return Places(of_row, sorted(new_programmes), sorted(new_teams), wrong)


def _new(spelled: dict[str, str], named: Iterable[str]) -> list[str]:
    """Names not yet known, each in its most frequent spelling; they are known afterwards."""
    counts: dict[str, dict[str, int]] = {}
    for name in named:
        if name and _same(name) not in spelled:
            ways = counts.setdefault(_same(name), {})
            ways[name] = ways.get(name, 0) + 1
    for key, ways in counts.items():
        spelled[key] = min(ways, key=lambda way: (-ways[way], way))
    return [spelled[key] for key in counts]
