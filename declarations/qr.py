"""QR codes of registration points: SVG for screens and paper, PNG for whoever pastes them somewhere.

Error correction Q survives a blot of about 12 % of the area; the quiet zone of four modules is part of the
standard, and phones need it.
"""

from io import BytesIO

import qrcode
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.image.pil import PilImage

QUIET_ZONE = 4
# In a smaller symbol the same blot meets a larger part of the correction: version 3 is lost where 4 is read.
SMALLEST_VERSION = 4
# Pixels per module of a PNG: 41 modules become 820 pixels, sharp at 7 cm in print.
MODULE_PIXELS = 20

Matrix = list[list[bool]]


def qr_matrix(text: str, *, quiet_zone: int = QUIET_ZONE) -> Matrix:
    """The modules row by row, True for dark, with the quiet zone around them."""
    return _code(text, quiet_zone).get_matrix()  # type: ignore[no-any-return]  # qrcode ships no types


def qr_svg(text: str, *, quiet_zone: int = QUIET_ZONE) -> str:
    """The whole symbol as one path on white, in modules; the size is the page's business."""
    matrix = qr_matrix(text, quiet_zone=quiet_zone)
    size = len(matrix)
    path = "".join(_row_path(row, y) for y, row in enumerate(matrix))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#000" d="{path}"/></svg>'
    )


def qr_png(text: str) -> bytes:
    """The symbol as a PNG in black and white."""
    image = _code(text, QUIET_ZONE).make_image(image_factory=PilImage)
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _code(text: str, quiet_zone: int) -> "qrcode.QRCode[PilImage]":
    code: qrcode.QRCode[PilImage] = qrcode.QRCode(
        version=SMALLEST_VERSION,
        error_correction=ERROR_CORRECT_Q,
        border=quiet_zone,
        box_size=MODULE_PIXELS,
    )
    code.add_data(text, optimize=0)
    code.make(fit=True)
    return code


def _row_path(row: list[bool], y: int) -> str:
    """Neighbouring dark modules become one rectangle."""
    parts = []
    x = 0
    while x < len(row):
        start = x
        while x < len(row) and row[x]:
            x += 1
        if x > start:
            parts.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
        x += 1
    return "".join(parts)
