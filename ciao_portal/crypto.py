"""Encrypted columns, blind indexes and sealed tickets, with several keys at once.

The newest key writes; every key still in the ring reads. From each 32-byte key HKDF
derives one subkey for columns, one for files, one for the blind index and one key pair for
envelopes (`ciao_portal.envelopes`), so that no use can weaken another. The *context*
("person.national_number") is authenticated with the ciphertext and mixed into the index:
bytes copied into another column do not open.

Stored bytes: version (1) | length of key id (1) | key id | nonce (12) | ciphertext + tag (16).
"""

import base64
import hmac
import json
import os
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = 1
KEY_BYTES = 32
CURVE = ec.SECP256R1()  # browsers know it as P-256
# More bits than the curve's order, so that the remainder favours no number (NIST SP 800-56A, 5.6.1.2.1).
SCALAR_BYTES = 48
NONCE_BYTES = 12  # the size NIST SP 800-38D recommends for GCM
TAG_BYTES = 16
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
CLOCK_SLACK = timedelta(minutes=1)  # hosts of one installation may differ by this much


class KeyRingError(ValueError):
    """The text of FIELD_KEYS is unusable; the message says which entry and why, never the key."""


class DecryptionError(Exception):
    """The bytes were not written by this ring for this context, or were changed since."""


class ExpiredError(DecryptionError):
    """A sealed ticket is genuine but older than the caller allows."""


@dataclass(frozen=True, slots=True)
class _Subkeys:
    """What one field key turns into; derived once, kept for the life of the ring."""

    header: bytes
    cipher: AESGCM = field(repr=False)
    files: AESGCM = field(repr=False)
    index: "hmac.HMAC" = field(repr=False)
    pair: ec.EllipticCurvePrivateKey = field(repr=False)


class KeyRing:
    """The field keys of an installation, newest first."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """``keys`` maps key id to 32 secret bytes, in order, newest first."""
        if not keys:
            raise KeyRingError("No field key: give at least one as keyid:base64 of 32 bytes.")
        self._subkeys = {key_id: _derive(key_id, key) for key_id, key in keys.items()}
        self.key_ids = tuple(self._subkeys)
        self._newest = self._subkeys[self.key_ids[0]]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``keyid:base64`` entries, comma separated, newest first.

        Standard and URL-safe base64 are accepted, with or without padding.
        Raises KeyRingError for no entry, a bad key id, a repeated key id, a key of another length.
        """
        keys: dict[str, bytes] = {}
        entries = [entry.strip() for entry in text.split(",") if entry.strip()]
        for position, entry in enumerate(entries, start=1):
            key_id, key = _parse_entry(entry, position)
            if key_id in keys:
                raise KeyRingError(f"Field key {position}: the key id {key_id} is used twice.")
            keys[key_id] = key
        return cls(keys)

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self.key_ids)})"

    def encrypt(self, plaintext: str, context: str) -> bytes:
        """Encrypt with the newest key; two calls never give the same bytes."""
        return self._encrypt_bytes(plaintext.encode(), context)

    def decrypt(self, data: bytes | memoryview, context: str) -> str:
        """Decrypt with the key named in the bytes. Raises DecryptionError."""
        return self._decrypt_bytes(data, context).decode()

    def encrypt_file(self, content: bytes, name: str) -> bytes:
        """Encrypt a whole file with the newest key; the name is authenticated, so files cannot be swapped."""
        newest = self._newest
        nonce = os.urandom(NONCE_BYTES)
        return newest.header + nonce + newest.files.encrypt(nonce, content, newest.header + name.encode())

    def decrypt_file(self, data: bytes, name: str) -> bytes:
        """The content of a file kept under this name. Raises DecryptionError."""
        return self._open(data, name, lambda subkeys: subkeys.files)

    def key_pair(self, key_id: str) -> ec.EllipticCurvePrivateKey:
        """The P-256 key pair of a field key, for what others encrypt to us. Raises DecryptionError."""
        subkeys = self._subkeys.get(key_id)
        if subkeys is None:
            raise DecryptionError("The key is not in the ring.")
        return subkeys.pair

    def blind_index(self, value: str, context: str) -> bytes:
        """32 bytes that are equal for equal values: what a lookup column stores (newest key)."""
        return _index(self._newest, value, context)

    def blind_indexes(self, value: str, context: str) -> list[bytes]:
        """The index under every key, newest first: what a lookup must search for."""
        return [_index(subkeys, value, context) for subkeys in self._subkeys.values()]

    def needs_rotation(self, data: bytes | memoryview) -> bool:
        """True when the bytes were written with a key that is no longer the newest."""
        return key_id_of(data) != self.key_ids[0]

    def seal(self, payload: Mapping[str, Any], context: str, *, now: datetime) -> str:
        """An opaque URL-safe ticket holding the JSON payload and its moment of issue (aware)."""
        issued = struct.pack(">Q", int(now.timestamp() * 1000))
        body = json.dumps(payload, separators=(",", ":"), sort_keys=True).encode()
        sealed = self._encrypt_bytes(issued + body, _ticket(context))
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def open_sealed(
        self, token: str, context: str, *, now: datetime, max_age: timedelta
    ) -> tuple[dict[str, Any], datetime]:
        """The payload of a ticket and when it was issued (UTC).

        Raises ExpiredError when older than ``max_age``, DecryptionError for anything
        not sealed by this ring for this context, or issued in the future.
        """
        content = self._decrypt_bytes(_unpad(token), _ticket(context))
        (issued_ms,) = struct.unpack(">Q", content[:8])
        issued = datetime.fromtimestamp(issued_ms / 1000, tz=UTC)
        if issued > now + CLOCK_SLACK:
            raise DecryptionError("The ticket was issued in the future.")
        if now - issued > max_age:
            raise ExpiredError("The ticket is too old.")
        payload: dict[str, Any] = json.loads(content[8:])
        return payload, issued

    def _encrypt_bytes(self, plaintext: bytes, context: str) -> bytes:
        header = self._newest.header
        nonce = os.urandom(NONCE_BYTES)
        return header + nonce + self._newest.cipher.encrypt(nonce, plaintext, header + context.encode())

    def _decrypt_bytes(self, data: bytes | memoryview, context: str) -> bytes:
        # database drivers may hand over a memoryview
        return self._open(bytes(data), context, lambda subkeys: subkeys.cipher)

    def _open(self, data: bytes, context: str, cipher_of: Callable[[_Subkeys], AESGCM]) -> bytes:
        key_id = key_id_of(data)
        subkeys = self._subkeys.get(key_id)
        if subkeys is None:
            raise DecryptionError(f"The key {key_id} is not in the ring.")
        start = len(subkeys.header)
        nonce, sealed = data[start : start + NONCE_BYTES], data[start + NONCE_BYTES :]
        try:
            return cipher_of(subkeys).decrypt(nonce, sealed, subkeys.header + context.encode())
        except InvalidTag:
            raise DecryptionError(f"The bytes do not open with the key {key_id} for {context}.") from None


