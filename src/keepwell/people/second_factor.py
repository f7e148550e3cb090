"""The second factor: seals its secrets, and names this server to the authenticator."""

from __future__ import annotations

import base64

from allauth.mfa.adapter import DefaultMFAAdapter

from keepwell.people import keyring
from keepwell.people.kinds import HOUSE
from keepwell.people.rules.sealing import Place, seal, unseal

# One place for all: the library's row is not known when it asks, so these are bound to the house and the column only.
_PLACE = Place("mfa_authenticator", "data", HOUSE, "")


class SecondFactor(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(keyring.data_key(HOUSE), text.encode(), _PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(keyring.data_key(HOUSE), base64.b64decode(encrypted_text), _PLACE).decode()
