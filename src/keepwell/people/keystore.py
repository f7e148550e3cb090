"""What the key store holds: wrapped data keys, and the ledger of erasures. A store apart, so that backups of the one are
useless without the other, and so that its backups can be short-lived (7 days) where the store's live 35.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from keepwell.people.kinds import OfTheHouse
from keepwell.people.rules.sealing import Owner


class WrappedKey(OfTheHouse):
    """A data key, wrapped by the master key of ``master_version``."""

    owner_kind = models.CharField(max_length=10, choices=[(k, k) for k in ("person", "agency", "house")])
    owner_id = models.CharField(max_length=36, blank=True)
    master_version = models.PositiveIntegerField(db_index=True)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now)  # so that the sweep leaves keys alone whose person is being made

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner_kind", "owner_id"], name="one_key_an_owner")]

    @property
    def owner(self) -> Owner:
        return Owner(self.owner_kind, self.owner_id)


class Erasure(OfTheHouse):
    """One line of the ledger: which id is to be gone. Ids only; `restore` replays it before anything is served."""

    BEGUN, DONE = "begun", "done"

    erased_id = models.UUIDField(unique=True)
    state = models.CharField(max_length=5, choices=[(BEGUN, BEGUN), (DONE, DONE)], default=BEGUN)
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)


# The whole of what lies in the key store. Models of other rooms are named here, so that one look shows everything.
KEY_STORE = frozenset({("people", "wrappedkey"), ("people", "erasure"), ("ballots", "periodkey")})


class KeyStoreRouter:
    """Sends the key store's models to the database ``keys`` and everything else to ``default``."""

    def _alias(self, model: type[models.Model]) -> str:
        return "keys" if (model._meta.app_label, model._meta.model_name) in KEY_STORE else "default"

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        return self._alias(model)

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        return (db == "keys") == ((app_label, model_name) in KEY_STORE)
