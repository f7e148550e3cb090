"""Tests mirror the house: `tests/<room>/`, `tests/house/` for what holds everywhere, `tests/journeys/` for a person's story."""
