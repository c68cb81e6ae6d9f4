"""Files that people hand in: looked at before they are kept, then private and encrypted.

What is kept of them: a title without national numbers, the type their content shows, size and SHA-256.
"""

import shlex
import subprocess
from datetime import datetime
from hashlib import sha256
from pathlib import PurePath
from typing import Any

import puremagic
import structlog
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit, files
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.logs import mask
from ciao_portal.models import Company, Paper

logger = structlog.stdlib.get_logger(__name__)

MOST_BYTES = 10 * 2**20
LONGEST_TITLE = 120
SCAN_S = 60
# What a file may be, by the ending of its name; the content must show the same.
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".heic": "image/heif",
    ".heif": "image/heif",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# For the file field of a form.
ACCEPTED = ",".join(MEDIA_TYPES)


@transaction.atomic
def keep_paper(*, company: Company, upload: "UploadedFile[Any]", actor: Actor, now: datetime) -> Paper:
    """Keep a file for the company, after a look at size, type and (`VIRUS_SCAN_COMMAND`) content.

    Raises DomainError `paper.empty`, `paper.large`, `paper.type`, `paper.infected`, `paper.unscanned`, all on
    the field `file`.
    """
    if (upload.size or 0) > MOST_BYTES:
        raise DomainError(
            "paper.large",
            _("This file is too large: at most %(most)s MB. Photograph or scan it with a lower quality."),
            field="file",
            params={"most": MOST_BYTES // 2**20},
        )
    content = upload.read()
    media_type = _media_type(upload.name or "", content)
    _scan(content)
    paper = Paper(
        company=company,
        title=_title(upload.name or ""),
        media_type=media_type,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        file_name=files.new_name(),
        added_by=actor.user,
        added_at=now,
    )
    # First the file: a row without one would promise what is not there.
    files.keep(paper.file_name, content)
    paper.save(force_insert=True)
    audit.record("paper.added", paper, actor=actor, now=now, payload={"sha256": paper.sha256})
    return paper


@transaction.atomic
def open_paper(paper: Paper, *, actor: Actor, now: datetime) -> bytes:
    """The content, for who may read what the paper belongs to; who opened it is recorded.

    Raises Http404 when the file is gone; the log tells whoever runs the portal, who may have it in a backup.
    """
    try:
        content = files.read(paper.file_name)
    except FileNotFoundError:
        logger.error("paper file is missing", paper=str(paper.pk))
        raise Http404 from None
    audit.record("paper.opened", paper, actor=actor, now=now)
    return content


def paper_response(paper: Paper, content: bytes) -> HttpResponse:
    """The file to save under its title; a browser never runs or shows it as one of our pages."""
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=paper.title) or "",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=paper.media_type, headers=headers)


def _title(name: str) -> str:
    path = PurePath(name)
    return mask(path.stem)[: LONGEST_TITLE - len(path.suffix)] + path.suffix.lower()


def _media_type(name: str, content: bytes) -> str:
    """What the content is. Raises DomainError `paper.empty`, `paper.type`."""
    if not content:
        raise DomainError("paper.empty", _("This file is empty. Choose it once more."), field="file")
    wanted = MEDIA_TYPES.get(PurePath(name).suffix.lower())
    try:
        shown = {match.mime_type for match in puremagic.magic_string(content, filename=name)}
    except puremagic.PureError:
        shown = set()
    if wanted is None or wanted not in shown:
        raise DomainError(
            "paper.type",
            _("Files of this kind are not kept here. Choose a PDF, a photo, or a Word or Excel file."),
            field="file",
        )
    return wanted


def _scan(content: bytes) -> None:
    """Ask the operator's scanner, if there is one: exit code 0 clean, 1 infected, anything else no answer.

    Raises DomainError `paper.infected`, `paper.unscanned`.
    """
    command = shlex.split(settings.VIRUS_SCAN_COMMAND)
    if not command:
        return
    try:
        code = subprocess.run(  # noqa: S603  # the operator named the program
            command, input=content, capture_output=True, timeout=SCAN_S, check=False
        ).returncode
    except (OSError, subprocess.TimeoutExpired) as error:
        logger.error("The virus scanner does not answer", kind=type(error).__name__)
        code = -1
    if code == 1:
        raise DomainError(
            "paper.infected",
            _("The virus scanner found something in this file, so it was not kept."),
            field="file",
        )
    if code:
        raise DomainError(
            "paper.unscanned",
            _("This file cannot be checked for viruses at the moment, so it was not kept. Try again later."),
            field="file",
        )
