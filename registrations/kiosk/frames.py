"""Reading the code of a card in a picture that a tablet without a reader of its own sends.

A picture is looked at in memory and forgotten: it is written nowhere.
"""

from datetime import datetime
from io import BytesIO

import zxingcpp
from django.core.cache import cache
from PIL import Image, UnidentifiedImageError

from registrations.models import Terminal

# A grey JPEG of 640 by 480 takes some 30 kB; what is larger is something else.
MOST_BYTES = 100_000
LONGEST_SIDE = 1280
FORMATS = ("JPEG", "PNG")
CODES = zxingcpp.barcode_formats_from_str("QRCode")
# A tablet sends two a second.
SPELL_S = 10
MOST_IN_A_SPELL = 40


class FrameRefusedError(Exception):
    """The status says why; the script of the tablet just sends the next one."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def take_turn(terminal: Terminal, *, now: datetime) -> None:
    """Count a picture of this tablet. Raises FrameRefusedError 429."""
    spell = int(now.timestamp()) // SPELL_S
    key = f"kiosk-frames:{terminal.pk}:{spell}"
    cache.add(key, 0, timeout=2 * SPELL_S)
    try:
        taken = cache.incr(key)
    except ValueError:  # it was dropped in between
        taken = 1
    if taken > MOST_IN_A_SPELL:
        raise FrameRefusedError(429)


def text_in(picture: bytes) -> str:
    """The text of the QR code in a JPEG or PNG; empty when there is none to be read.

    Raises FrameRefusedError: 413 too large, 415 not such a picture.
    """
    if len(picture) > MOST_BYTES:
        raise FrameRefusedError(413)
    try:
        with Image.open(BytesIO(picture), formats=FORMATS) as image:
            # The head is read by now, the points are not.
            if max(image.size) > LONGEST_SIDE:
                raise FrameRefusedError(413)
            grey = image.convert("L")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise FrameRefusedError(415) from None
    view = zxingcpp.ImageView(grey.tobytes(), grey.width, grey.height, zxingcpp.ImageFormat.Lum)
    found = zxingcpp.read_barcodes(view, formats=CODES, text_mode=zxingcpp.TextMode.Plain)
    return found[0].text if found else ""
