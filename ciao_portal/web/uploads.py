"""Uploads: nothing larger than a paper may be is kept while it is read, and the form can still say so."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from ciao_portal.papers import MOST_BYTES

# Somebody who sends that much does not fill in a form of ours: the rest is not even read.
HOPELESS_BYTES = 10 * MOST_BYTES


class TooLarge(UploadedFile):  # type: ignore[type-arg]  # generic in its stubs only
    """Stands for a file that was refused while it was read; has a size and no content."""


class CappedUpload(FileUploadHandler):
    """Stands before Django's handlers: swallows what is beyond the cap, so that they never see it.

    The other fields of the form are read all the same: what was typed is kept.
    """

    chunk_size = 64 * 2**10

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they come
        self.read_bytes = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002
        self.read_bytes += len(raw_data)
        if self.read_bytes > HOPELESS_BYTES:
            raise StopUpload(connection_reset=True)
        return raw_data if self.read_bytes <= MOST_BYTES else None

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":  # noqa: ARG002
        if self.read_bytes <= MOST_BYTES:
            return None
        return TooLarge(name=self.file_name, content_type=self.content_type, size=self.read_bytes)
