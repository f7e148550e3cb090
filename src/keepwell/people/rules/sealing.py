"""Seals: what turns a private value into bytes that only its owner's key opens again.

A sealed value is ``version (1) ‖ nonce (12) ‖ ciphertext and tag``, made by AES-256-GCM. The associated data names the
version, table, column, owner and row, so that bytes moved to another row, column, person or table never open. Keys are
32 bytes. A data key belongs to one owner (a person, an agency, the house) and is stored only wrapped by a master key,
under associated data of its own. Source of the construction: NIST SP 800-38D; requirement ids ENC-2 and ENC-5.
"""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


class SealBroken(Exception):
    """A sealed value did not open: wrong key, moved bytes or damage. Never shown as text to anyone."""


class KeyFault(Exception):
    """The master keys can't be used. The sentence says what to do."""


@dataclass(frozen=True)
class Owner:
    """Whose key opens a value: ``kind`` is person, agency or house; ``id`` is the UUID as text ('' for the house)."""

    kind: str
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class Place:
    """Where a sealed value lies."""

    table: str
    column: str
    owner: Owner
    row: str

    def associated_data(self) -> bytes:
        return "|".join(("v1", self.table, self.column, str(self.owner), self.row)).encode()


def new_key() -> bytes:
    return AESGCM.generate_key(bit_length=256)


def seal(key: bytes, plaintext: bytes, place: Place) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, plaintext, VERSION + place.associated_data())


def unseal(key: bytes, sealed: bytes, place: Place) -> bytes:
    if len(sealed) < 1 + NONCE_BYTES + TAG_BYTES or sealed[:1] != VERSION:
        raise SealBroken(f"{place.table}.{place.column}: not a sealed value")
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, VERSION + place.associated_data())
    except InvalidTag as broken:
        raise SealBroken(f"{place.table}.{place.column}: does not open with its owner's key") from broken


@dataclass(frozen=True)
class MasterKeys:
    """Versioned master keys. New data keys are wrapped by the newest; older versions still open what they wrapped."""

    by_version: dict[int, bytes] = field(repr=False)

    @property
    def newest(self) -> int:
        return max(self.by_version)

    def wrap(self, data_key: bytes, owner: Owner) -> tuple[int, bytes]:
        version = self.newest
        return version, seal(self.by_version[version], data_key, _wrapping_place(owner, version))

    def unwrap(self, wrapped: bytes, owner: Owner, version: int) -> bytes:
        if version not in self.by_version:
            raise KeyFault(
                f"Master key version {version} is missing. Put the line that begins with “{version}:” back into the master "
                "key file; nothing can be opened without it, and nothing is lost while you look for it."
            )
        return unseal(self.by_version[version], wrapped, _wrapping_place(owner, version))


def _wrapping_place(owner: Owner, version: int) -> Place:
    return Place("wrapped_key", str(version), owner, "")


def parse_master_keys(text: str, *, not_equal_to: str = "") -> MasterKeys:
    """Read ``version:base64`` entries, one a line or separated by commas.

    ``not_equal_to`` is the secret key of the web server: one secret in two places would undo the point of having two.
    """
    found: dict[int, bytes] = {}
    for entry in text.replace(",", "\n").splitlines():
        entry = entry.strip()
        if not entry or entry.startswith("#"):
            continue
        number, colon, encoded = entry.partition(":")
        if not colon or not number.isdigit() or int(number) < 1:
            raise KeyFault("A line of the master key is not “number:key”. Restore the file from where you keep a copy.")
        try:
            key = base64.b64decode(encoded.strip(), validate=True)
        except (binascii.Error, ValueError) as fault:
            raise KeyFault(f"Master key version {number} is not valid base64. Restore it from your copy.") from fault
        if len(key) != KEY_BYTES:
            raise KeyFault(f"Master key version {number} has {len(key)} bytes; it must have {KEY_BYTES}.")
        if not_equal_to and not_equal_to.strip() in (encoded.strip(), key.decode("latin-1")):
            raise KeyFault("The master key and the secret key are the same. Make a new secret key; keep the master key.")
        if int(number) in found:
            raise KeyFault(f"Master key version {number} stands there twice. Keep the one that opens your store.")
        found[int(number)] = key
    if not found:
        raise KeyFault("There is no master key. Without it nothing private can be opened, so Keepwell does not start.")
    return MasterKeys(found)


def master_key_line(version: int, key: bytes) -> str:
    return f"{version}:{base64.b64encode(key).decode()}"
