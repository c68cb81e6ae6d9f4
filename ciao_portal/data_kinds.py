"""The foundation's own kinds of data and their terms; those of registrations stand beside them."""

from django.utils.translation import gettext_lazy as _

from ciao_portal.models import AuditEvent, Invitation, Paper, SentLetter
from ciao_portal.retention import DataKind, Rows


def _forget(rows: Rows) -> None:
    rows.delete()


AUDIT = DataKind(
    key="audit",
    title=_("Audit list"),
    content=_("Who did, saw or revealed what. Holds no national numbers. Kept, and only counted here."),
    model=AuditEvent,
    moment="at",
    company="company",
)
INVITATIONS = DataKind(
    key="invitations",
    title=_("Invitations"),
    content=_("E-mail addresses of people who were invited to the company."),
    model=Invitation,
    moment="created_at",
    company="company",
    forget=_forget,
)
PAPERS = DataKind(
    key="papers",
    title=_("Files of the office"),
    content=_(
        "Contracts, agreements, evidence: what people of the company added. Kept, and only counted here."
    ),
    model=Paper,
    moment="added_at",
    company="company",
)
LETTERS = DataKind(
    key="letters",
    title=_("Proof of letters"),
    content=_("Reminders and warnings as they were sent. Kept, and only counted here."),
    model=SentLetter,
    moment="at",
    company="company",
)