def key_id_of(data: bytes | memoryview) -> str:
    """Which key wrote these bytes. Raises DecryptionError when they are not ours."""
    data = bytes(data)
    if len(data) < 2 or data[0] != VERSION:
        raise DecryptionError("The bytes were not written by this portal.")
    end = 2 + data[1]
    if len(data) < end + NONCE_BYTES + TAG_BYTES:
        raise DecryptionError("The bytes are cut short.")
    key_id = data[2:end].decode("ascii", errors="replace")
    if not KEY_ID.fullmatch(key_id):  # also keeps forged bytes out of error messages and logs
        raise DecryptionError("The bytes were not written by this portal.")
    return key_id


def new_field_key(key_id: str) -> str:
    """A fresh entry for the front of FIELD_KEYS."""
    return f"{key_id}:{base64.b64encode(os.urandom(KEY_BYTES)).decode()}"


def _parse_entry(entry: str, position: int) -> tuple[str, bytes]:
    key_id, colon, encoded = entry.partition(":")
    if not colon or not KEY_ID.fullmatch(key_id):
        raise KeyRingError(
            f"Field key {position}: write keyid:base64, the key id 1 to 32 letters, digits, - or _."
        )
    try:
        key = base64.b64decode(_standard_base64(encoded), validate=True)
    except ValueError:  # binascii.Error is one; characters beyond ASCII raise the plain one
        raise KeyRingError(f"Field key {position} ({key_id}): the key is not base64.") from None
    if len(key) != KEY_BYTES:
        raise KeyRingError(f"Field key {position} ({key_id}): {len(key)} bytes instead of {KEY_BYTES}.")
    return key_id, key


def _standard_base64(encoded: str) -> str:
    text = encoded.strip().rstrip("=").replace("-", "+").replace("_", "/")
    return text + "=" * (-len(text) % 4)


def _unpad(token: str) -> bytes:
    try:
        return base64.b64decode(_standard_base64(token), validate=True)
    except ValueError:
        raise DecryptionError("The ticket is damaged.") from None


def _derive(key_id: str, key: bytes) -> _Subkeys:
    header = bytes([VERSION, len(key_id)]) + key_id.encode("ascii")
    cipher = AESGCM(_subkey(key, b"ciao-portal field encryption"))
    files = AESGCM(_subkey(key, b"ciao-portal file encryption"))
    index = hmac.new(_subkey(key, b"ciao-portal blind index"), digestmod=sha256)
    return _Subkeys(header, cipher, files, index, _pair(key))


def _subkey(key: bytes, purpose: bytes, *, length: int = KEY_BYTES) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(key)


def _pair(key: bytes) -> ec.EllipticCurvePrivateKey:
    material = int.from_bytes(_subkey(key, b"ciao-portal envelopes", length=SCALAR_BYTES))
    return ec.derive_private_key(material % (CURVE.group_order - 1) + 1, CURVE)


def _index(subkeys: _Subkeys, value: str, context: str) -> bytes:
    mac = subkeys.index.copy()  # copying a keyed state is cheaper than keying it again
    mac.update(context.encode() + b"\0" + value.encode())
    return mac.digest()


def _ticket(context: str) -> str:
    # A column's ciphertext must never pass for a ticket of the same name.
    return f"ticket:{context}"
