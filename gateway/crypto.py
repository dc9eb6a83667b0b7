"""Sealing of names, numbers and bodies, and the keyed look-up of numbers.

A data key (one for each community, one for the installation) seals fields with AES-256-GCM; the key ring from the
settings wraps the data keys. Nothing here reads the environment or keeps a plain text.
"""

import hashlib
import hmac
import os
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
KEY_ID_BYTES = 8
VERSION = b"\x01"


class KeyProblem(ValueError):
    """A key is missing, malformed or does not fit; the sentence says what to do."""


class Tampered(Exception):
    """A sealed value was changed, moved to another row or column, or belongs to another key."""


def new_key() -> bytes:
    """32 random bytes, for a data key."""
    return os.urandom(KEY_BYTES)


def read_key(text: str, setting: str) -> bytes:
    """The 32 bytes behind a urlsafe base64 text. Raises KeyProblem naming the setting."""
    try:
        key = urlsafe_b64decode(text.strip() + "=" * (-len(text.strip()) % 4))
    except (Base64Error, ValueError) as error:
        raise KeyProblem(f"{setting} is not urlsafe base64. Make a key with: gateway keys new") from error
    if len(key) != KEY_BYTES:
        raise KeyProblem(
            f"{setting} holds {len(key)} bytes; it needs {KEY_BYTES}. Make a key with: gateway keys new"
        )
    return key


@dataclass(frozen=True)
class KeyRing:
    """The installation's keys by id. The first wraps; all unwrap."""

    keys: Mapping[str, bytes]

    @classmethod
    def read(cls, text: str, setting: str = "GATEWAY_DATA_KEYS") -> "KeyRing":
        """Parse `id:base64,id:base64`. Raises KeyProblem."""
        keys: dict[str, bytes] = {}
        for entry in filter(None, (part.strip() for part in text.split(","))):
            key_id, colon, encoded = entry.partition(":")
            if not colon or not key_id.isascii() or not 1 <= len(key_id) <= 32:
                raise KeyProblem(f"{setting} must read id:key,id:key with ids of 1 to 32 plain characters.")
            if key_id in keys:
                raise KeyProblem(f"{setting} names the id {key_id!r} twice; give each key an id of its own.")
            keys[key_id] = read_key(encoded, f"{setting} (key {key_id!r})")
        if not keys:
            raise KeyProblem(f"{setting} is empty. Make a key with: gateway keys new")
        return cls(keys)

    @property
    def first_id(self) -> str:
        return next(iter(self.keys))

    def wrap(self, data_key: bytes, key_uid: bytes) -> bytes:
        """The data key, sealed under the ring's first key and bound to its own id."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self.keys[self.first_id]).encrypt(nonce, data_key, b"data-key:" + key_uid)
        name = self.first_id.encode()
        return bytes([len(name)]) + name + nonce + sealed

    def unwrap(self, wrapped: bytes, key_uid: bytes) -> bytes:
        """Undo `wrap`. Raises KeyProblem when the ring lacks the key or the key does not fit."""
        ring_id = ring_id_of(wrapped)
        if ring_id not in self.keys:
            raise KeyProblem(
                f"GATEWAY_DATA_KEYS has no key {ring_id!r}, which this database was sealed with. "
                "Put that key back; retire it only after: gateway keys rotate"
            )
        body = wrapped[1 + wrapped[0] :]
        nonce, sealed = body[:NONCE_BYTES], body[NONCE_BYTES:]
        try:
            return AESGCM(self.keys[ring_id]).decrypt(nonce, sealed, b"data-key:" + key_uid)
        except InvalidTag as error:
            raise KeyProblem(
                f"The key {ring_id!r} in GATEWAY_DATA_KEYS is not the one that this database was sealed with. "
                "Restore the right key; a key cannot be replaced under the same id."
            ) from error


def ring_id_of(wrapped: bytes) -> str:
    """The id of the ring key that wrapped this data key."""
    return wrapped[1 : 1 + wrapped[0]].decode()


def seal(text: str, data_key: bytes, key_uid: bytes, place: str) -> bytes:
    """Encrypt `text` for one `place` ("table.column:row"), which is bound in and must be given to open it."""
    nonce = os.urandom(NONCE_BYTES)
    body = text.encode("utf-8", "surrogatepass")
    return VERSION + key_uid + nonce + AESGCM(data_key).encrypt(nonce, body, place.encode())


def key_uid_of(sealed: bytes) -> bytes:
    """The id of the data key that sealed this value."""
    return sealed[1 : 1 + KEY_ID_BYTES]


def unseal(sealed: bytes, data_key: bytes, place: str) -> str:
    """Decrypt what `seal` made for the same `place`. Raises Tampered."""
    start = 1 + KEY_ID_BYTES
    nonce, body = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
    try:
        return AESGCM(data_key).decrypt(nonce, body, place.encode()).decode("utf-8", "surrogatepass")
    except InvalidTag as error:
        raise Tampered(place) from error


def index_of(number: str, index_key: bytes) -> bytes:
    """The keyed HMAC-SHA-256 of a number or address, for look-up. Unkeyed, ten digits are guessed in seconds."""
    return hmac.digest(index_key, number.encode(), hashlib.sha256)
