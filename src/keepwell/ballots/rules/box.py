"""A ballot: one person's values of a period, sealed so that only whoever closes the period can open it, all at once.

Each period has a key pair of its own (X25519). A ballot is sealed to the public half: a fresh key pair for each ballot, the shared
secret through HKDF-SHA256, then AES-256-GCM over a text of constant length. The associated data names agency, period and the
ballot's own random id, so that a ballot copied under another id or into another period never opens. Sources: RFC 7748, RFC 5869,
NIST SP 800-38D; the composition is that of RFC 9180's base mode with one fixed suite.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION: Final = b"\x01"
INSIDE: Final = 512  # bytes of every ballot before sealing
SEALED: Final = 1 + 32 + 12 + INSIDE + 16
_INFO: Final = b"keepwell ballot v1"


class NoBallot(Exception):
    """These bytes are no ballot of this period: damaged, moved or forged."""


@dataclass(frozen=True)
class Slot:
    """Where a ballot lies."""

    agency: str
    period: str
    ballot: str

    def associated_data(self) -> bytes:
        return "|".join(("ballot", self.agency, self.period, self.ballot)).encode()


@dataclass(frozen=True)
class Inside:
    """What a ballot holds: a leaf of the frozen tree, and the values in the order of the period's list."""

    leaf: str
    values: tuple[int | None, ...]


def new_pair() -> tuple[bytes, bytes]:
    """A period's key pair: private half, public half."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def seal_ballot(public: bytes, leaf: str, values: Sequence[int | None], slot: Slot) -> bytes:
    said = json.dumps([leaf, list(values)], separators=(",", ":")).encode()
    if len(said) > INSIDE:
        raise ValueError("A ballot has no room for so much.")
    fresh = X25519PrivateKey.generate()
    fresh_public, nonce = fresh.public_key().public_bytes_raw(), os.urandom(12)
    key = _key(fresh.exchange(X25519PublicKey.from_public_bytes(public)), fresh_public, public)
    return VERSION + fresh_public + nonce + AESGCM(key).encrypt(nonce, said.ljust(INSIDE), VERSION + slot.associated_data())


class Opener:
    """The private half of a period in hand. Only the close makes one."""

    def __init__(self, private: bytes) -> None:
        self._private = X25519PrivateKey.from_private_bytes(private)
        self._public = self._private.public_key().public_bytes_raw()

    def open_ballot(self, sealed: bytes, slot: Slot) -> Inside:
        if len(sealed) != SEALED or sealed[:1] != VERSION:
            raise NoBallot
        fresh_public, nonce = sealed[1:33], sealed[33:45]
        try:
            secret = self._private.exchange(X25519PublicKey.from_public_bytes(fresh_public))
            said = AESGCM(_key(secret, fresh_public, self._public)).decrypt(nonce, sealed[45:], VERSION + slot.associated_data())
        except (InvalidTag, ValueError) as fault:
            raise NoBallot from fault
        leaf, values = json.loads(said)
        return Inside(leaf, tuple(values))


def _key(secret: bytes, fresh_public: bytes, public: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=fresh_public + public, info=_INFO).derive(secret)
