"""Every change of a model has its migration."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    told = io.StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=told, stderr=told)
    except SystemExit as missing:
        pytest.fail(f"run: python -m django makemigrations ({missing.code})\n{told.getvalue()}")
    assert "No changes detected" in told.getvalue()
