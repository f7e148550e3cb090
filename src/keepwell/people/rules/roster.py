"""A staff list as an agency's own tools export it, read into invitations to send. Pure; nothing is written here.

Columns are found by name, in any order, in English or Spanish; others are left unread, and columns about birth, gender, race and
the like are named as "not read": Keepwell has no place for them. Every line is checked before any is used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

COLUMNS: dict[str, tuple[str, ...]] = {
    "email": ("email", "email address", "e mail", "mail", "work email", "primary email", "user email", "correo", "correo electronico"),
    "name": ("name", "full name", "display name", "preferred name", "employee name", "nombre", "nombre completo"),
    "first": ("first name", "firstname", "given name", "nombres", "primer nombre"),
    "last": ("last name", "lastname", "surname", "family name", "apellido", "apellidos"),
    "kind": ("kind", "type", "worker type", "employment type", "tipo"),
    "programme": ("programme", "program", "department", "division", "programa", "departamento"),
    "team": ("team", "team name", "unit", "group", "equipo", "grupo"),
    "role": ("role", "roles", "responsibility", "responsibilities", "keepwell role", "responsabilidad", "funcion"),
}
NEVER_READ = re.compile(
    r"birth|dob|\bage\b|gender|sex|race|ethnic|religio|marital|disab|salary|ssn|social security|nacimiento|edad|genero|sexo|raza|salario"
)

KINDS = {
    "staff": "staff", "employee": "staff", "full time": "staff", "part time": "staff", "personal": "staff", "empleado": "staff",
    "empleada": "staff", "regular": "staff", "volunteer": "volunteer", "volunteer mentor": "volunteer", "mentor": "volunteer",
    "mentora": "volunteer", "voluntario": "volunteer", "voluntaria": "volunteer", "voluntariado": "volunteer",
}  # fmt: skip
ROLES = {
    "supervisor": "supervisor", "supervisora": "supervisor", "team lead": "supervisor", "programme staff": "programme-staff",
    "program staff": "programme-staff", "equipo del programa": "programme-staff", "manager": "manager", "gerente": "manager",
    "administrator": "administrator", "admin": "administrator", "administrador": "administrator", "administradora": "administrator",
    "technical administrator": "technical-administrator", "it": "technical-administrator",
}  # fmt: skip
_ADDRESS = re.compile(r"^[^@\s,;<>\"']+@[^@\s,;<>\"'.][^@\s,;<>\"']*\.[^@\s,;<>\"'.]{2,}$")
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
    never: list[str] = field(default_factory=list)  # columns that Keepwell does not want to know


def plain(text: str) -> str:
    """Lower case, without accents, dashes, dots and doubled spaces: how headers and words are compared."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[\s_\-./:()]+", " ", bare).strip().casefold()


def find_columns(headers: Sequence[str]) -> tuple[dict[str, int], list[str], list[str]]:
    """Which column holds what: ``(field → position, unread, never read)``; the first of two equal names counts."""
    found: dict[str, int] = {}
    unread, never = [], []
    by_name = {name: what for what, names in COLUMNS.items() for name in names}
    for position, header in enumerate(headers):
        what = by_name.get(plain(header))
        if what and what not in found:
            found[what] = position
        elif NEVER_READ.search(plain(header)):
            never.append(header)
        elif header.strip():
            unread.append(header)
    return found, unread, never


def read(headers: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]]) -> Roster:
    """Read every line; ``rows`` are (row number as the spreadsheet shows it, cells)."""
    found, unread, never = find_columns(headers)
    roster = Roster(unread=unread, never=never)
    if "email" not in found:
        roster.wrong.append(Wrong(1, "", ", ".join(h for h in headers if h.strip())[:120], "no-email-column"))
        return roster
    first_seen: dict[str, int] = {}
    for number, cells in rows:

        def cell(what: str, cells: Sequence[str] = cells) -> str:
            position = found.get(what)
            return " ".join(cells[position].split()) if position is not None and position < len(cells) else ""

        newcomer, wrong = _line(number, cell, {what: headers[at] for what, at in found.items()})
        if newcomer is not None:
            earlier = first_seen.setdefault(newcomer.email, number)
            if earlier != number:
                wrong.append(Wrong(number, headers[found["email"]], str(earlier), "twice"))
        roster.wrong.extend(wrong)
        if newcomer is not None and not wrong:
            roster.newcomers.append(newcomer)
    if not roster.newcomers and not roster.wrong:
        roster.wrong.append(Wrong(0, "", "", "nobody"))
    return roster


def _line(number: int, cell: Callable[[str], str], names: dict[str, str]) -> tuple[Newcomer | None, list[Wrong]]:
    wrong: list[Wrong] = []
    email = cell("email").removeprefix("mailto:").strip("<>").casefold()
    if not email:
        return None, [Wrong(number, names["email"], "", "no-email")]
    if len(email) > ADDRESS_LENGTH or not _ADDRESS.match(email):
        return None, [Wrong(number, names["email"], email[:60], "not-an-email")]
    name = cell("name") or " ".join(part for part in (cell("first"), cell("last")) if part)
    if len(name) > NAME_LENGTH:
        wrong.append(Wrong(number, names.get("name", names.get("last", "")), name[:40], "long-name"))
    kind = KINDS.get(plain(cell("kind")), "") if cell("kind") else "staff"
    if not kind:
        wrong.append(Wrong(number, names["kind"], cell("kind")[:40], "unknown-kind"))
    roles = []
    for word in re.split(r"[;,/|+]", cell("role")):
        if not word.strip():
            continue
        role = ROLES.get(plain(word)) or (plain(word).replace(" ", "-") if plain(word).replace(" ", "-") in ROLES.values() else "")
        if not role:
            wrong.append(Wrong(number, names["role"], word.strip()[:40], "unknown-role"))
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
    return Newcomer(number, email, name, kind or "staff", programme, team, tuple(roles)), wrong
