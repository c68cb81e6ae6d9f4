"""What is written on an NFC sticker so that a phone held to it opens an address.

An NDEF message with one URI record (NFC Forum, URI Record Type Definition 1.0), in the block that a Type 2
tag wants around it (Type 2 Tag Operation: `03`, length, message, `FE`).
"""

from dataclasses import dataclass

# Beginnings that the standard writes as one byte, the longer ones first.
PREFIXES = ((0x01, "http://www."), (0x02, "https://www."), (0x03, "http://"), (0x04, "https://"))
# First and last record of the message, short, of a type the NFC Forum knows.
SHORT_RECORD = 0xD1
LONGEST_SHORT = 255


@dataclass(frozen=True, slots=True)
class Sticker:
    """A common kind of sticker and its user memory in bytes."""

    name: str
    capacity: int


STICKERS = (Sticker("NTAG213", 144), Sticker("NTAG215", 504), Sticker("NTAG216", 888))


def uri_message(url: str) -> bytes:
    """The message as an app writes it; raises ValueError for an address beyond 254 bytes."""
    code, rest = next(
        ((code, url.removeprefix(prefix)) for code, prefix in PREFIXES if url.startswith(prefix)), (0, url)
    )
    payload = bytes([code]) + rest.encode()
    if len(payload) > LONGEST_SHORT:
        raise ValueError("Too long for one short record.")
    return bytes([SHORT_RECORD, 1, len(payload)]) + b"U" + payload


def bytes_on_sticker(url: str) -> int:
    """How much of the sticker's memory the address takes, with what stands around the message."""
    message = uri_message(url)
    # Three bytes tell a length of 255 or more.
    return len(message) + (4 if len(message) >= LONGEST_SHORT else 2) + 1


def smallest_sticker(url: str) -> Sticker | None:
    """The smallest common sticker that holds the address; None when none does."""
    return next((one for one in STICKERS if one.capacity >= bytes_on_sticker(url)), None)
