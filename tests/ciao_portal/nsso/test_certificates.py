"""Certificates as other programs read them."""

import hashlib
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID

from ciao_portal.nsso.auth import generate_key_pair
from ciao_portal.nsso.certificates import VALID_FOR, read, self_signed
from ciao_portal.nsso.errors import NssoCode, NssoMisconfigured

KEYS = generate_key_pair()
NOW = datetime(2026, 11, 23, 5, 2, 11, 678, tzinfo=UTC)


def test_it_names_the_company_and_holds_the_public_key() -> None:
    made = self_signed(KEYS.private_pem, number="0206731645", name="Één & Co", now=NOW)
    found = x509.load_pem_x509_certificate(made.pem.encode())
    public = found.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert public.decode() == KEYS.public_pem
    names = {one.oid: one.value for one in found.subject}
    assert names == {NameOID.COMMON_NAME: "0206731645", NameOID.ORGANIZATION_NAME: "Één & Co"}
    found.verify_directly_issued_by(found)
    assert (made.starts_at, made.ends_at) == (NOW.replace(microsecond=0), made.starts_at + VALID_FOR)
    assert made.ends_at - NOW > timedelta(days=729)
    assert "PRIVATE" not in made.pem
    assert read(made.pem) == made


def test_each_has_a_serial_number_of_its_own() -> None:
    pems = [self_signed(KEYS.private_pem, number="1", name="", now=NOW).pem for _time in range(2)]
    serials = {x509.load_pem_x509_certificate(pem.encode()).serial_number for pem in pems}
    assert len(serials) == 2


@pytest.mark.parametrize("name", ["", "N" * 200])
def test_any_name_fits(name: str) -> None:
    pem = self_signed(KEYS.private_pem, number="FR12345678901", name=name, now=NOW).pem
    found = x509.load_pem_x509_certificate(pem.encode())
    organisations = found.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    assert [one.value for one in organisations] == ([name[:64]] if name else [])


def test_openssl_reads_the_same() -> None:
    made = self_signed(KEYS.private_pem, number="0206731645", name="Helder Main", now=NOW)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=made.pem)
    assert context.cert_store_stats() == {"x509": 1, "crl": 0, "x509_ca": 0}
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(made.pem)).hexdigest()
    assert made.fingerprint.replace(":", "").lower() == digest


def test_without_a_key_there_is_none() -> None:
    with pytest.raises(NssoMisconfigured) as caught:
        self_signed("no key", number="1", name="", now=NOW)
    assert caught.value.code == NssoCode.PRIVATE_KEY_UNREADABLE
