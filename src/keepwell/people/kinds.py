"""The four kinds of rows. Every model of Keepwell is one of them, and its base class says which.

private to a person   points to ``Person``; free text and answers are sealed with that person's key; leaves with them
shared in an agency   points to ``Agency``; free text that is not a plain label is sealed with the agency's key
of the public         people without an account, with a day on which the row is deleted
of the house          outbox state, heartbeat, keys: no name and no free text in the clear

`tests/house/test_rows.py` fails for a model that is none of them.
"""

from __future__ import annotations

import uuid

from django.db import models

from keepwell.people.rules.sealing import Owner

HOUSE = Owner("house")


class Row(models.Model):
    """What all kinds share: a random id made before the row is written, so that seals can name it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    def seal_owner(self) -> Owner:
        """Whose key seals the sealed fields of this row."""
        raise TypeError(f"{type(self).__name__} has a sealed field but its kind has no key.")


class PrivateToPerson(Row):
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True

    def seal_owner(self) -> Owner:
        return Owner("person", str(self.person_id))


class SharedInAgency(Row):
    agency = models.ForeignKey("people.Agency", on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True

    def seal_owner(self) -> Owner:
        return Owner("agency", str(self.agency_id))


class OfThePublic(Row):
    delete_on = models.DateField(db_index=True)

    class Meta:
        abstract = True


class OfTheHouse(Row):
    class Meta:
        abstract = True

    def seal_owner(self) -> Owner:
        return HOUSE
