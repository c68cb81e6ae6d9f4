"""What a browser encrypts so that only the portal can read it: a number typed without signal.

The browser makes a key pair for one envelope, agrees with our public key (ECDH on P-256), derives an AES key
(HKDF-SHA-256, its own public point as salt) and encrypts with AES-GCM; the purpose of the envelope is
authenticated with it. Even the browser that closed an envelope cannot open it again.

Text: key id . public point . nonce . ciphertext with tag, the last three in unpadded URL-safe base64.
"""

import base64

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ciao_portal.crypto import CURVE, KEY_BYTES, DecryptionError, KeyRing

INFO = b"ciao-portal typed number"
# Far above any number with its separators: nobody makes us decrypt a book.
LONGEST = 600


def public_point(keys: KeyRing) -> tuple[str, str]:
    """The id of the newest key and its public point, uncompressed, as the browser imports it."""
    key_id = keys.key_ids[0]
    return key_id, _encoded(_point(keys.key_pair(key_id).public_key()))


def open_envelope(envelope: str, purpose: str, keys: KeyRing) -> str:
    """The text in an envelope closed for this purpose. Raises DecryptionError."""
    parts = envelope.split(".")
    if len(envelope) > LONGEST or len(parts) != 4:
        raise DecryptionError("The envelope is damaged.")
    own = keys.key_pair(parts[0])
    try:
        point, nonce, closed = (base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in parts[1:])
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
        cipher = _cipher(own.exchange(ec.ECDH(), theirs), point)
        return cipher.decrypt(nonce, closed, purpose.encode()).decode()
    except (ValueError, InvalidTag):  # no base64, no point of the curve, no text
        raise DecryptionError("The envelope does not open.") from None


def _cipher(secret: bytes, point: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=point, info=INFO).derive(secret))


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
