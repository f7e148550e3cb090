"""From here on the store itself refuses a row that points across agencies."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from keepwell.people.boundaries import Draw


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("people", "0001_initial")]

    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        Draw(
            ("people.Team", "programme"),
            ("people.Team", "parent"),
            ("people.Member", "team"),
            ("people.Responsibility", "member"),
            ("people.Responsibility", "team"),
            ("people.Responsibility", "programme"),
            ("people.Invitation", "team"),
            ("people.Invitation", "invited_by"),
        )
    ]
