"""Files that the tests hand in."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture_file(name: str = "letter.png") -> SimpleUploadedFile:
    """A small picture, as a phone would send it."""
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(drawn, "PNG")
    return SimpleUploadedFile(name, drawn.getvalue(), content_type="image/png")
