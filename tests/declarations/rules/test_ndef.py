"""What stands on an NFC sticker."""

import pytest

from declarations.rules.ndef import bytes_on_sticker, smallest_sticker, uri_message


@pytest.mark.parametrize(
    ("url", "message"),
    [
        # By hand from the standard: header, length of type, length of payload, "U", prefix, rest.
        ("https://a.be/r/X/", b"\xd1\x01\x0aU\x04a.be/r/X/"),
        ("https://www.a.be/", b"\xd1\x01\x06U\x02a.be/"),
        ("http://a.be/", b"\xd1\x01\x06U\x03a.be/"),
        ("ftp://a.be/", b"\xd1\x01\x0cU\x00ftp://a.be/"),
    ],
)
def test_the_message_byte_by_byte(url: str, message: bytes) -> None:
    assert uri_message(url) == message
    assert bytes_on_sticker(url) == len(message) + 3


@pytest.mark.parametrize(("length", "name"), [(20, "NTAG213"), (136, "NTAG213"), (137, "NTAG215")])
def test_the_smallest_sticker_that_holds_it(length: int, name: str) -> None:
    url = "https://" + "a" * length
    sticker = smallest_sticker(url)
    assert sticker is not None
    assert sticker.name == name
    assert sticker.capacity >= bytes_on_sticker(url)


def test_beyond_a_short_record_it_is_refused() -> None:
    with pytest.raises(ValueError, match="Too long"):
        uri_message("https://" + "a" * 255)
