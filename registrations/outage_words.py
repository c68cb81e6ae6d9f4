"""How an outage reads: its reason, and what people wrote of it."""

from django.utils.translation import gettext as _

from ciao_portal.days import moment_label
from registrations.journey import outcome_words
from registrations.models import Outage, OutageNote, OutageOrigin
from registrations.nsso.attempts import REGISTER


def reason_words(outage: Outage) -> str:
    """Why, in a few words; empty for a declared one, whose note says it."""
    if outage.origin == OutageOrigin.DECLARED:
        return ""
    return outcome_words(REGISTER, outage.reason) if outage.reason else _("nothing could be sent")


def note_words(note: OutageNote) -> str:
    """`Power was back at 9 (Office, 23/11/2026 10:15)`."""
    words = {"text": note.text, "person": note.written_by or "", "moment": moment_label(note.written_at)}
    return _("%(text)s (%(person)s, %(moment)s)") % words
