"""Mail kept in files instead of sent: how a portal without a mail server lets its letters be read."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

from django.conf import settings

FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
# Django's file backend ends each message with this line.
END_OF_MESSAGE = b"-" * 79 + b"\n"
SUFFIX = ".log"
# On whose behalf a letter was written; the portal's own letters (a forgotten password) have none.
COMPANY_HEADER = "X-CIaO-Company"


@dataclass(frozen=True, slots=True)
class Letter:
    """One kept message: the file's name without its suffix and the place in the file (0 is the first)."""

    name: str
    number: int
    subject: str
    company: str
    recipients: tuple[str, ...]
    sent_at: datetime | None
    text: str


def is_file_based() -> bool:
    """True when mail is kept in files."""
    return settings.EMAIL_BACKEND == FILE_BACKEND


def letters_of(*, company: str, people: set[str], invited: set[str]) -> list[Letter]:
    """What one company (its id) may read, newest first; addresses in lower case.

    `people` work for this company alone, `invited` hold an open invitation of it. The portal's own letters
    are shown when every recipient is among `people`; a letter on behalf of a company to that company only,
    for a stranger may have been invited by several.
    """
    if not is_file_based():
        return []
    readable = {company: people | invited, "": people}
    letters = [letter for path in _files() for letter in _letters_in(path)]
    own = [
        letter
        for letter in letters
        if letter.recipients and set(letter.recipients) <= readable.get(letter.company, set())
    ]
    return own[::-1]


def _files() -> list[Path]:
    folder = Path(settings.EMAIL_FILE_PATH)
    files = folder.glob(f"*{SUFFIX}") if folder.is_dir() else ()
    # By when they were written: the names tell the second only, and end with something arbitrary.
    return sorted(files, key=lambda path: (path.stat().st_mtime_ns, path.name))


def _letters_in(path: Path) -> Iterator[Letter]:
    pieces = path.read_bytes().split(END_OF_MESSAGE)
    for number, piece in enumerate(piece for piece in pieces if piece.strip()):
        parsed = email.message_from_bytes(piece.lstrip(b"\n"), policy=email.policy.default)
        yield _letter(path.stem, number, parsed)


def _letter(name: str, number: int, message: EmailMessage) -> Letter:
    body = message.get_body(preferencelist=("plain",))
    # Names beside the addresses are left out: the address decides who may read the letter.
    recipients = getaddresses([*message.get_all("To", []), *message.get_all("Cc", [])])
    return Letter(
        name=name,
        number=number,
        subject=str(message.get("Subject", "")),
        company=str(message.get(COMPANY_HEADER, "")),
        recipients=tuple(address.lower() for _name, address in recipients),
        sent_at=message["Date"].datetime if message["Date"] else None,
        text=body.get_content() if body else "",
    )
