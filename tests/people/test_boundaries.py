"""Rows can't point across agencies: the store refuses, on SQLite and on PostgreSQL, whatever the code above forgets."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from keepwell.people.boundaries import Border, Lift, border_of, drawing, lifting
from keepwell.people.kinds import SharedInAgency
from keepwell.people.models import Invitation, Member, Programme, Responsibility, Team
from tests import support


def links() -> Iterator[tuple[type[models.Model], str]]:
    """Every foreign key of the house from a shared row to a shared row."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            to = field.related_model if isinstance(field, models.ForeignKey) else None
            if issubclass(model, SharedInAgency) and isinstance(to, type) and issubclass(to, SharedInAgency):
                yield model, field.name


LINKS = list(links())


def standing() -> set[str]:
    """Names of the borders that stand in this store."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f'")
            return {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        names = {name for (name,) in cursor.fetchall()}
    whole = [{f"{name.rpartition('_')[0]}_{side}" for side in ("made", "changed", "met", "moved")} for name in names]
    return {next(iter(sides)).rpartition("_")[0] for sides in whole if sides <= names}


def test_there_are_links_to_guard() -> None:
    assert (Member, "team") in LINKS
    assert len(LINKS) >= 8


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "field"), LINKS, ids=lambda one: one if isinstance(one, str) else one._meta.label)
def test_every_link_between_shared_rows_has_its_border(model: Any, field: str) -> None:
    assert border_of(model, field).name in standing(), "draw it in a migration: keepwell.people.boundaries.Draw"


def refused(deed: Any) -> bool:
    """Whether the store says no, at once or when it is asked to look at what it put off."""
    try:
        with transaction.atomic():
            deed()
            if connection.vendor == "postgresql":
                connection.check_constraints()
    except DatabaseError:
        return True
    return False


def across(cast: support.Cast) -> dict[str, Any]:
    """Raw deeds that point from Harbour Street into Quay Light, each by the words of its link."""
    harbour, quay, now = cast.harbour, cast.quay, support.NOW
    theirs = Programme.objects.create(agency=quay, name="Theirs")
    ours = Member.objects.get(person=cast.ada)
    other = Member.objects.get(person=cast.dov)

    def invite(**more: Any) -> Any:
        return lambda: Invitation.objects.create(
            agency=harbour, email="x@demo.example", kind="staff", made_at=now, expires_at=now, **more
        )

    def answer(**more: Any) -> Any:
        return lambda: Responsibility.objects.bulk_create([Responsibility(agency=harbour, **more)])

    return {
        "Team.programme": lambda: Team.objects.create(agency=harbour, name="Odd", programme=theirs),
        "Team.parent": lambda: Team.objects.create(agency=harbour, name="Odd", parent=cast.quay_team),
        "Member.team": lambda: Member.objects.filter(pk=ours.pk).update(team=cast.quay_team),
        "Responsibility.member": answer(member=other, kind="manager"),
        "Responsibility.team": answer(member=ours, kind="supervisor", team=cast.quay_team),
        "Responsibility.programme": answer(member=ours, kind="programme-staff", programme=theirs),
        "Invitation.team": invite(team=cast.quay_team),
        "Invitation.invited_by": invite(invited_by=other),
        "agency of a row that points": lambda: Member.objects.filter(pk=ours.pk).update(agency=quay),
        "agency of a row pointed to": lambda: Team.objects.filter(pk=cast.outreach.pk).update(agency=quay),
    }


def test_a_row_that_points_across_is_refused(cast: support.Cast) -> None:
    let_through = [what for what, deed in across(cast).items() if not refused(deed)]
    assert let_through == []


def test_a_raw_insert_across_is_refused_and_the_same_at_home_is_not(cast: support.Cast) -> None:
    def insert(team: Team) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO people_member (id, agency_id, name, kind, team_id, began_on) "
                "VALUES (%s, %s, 'Raw', 'staff', %s, '2026-11-25')",
                [
                    Member._meta.pk.get_db_prep_value(uuid4(), connection),
                    Member._meta.pk.get_db_prep_value(cast.harbour.pk, connection),
                    Member._meta.pk.get_db_prep_value(team.pk, connection),
                ],
            )

    assert refused(lambda: insert(cast.quay_team))
    assert not refused(lambda: insert(cast.outreach))
    assert Member.objects.filter(name="Raw").count() == 1


@pytest.mark.sqlite
def test_rows_of_one_transaction_may_arrive_in_either_order(cast: support.Cast) -> None:
    """A restore writes tables in any order: the trigger on the other side closes the gap."""
    new = uuid4()

    def child_first(agency: Any) -> None:
        Member.objects.filter(person=cast.ada).update(team_id=new)
        Team.objects.bulk_create([Team(id=new, agency=agency, name="Late")])

    assert refused(lambda: child_first(cast.quay))
    assert not refused(lambda: child_first(cast.harbour))


def test_lifting_takes_down_all_that_drawing_puts_up() -> None:
    border = Border("a_row", "team_id", "a_team")
    for vendor in ("sqlite", "postgresql"):
        named = {statement.split('"')[1] for statement in drawing(border, vendor) if "TRIGGER" in statement}
        assert named == {statement.split('"')[1] for statement in lifting(border, vendor) if "TRIGGER" in statement}
    assert drawing(border, "postgresql")[1].endswith("DEFERRABLE INITIALLY DEFERRED")


@pytest.mark.django_db(transaction=True)
def test_a_border_can_be_lifted_for_a_remake_and_drawn_again() -> None:
    executor = MigrationExecutor(connection)
    state = executor.loader.project_state()
    draw = importlib.import_module("keepwell.people.migrations.0002_borders").Migration.operations[0]
    lift = Lift(*draw.links)
    try:
        with connection.schema_editor() as editor:
            lift.database_forwards("people", editor, state, state)
        assert border_of(Member, "team").name not in standing()
    finally:
        with connection.schema_editor() as editor:
            lift.database_backwards("people", editor, state, state)
    assert border_of(Member, "team").name in standing()
