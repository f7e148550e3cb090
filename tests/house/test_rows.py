"""Every row is of one of four kinds, and what its kind promises about words in the clear holds."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from keepwell.people.fields import SealedField
from keepwell.people.kinds import OfTheHouse, OfThePublic, PrivateToPerson, SharedInAgency

KINDS = (PrivateToPerson, SharedInAgency, OfThePublic, OfTheHouse)

# What the four kinds point to.
OWNERS = {"people.Person", "people.Agency"}

# Rows that libraries bring: whose they are, and why they may be as they are.
BROUGHT = {
    "account.EmailAddress": "private to a person: the address they sign in with; leaves with them",
    "account.EmailConfirmation": "private to a person: kept for older links; we confirm by codes, so it stays empty",
    "auth.Group": "of the house: unused, a part of Django's auth",
    "auth.Permission": "of the house: names of models",
    "contenttypes.ContentType": "of the house: names of models",
    "mfa.Authenticator": "private to a person: sealed through keepwell.people.second_factor; leaves with them",
    "sessions.Session": "private to a person: signed, expires within a week",
    "usersessions.UserSession": "private to a person: their list of sessions, activity not tracked; leaves with them",
}

# Words in the clear on a private row, each with its reason. Slugs, choices and dates need none.
IN_THE_CLEAR = {
    "people.KeptForm.path": "an address of ours, of a page everyone has",
    "people.WrappedKey.owner_id": "an id",
    "people.WrappedKey.wrapped": "a key, wrapped by the master key",
    "people.Installation.hosted_by": "an organisation, told to everyone at first sign-in",
    "people.Installation.host_contact": "the organisation's, told to everyone at first sign-in",
    "notify.Due.occasion": "a date or a slug made by the room; no words of a person",
    "notify.Due.path": "an address of ours",
    "notify.Note.occasion": "a date or a slug made by the room; no words of a person",
    "notify.Note.path": "an address of ours",
    "notify.Hours.working_days": "seven digits",
    "notify.Hours.not_kinds": "slugs of the catalogue",
    "notify.Message.occasion": "a date or a slug made by the room; no words of a person",
    "ballots.PeriodKey.wrapped": "a key, wrapped by the release key",
    "ballots.Period.public_key": "a key that may be known to anyone",
    "ballots.Period.tree": "ids of programmes and teams",
    "ballots.Period.asked": "slugs of what is counted",
    "ballots.Ballot.sealed": "sealed to the period's key, which only its close opens",
    "ballots.Release.node": "the id of a programme or team",
    "ballots.Release.cells": "released figures: bands of groups, no words",
    "ballots.Release.hash": "a hash",
    "ballots.ProofRun.figures": "figures of a test on invented agencies",
    "plans.Commitment.week": "the name of a week, as 2026-W48",
}


def ours() -> list[type[models.Model]]:
    found = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("keepwell.")]
    assert len(found) > 10, "the rooms' models are not loaded"
    return found


def is_words(field: models.Field) -> bool:  # type: ignore[type-arg]
    """Whether a column could hold what somebody wrote."""
    if isinstance(field, SealedField) or field.choices or isinstance(field, models.SlugField):
        return False
    return isinstance(field, (models.CharField, models.TextField, models.JSONField, models.BinaryField))


def test_each_row_is_of_one_of_the_four_kinds() -> None:
    wrong = [
        f"{model._meta.label} is {sum(issubclass(model, kind) for kind in KINDS) or 'none'} of the four kinds"
        for model in ours()
        if model._meta.label not in OWNERS and sum(issubclass(model, kind) for kind in KINDS) != 1
    ]
    assert wrong == []


def test_rows_brought_by_libraries_are_known() -> None:
    brought = {model._meta.label for model in apps.get_models(include_auto_created=True)} - {model._meta.label for model in ours()}
    unknown = sorted(label for label in brought if label not in BROUGHT and not label.startswith("auth.Group_"))
    assert unknown == [], "say whose these rows are, in BROUGHT"


@pytest.mark.parametrize("kind", [PrivateToPerson, OfTheHouse])
def test_what_somebody_wrote_is_sealed(kind: type[models.Model]) -> None:
    checked = [model for model in ours() if issubclass(model, kind)]
    assert checked
    wrong = [
        f"{model._meta.label}.{field.name} may hold words in the clear: seal it, make it a slug or a choice, or give the reason here"
        for model in checked
        for field in model._meta.get_fields()
        if isinstance(field, models.Field) and is_words(field) and f"{model._meta.label}.{field.name}" not in IN_THE_CLEAR
    ]
    assert wrong == []


def test_long_text_shared_in_an_agency_is_sealed() -> None:
    checked = [model for model in ours() if issubclass(model, SharedInAgency)]
    assert checked
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in checked
        for field in model._meta.get_fields()
        if type(field) is models.TextField and not field.choices
    ]
    assert wrong == [], "shared free text is sealed with the agency's key; plain labels are CharFields"


def test_reasons_are_given_for_fields_that_exist() -> None:
    known = {f"{model._meta.label}.{field.name}" for model in ours() for field in model._meta.get_fields()}
    assert set(IN_THE_CLEAR) - known == set()


def test_private_rows_leave_with_their_person() -> None:
    wrong = [
        model._meta.label
        for model in ours()
        if issubclass(model, PrivateToPerson) and model._meta.get_field("person").remote_field.on_delete is not models.CASCADE
    ]
    assert wrong == []
