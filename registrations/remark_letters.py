"""The letter that reminds a company of remarks on its registrations.

It names no worker: their names belong to whom it goes to, and their numbers may not stand in an e-mail. Day,
place and the number at the NSSO tell that company which registration is meant.
"""

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext

from ciao_portal.languages import language_of
from ciao_portal.models import Company
from registrations import cells
from registrations.models import Remark
from registrations.remarks import Request, meaning_of
from registrations.shown_letters import ShownLetter, show

TEMPLATE = "remarks_reminder"


def reminder_letter(
    remarks: Sequence[Remark],
    *,
    company: Company,
    subject: str,
    to: str,
    note: str,
    language: str,
    sender: str,
) -> ShownLetter:
    """`subject`: whom it goes to, as the company calls it; `sender`: whom to answer.

    Remarks with `presence__registration__workplace` and `declaration` fetched.
    """
    with translation.override(language_of(language)):
        lines = [remark_line(row) for row in remarks]
    context = {"subject": subject, "lines": lines, "note": note.strip(), "sender": sender}
    return show(TEMPLATE, to=to, company=company, language=language, context=context)


def remark_line(remark: Remark) -> str:
    """`Mon 23 Nov 2026, School (number 17611 at the NSSO): No Dimona declaration for this day. …`."""
    meaning = meaning_of(remark)
    said = {
        "day": cells.full_day(remark.happened_day),
        "place": place_of(remark) or gettext("works the portal does not know"),
        "number": remark.presence.nsso_id,
        "remark": meaning.words,
        "action": meaning.action,
        "last_day": cells.full_day(remark.last_day),
    }
    if meaning.request is Request.NO:
        words = gettext("%(day)s, %(place)s (number %(number)s at the NSSO): %(remark)s. %(action)s")
    else:
        words = gettext(
            "%(day)s, %(place)s (number %(number)s at the NSSO): %(remark)s. %(action)s Last day for a "
            "request: %(last_day)s."
        )
    return words % said


def place_of(remark: Remark) -> str:
    """Where it is about: the workplace, else the works; empty when the NSSO alone knows."""
    registration = remark.presence.registration
    place = registration.workplace if registration else remark.declaration
    return str(place) if place else ""
