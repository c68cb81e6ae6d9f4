"""What a browser does with a number that it may keep only closed; see `ciao_portal.envelopes`."""

import base64
import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ciao_portal.crypto import CURVE, KEY_BYTES, NONCE_BYTES, KeyRing
from ciao_portal.envelopes import INFO, public_point


def close_envelope(text: str, purpose: str, keys: KeyRing) -> str:
    """The text, closed for this purpose with the portal's public point."""
    key_id, portal = public_point(keys)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, base64.urlsafe_b64decode(f"{portal}="))
    own = ec.generate_private_key(CURVE)
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    secret = own.exchange(ec.ECDH(), theirs)
    key = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=point, info=INFO).derive(secret)
    nonce = os.urandom(NONCE_BYTES)
    closed = AESGCM(key).encrypt(nonce, text.encode(), purpose.encode())
    parts = (base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (point, nonce, closed))
    return ".".join((key_id, *parts))
