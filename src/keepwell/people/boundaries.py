"""Rows can't point across agencies: the store itself refuses it, whatever the code above it forgets.

One declaration, two makings. PostgreSQL gets a foreign key over both columns, ``(team_id, agency_id)`` to ``(id, agency_id)``.
SQLite can't add one to a table that stands, so it gets triggers that say the same. In a migration of any room::

    operations = [Draw(("people.Member", "team"), ("people.Responsibility", "member"))]

Later migrations beware: to alter a table Django remakes it on SQLite. Triggers on the old table go with it, and triggers of other
tables that name it stop the remake with "no such table". Put ``Lift(…)`` of every border that touches the table first and
``Draw(…)`` of the same last; `tests/people/test_boundaries.py` fails for one that is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.migrations.operations.base import Operation, OperationCategory

Link = tuple[str, str]  # a model, "people.Member", and its foreign key, "team"
CROSSING = "a row can not point across agencies"


@dataclass(frozen=True)
class Border:
    """A column of a table that may name only rows of the same agency in another."""

    table: str
    column: str
    other: str

    @property
    def name(self) -> str:
        return f"{self.table}_{self.column}_border"


def drawing(border: Border, vendor: str) -> list[str]:
    """The statements that put a border up."""
    table, column, other = border.table, border.column, border.other
    if vendor == "postgresql":
        return [
            f'CREATE UNIQUE INDEX IF NOT EXISTS "{other}_of_agency" ON "{other}" (id, agency_id)',
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{border.name}" FOREIGN KEY ("{column}", agency_id) '
            f'REFERENCES "{other}" (id, agency_id) DEFERRABLE INITIALLY DEFERRED',
        ]
    refuse = f"BEGIN SELECT RAISE(ABORT, '{CROSSING}: {table}.{column}'); END"
    # From the one side and from the other: rows of one transaction may arrive in either order.
    leaves = f'EXISTS (SELECT 1 FROM "{other}" WHERE id = NEW."{column}" AND agency_id <> NEW.agency_id)'  # nosec B608  # names of our own models
    enters = f'EXISTS (SELECT 1 FROM "{table}" WHERE "{column}" = NEW.id AND agency_id <> NEW.agency_id)'  # nosec B608  # as above
    return [
        f'CREATE TRIGGER "{border.name}_made" BEFORE INSERT ON "{table}" WHEN {leaves} {refuse}',
        f'CREATE TRIGGER "{border.name}_changed" BEFORE UPDATE OF "{column}", agency_id ON "{table}" WHEN {leaves} {refuse}',
        f'CREATE TRIGGER "{border.name}_met" BEFORE INSERT ON "{other}" WHEN {enters} {refuse}',
        f'CREATE TRIGGER "{border.name}_moved" BEFORE UPDATE OF agency_id ON "{other}" WHEN {enters} {refuse}',
    ]


def lifting(border: Border, vendor: str) -> list[str]:
    """The statements that take a border down. PostgreSQL's index on the other side stays: others may lean on it."""
    if vendor == "postgresql":
        return [f'ALTER TABLE "{border.table}" DROP CONSTRAINT IF EXISTS "{border.name}"']
    return [f'DROP TRIGGER IF EXISTS "{border.name}_{side}"' for side in ("made", "changed", "met", "moved")]


def border_of(model: Any, field_name: str) -> Border:
    """The border of a foreign key; both tables must belong to agencies."""
    field = model._meta.get_field(field_name)
    for one in (model, field.related_model):
        one._meta.get_field("agency")  # raises for a table that belongs to no agency
    return Border(model._meta.db_table, field.column, field.related_model._meta.db_table)


class Draw(Operation):
    """Puts borders up; taken back, takes them down."""

    category = OperationCategory.SQL
    reversible = True
    forwards: Callable[[Border, str], list[str]] = staticmethod(drawing)
    backwards: Callable[[Border, str], list[str]] = staticmethod(lifting)

    def __init__(self, *links: Link) -> None:
        self.links = links

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return type(self).__qualname__, self.links, {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models know nothing of it."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self._run(self.forwards, schema_editor, app_label, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self._run(self.backwards, schema_editor, app_label, to_state)

    def _run(self, deed: Callable[[Border, str], list[str]], schema_editor: Any, app_label: str, state: Any) -> None:
        for model, field in self.links:
            found = state.apps.get_model(model)
            if self.allow_migrate_model(schema_editor.connection.alias, found):
                for statement in deed(border_of(found, field), schema_editor.connection.vendor):
                    schema_editor.execute(statement)

    def describe(self) -> str:
        return f"{type(self).__name__} the borders of agencies: {', '.join('.'.join(link) for link in self.links)}"


class Lift(Draw):
    """Takes borders down, for a migration that must remake a table; taken back, puts them up."""

    forwards = staticmethod(lifting)
    backwards = staticmethod(drawing)
