"""Envelopes: closed for the portal, for one purpose, under keys that rotate."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ciao_portal.crypto import DecryptionError, KeyRing
from ciao_portal.envelopes import LONGEST, open_envelope, public_point
from tests.envelopes import close_envelope

OLD_KEY = f"2025:{base64.b64encode(b'o' * 32).decode()}"
NEW_KEY = f"2026:{base64.b64encode(b'n' * 32).decode()}"
OLD, NEW = KeyRing.parse(OLD_KEY), KeyRing.parse(NEW_KEY)
BOTH = KeyRing.parse(f"{NEW_KEY},{OLD_KEY}")
NUMBER, PURPOSE = "85.07.30-033.28", "0197f0c2-0000-7000-8000-000000000001"


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_goes_in_comes_out(text: str, purpose: str) -> None:
    assert open_envelope(close_envelope(text, purpose, NEW), purpose, NEW) == text


def test_two_envelopes_differ_and_hide_the_number() -> None:
    one, other = (close_envelope(NUMBER, PURPOSE, NEW) for _turn in range(2))
    assert one != other
    assert base64.urlsafe_b64encode(NUMBER.encode()).decode()[:10] not in one


def test_a_phone_that_knows_the_old_key_is_still_read_after_a_rotation() -> None:
    closed = close_envelope(NUMBER, PURPOSE, OLD)
    assert open_envelope(closed, PURPOSE, BOTH) == NUMBER
    with pytest.raises(DecryptionError):
        open_envelope(closed, PURPOSE, NEW)


def test_the_public_point_is_the_same_after_a_restart_and_tells_nothing_of_the_key() -> None:
    key_id, point = public_point(KeyRing.parse(NEW_KEY))
    assert (key_id, point) == public_point(BOTH)
    raw = base64.urlsafe_b64decode(point + "=")
    assert (len(raw), raw[0]) == (65, 4)
    assert b"n" * 8 not in raw


@pytest.mark.parametrize(
    "envelope",
    [
        "",
        "...",
        "2026.AAAA.AAAA.AAAA",
        "2026.é.AAAA.AAAA",
        "nobody.BA.AA.AA",
        "x" * (LONGEST + 1),
        close_envelope(NUMBER, "another purpose", NEW),
        close_envelope(NUMBER, PURPOSE, NEW)[:-2] + "AA",
    ],
)
def test_anything_else_does_not_open(envelope: str) -> None:
    with pytest.raises(DecryptionError):
        open_envelope(envelope, PURPOSE, NEW)
