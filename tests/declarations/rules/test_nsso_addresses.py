"""Which addresses are kept as the NSSO's own."""

import pytest

from ciao_portal.errors import DomainError
from declarations.rules.nsso_addresses import LONGEST, parse_nsso_address

OWN = "1Y1003SQ5VSSZ"
OTHER = "1Y1003SQ5VSSA"
GOOD = f"https://checkinout.socialsecurity.be/works/{OWN}"


@pytest.mark.parametrize(
    "address",
    [
        GOOD,
        "https://checkinout.socialsecurity.be/?ref=1y1003sq5vssz",
        "https://socialsecurity.be/x",
        "https://www.rsz.be/",
        "https://onss.fgov.be/a?b=c#d",
    ],
)
def test_addresses_of_the_nsso_are_kept_as_they_are(address: str) -> None:
    assert parse_nsso_address(f"  {address}\n", technical_reference=OWN) == address


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://checkinout.socialsecurity.be/", "nssoAddress.shape"),
        ("checkinout.socialsecurity.be", "nssoAddress.shape"),
        ("https://", "nssoAddress.shape"),
        ("https://someone@checkinout.socialsecurity.be/", "nssoAddress.shape"),
        ("https://checkinout.socialsecurity.be:8443/", "nssoAddress.shape"),
        ("https://checkinout.socialsecurity.be:x/", "nssoAddress.shape"),
        ("https://[checkinout/", "nssoAddress.shape"),
        ("https://checkinout.socialsecurity.be/een adres", "nssoAddress.shape"),
        ("https://checkinout.socialsecurity.be/é", "nssoAddress.shape"),
        ("javascript:alert(1)", "nssoAddress.shape"),
        (f"https://rsz.be/{'x' * LONGEST}", "nssoAddress.length"),
        ("https://socialsecurity.be.example.com/", "nssoAddress.host"),
        ("https://fakesocialsecurity.be/", "nssoAddress.host"),
        ("https://example.com/?socialsecurity.be", "nssoAddress.host"),
        (GOOD.replace(OWN, OTHER), "nssoAddress.other"),
    ],
)
def test_everything_else_is_refused_at_its_field(address: str, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        parse_nsso_address(address, technical_reference=OWN)
    assert (refused.value.code, refused.value.field) == (code, "url")


def test_without_a_reference_of_our_own_nothing_can_be_compared() -> None:
    assert parse_nsso_address(GOOD) == GOOD
