"""Kinds of data about registrations, and their terms."""

from django.utils.translation import gettext_lazy as _

from ciao_portal.retention import DataKind, Rows
from registrations.models import Export, Registration, RegistrationPlace, Report
from registrations.reports.services import forget


def _delete(rows: Rows) -> None:
    rows.delete()


def _delete_places(rows: Rows) -> None:
    # Straight from the table: Django would read every row first to look for others that point at it.
    rows._raw_delete(rows.db)


def _delete_reports(rows: Rows) -> None:
    for report in rows:
        forget(report)


REGISTRATIONS = DataKind(
    key="registrations",
    title=_("Registrations"),
    content=_(
        "What was registered, its journey to the NSSO, the remarks and the statements beside it. "
        "Kept, and only counted here: they are evidence for pay and for the inspection."
    ),
    model=Registration,
    moment="happened_at",
    company="employer",
)
PLACES = DataKind(
    key="places",
    title=_("Places of registrations"),
    content=_("The position of the phone or the address the worker typed, where that was agreed."),
    model=RegistrationPlace,
    moment="received_at",
    company="registration__employer",
    forget=_delete_places,
)
EXPORTS = DataKind(
    key="exports",
    title=_("Exports"),
    content=_("The notes of who exported which days. The files themselves are never kept."),
    model=Export,
    moment="requested_at",
    company="company",
    forget=_delete,
)
REPORTS = DataKind(
    key="reports",
    title=_("Reports"),
    content=_("The PDF documents, kept encrypted until then. They can be made again at any time."),
    model=Report,
    moment="requested_at",
    company="company",
    forget=_delete_reports,
)
