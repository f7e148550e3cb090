"""Sealed columns. Read and written as plain values; what the database holds opens only with the owner's key.

    class Reflection(PrivateToPerson):
        words = SealedText()
        answers = SealedJSON()

A value is sealed when the row is saved (``save``, ``bulk_create``) and opened at the first look, so a list of rows costs nothing
until a sealed column is read. ``filter``, ``update`` and ``bulk_update`` on a sealed column are refused: nothing can be searched
that the server should not be able to read, and a bulk update does not know the row that the seal must name.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from keepwell.people import keyring
from keepwell.people.rules.sealing import Place, seal, unseal


class _Sealed(bytes):
    """Bytes as they came from the database."""


class _OpenAtFirstLook:
    def __init__(self, field: SealedField) -> None:
        self.field = field

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])  # the column was deferred
        value = instance.__dict__[name]
        if isinstance(value, _Sealed):
            place = self.field.place(instance)
            value = self.field.from_plain_bytes(unseal(keyring.data_key(place.owner), bytes(value), place))
            instance.__dict__[name] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedField(models.BinaryField):  # type: ignore[type-arg]  # its plain type differs in each subclass
    """Base of the sealed columns; use one of the two below."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def to_plain_bytes(self, value: Any) -> bytes:
        raise NotImplementedError

    def from_plain_bytes(self, value: bytes) -> Any:
        raise NotImplementedError

    def place(self, instance: Any) -> Place:
        return Place(self.model._meta.db_table, str(self.column), instance.seal_owner(), str(instance.pk))

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _OpenAtFirstLook(self))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> _Sealed | None:
        return None if value is None else _Sealed(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, _Sealed):
            return value
        place = self.place(model_instance)
        return _Sealed(seal(keyring.data_key(place.owner), self.to_plain_bytes(value), place))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, _Sealed):
            raise FieldError(f"{self.name} is sealed: save the row; it can't be searched or set by update().")
        return super().get_db_prep_value(None if value is None else bytes(value), connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.name} is sealed and can't be searched.")

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.name} is sealed and is not serialised.")


class SealedText(SealedField):
    """Text of any length."""

    def to_plain_bytes(self, value: str) -> bytes:
        return value.encode()

    def from_plain_bytes(self, value: bytes) -> str:
        return value.decode()


class SealedBytes(SealedField):
    """A file: a finished export, a picture of a code."""

    def to_plain_bytes(self, value: bytes) -> bytes:
        return value

    def from_plain_bytes(self, value: bytes) -> bytes:
        return value


class SealedJSON(SealedField):
    """Anything JSON can say. Change it by assigning a new value, not in place."""

    def to_plain_bytes(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def from_plain_bytes(self, value: bytes) -> Any:
        return json.loads(value)
