"""The address an agency invited stands with the place it led to, so that a list taken in again finds who is here."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("people", "0002_borders")]

    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.AddField("member", "address", models.EmailField(max_length=254, null=True)),
    ]
