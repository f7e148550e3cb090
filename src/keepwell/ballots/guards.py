"""What the store itself holds to: a release is never changed, replaced or deleted, and the box of ballots keeps no order.

Triggers on both databases. On SQLite ``INSERT OR REPLACE`` would delete without asking a trigger, so inserting over a release is
refused as well; and the table of ballots is made without row numbers, which would tell in which order ballots came.

Later migrations beware: to alter these tables Django remakes them on SQLite, and both guards go with the old table. Put
``migrations.RunPython(lift, draw)`` first and ``migrations.RunPython(draw, lift)`` last.
"""

from __future__ import annotations

from typing import Any, Final

SAYS: Final = "a release is never changed"
RELEASES, BALLOTS = "ballots_release", "ballots_ballot"
_SAME = "r.id = NEW.id OR (r.period_id = NEW.period_id AND r.node = NEW.node) OR (r.agency_id = NEW.agency_id AND r.number = NEW.number)"
_THERE = f'EXISTS (SELECT 1 FROM "{RELEASES}" r WHERE {_SAME})'  # nosec B608  # names of our own

ON_SQLITE: Final = {
    "release_kept": f"BEFORE UPDATE ON \"{RELEASES}\" BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
    "release_stays": f"BEFORE DELETE ON \"{RELEASES}\" BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
    "release_once": f"BEFORE INSERT ON \"{RELEASES}\" WHEN {_THERE} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
}


def drawing(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [f'CREATE TRIGGER IF NOT EXISTS "{name}" {rest}' for name, rest in ON_SQLITE.items()]
    return [
        "CREATE OR REPLACE FUNCTION keepwell_release_guard() RETURNS trigger LANGUAGE plpgsql "
        f"AS $$ BEGIN RAISE EXCEPTION '{SAYS}'; END $$",
        f'DROP TRIGGER IF EXISTS "release_guard" ON "{RELEASES}"',
        f'CREATE TRIGGER "release_guard" BEFORE UPDATE OR DELETE ON "{RELEASES}" FOR EACH ROW EXECUTE FUNCTION keepwell_release_guard()',
    ]


def lifting(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [f'DROP TRIGGER IF EXISTS "{name}"' for name in ON_SQLITE]
    return [f'DROP TRIGGER IF EXISTS "release_guard" ON "{RELEASES}"']


def draw(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.alias == "default":  # the key store has no releases
        for statement in drawing(schema_editor.connection.vendor):
            schema_editor.execute(statement)
        if schema_editor.connection.vendor == "sqlite":
            _without_row_numbers(schema_editor)


def lift(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.alias == "default":
        for statement in lifting(schema_editor.connection.vendor):
            schema_editor.execute(statement)


def _without_row_numbers(schema_editor: Any) -> None:
    """Make the table of ballots again as it is, in the order of its random ids."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [BALLOTS])
        made = cursor.fetchone()[0]
        if "WITHOUT ROWID" in made:
            return
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = %s", [BALLOTS])
        indexes = [row[0] for row in cursor.fetchall()]
    old = f"{BALLOTS}_in_order"
    schema_editor.execute(f'ALTER TABLE "{BALLOTS}" RENAME TO "{old}"')
    schema_editor.execute(f"{made} WITHOUT ROWID")
    schema_editor.execute(f'INSERT INTO "{BALLOTS}" SELECT * FROM "{old}" ORDER BY id')  # nosec B608  # names of our own
    schema_editor.execute(f'DROP TABLE "{old}"')
    for statement in indexes:
        schema_editor.execute(statement)
