"""Self-signed certificates: the form in which a company's public key is handed to the NSSO.

Chaman takes a certificate, not a bare key. Nobody has to vouch for it: the owner uploads it there in person,
and the NSSO knows the key by that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from ciao_portal.nsso.auth import read_private_key

# Our own choice, of 25 November 2026: no longest validity is published for Chaman. Two years are rare enough
# to be no burden and short enough that somebody still knows how it is done.
VALID_FOR = timedelta(days=730)
# The upper bound of a name in a certificate (RFC 5280, appendix A).
_LONGEST_NAME = 64


@dataclass(frozen=True)
class Certificate:
    """A certificate in PEM. ``fingerprint`` is its SHA-256 as programs show it: ``AB:CD:…``.

    Valid from ``starts_at`` to ``ends_at``, both included, aware UTC.
    """

    pem: str
    fingerprint: str
    starts_at: datetime
    ends_at: datetime


def self_signed(private_key_pem: str, *, number: str, name: str, now: datetime) -> Certificate:
    """A certificate for this key, valid from ``now``, in the name of the company with this number.

    Raises ``NssoMisconfigured`` when the key cannot be read.
    """
    key = read_private_key(private_key_pem)
    subject = _subject(number, name)
    starts_at = now.replace(microsecond=0)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(starts_at)
        .not_valid_after(starts_at + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _shown(made)


def read(pem: str) -> Certificate:
    """The certificate in this text. Raises ValueError when there is none."""
    return _shown(x509.load_pem_x509_certificate(pem.encode()))


def _subject(number: str, name: str) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, number)]
    if name:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, name[:_LONGEST_NAME]))
    return x509.Name(attributes)


def _shown(certificate: x509.Certificate) -> Certificate:
    return Certificate(
        pem=certificate.public_bytes(serialization.Encoding.PEM).decode(),
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(":").upper(),
        starts_at=certificate.not_valid_before_utc,
        ends_at=certificate.not_valid_after_utc,
    )
