"""The one way from HTML to PDF. The engine may read our own static files by name, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpResponse

# Our own scheme: an address in it is the name of a static file.
STATIC_SCHEME = "portal-static:"
# The archive form that may carry attachments (ISO 19005-3).
ARCHIVE = "pdf/a-3b"


class PdfError(Exception):
    """The document asked for something it may not have, or that is missing among our static files."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside the PDF."""

    name: str
    description: str
    content: bytes


def pdf_from(html: str, *, variant: str | None = None, attached: Sequence[Attached] = ()) -> bytes:
    """The document as PDF. Raises PdfError."""
    # Imported here and not above: the engine takes some 50 MB, which every web process would carry.
    from weasyprint import HTML, Attachment  # noqa: PLC0415
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class StaticFilesOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        """Refuses every address but our own static files: names typed by people end up in documents."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:  # noqa: ARG002
            path = _static_file(url)
            if path is None:
                raise FatalURLFetchingError(f"A document may not fetch {url!r}")
            content_type = "text/css" if path.suffix == ".css" else "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type})

    attachments = [
        Attachment(string=one.content, name=one.name, description=one.description, relationship="Source")
        for one in attached
    ]
    document = HTML(string=html, base_url=STATIC_SCHEME, url_fetcher=StaticFilesOnly())
    try:
        content: bytes = document.write_pdf(attachments=attachments, pdf_variant=variant)
    except FatalURLFetchingError as error:
        # The engine's own is no Exception but a BaseException: it would end the process.
        raise PdfError(str(error)) from None
    return content


def pdf_response(
    content: bytes, file_name: str, *, disposition: Literal["inline", "attachment"] = "inline"
) -> HttpResponse:
    """The PDF as an answer, shown in the browser unless it is to be attached."""
    headers = {"Content-Disposition": f'{disposition}; filename="{file_name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _static_file(url: str) -> Path | None:
    """Our own static file behind an address of our own scheme, None for everything else."""
    if not url.startswith(STATIC_SCHEME):
        return None
    try:
        found = finders.find(url.removeprefix(STATIC_SCHEME))
    except SuspiciousFileOperation:
        return None
    return Path(found) if found else None
