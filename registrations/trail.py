"""What audit events about work are about: workers, phones, registrations, exports, reports, outages."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from ciao_portal.days import brussels_day, day_label, moment_label
from ciao_portal.models import Company
from ciao_portal.trail import Finder, Subject
from registrations.corrections.querysets import corrections_visible_to
from registrations.models import (
    Agreement,
    Badge,
    ChainReminder,
    CorrectionSettings,
    DeadlineCalendar,
    Device,
    EmergencyProcedure,
    Employment,
    ErrorReport,
    Export,
    Outage,
    PairingCode,
    PairingLink,
    RemarkReminder,
    Report,
    StatusAddress,
    Terminal,
)
from registrations.querysets import names_of, registrations_visible_to


def employments(company: Company, ids: set[str]) -> dict[str, Subject]:
    found = Employment.objects.filter(company=company, pk__in=ids)
    return {
        str(one.pk): Subject(str(one), reverse("registrations:worker-detail", args=[one.pk])) for one in found
    }


def pairing_links(company: Company, ids: set[str]) -> dict[str, Subject]:
    return _of_people(company, PairingLink.objects.filter(company=company, pk__in=ids))


def pairing_codes(company: Company, ids: set[str]) -> dict[str, Subject]:
    return _of_people(company, PairingCode.objects.filter(company=company, pk__in=ids))


def cards(company: Company, ids: set[str]) -> dict[str, Subject]:
    return _of_people(company, Badge.objects.filter(company=company, pk__in=ids))


def devices(company: Company, ids: set[str]) -> dict[str, Subject]:
    # Phones belong to people; the company's own workers give the names, and nobody else is named.
    return _of_people(company, Device.objects.filter(pk__in=ids))


def registrations(company: Company, ids: set[str]) -> dict[str, Subject]:
    return {
        str(one.pk): Subject(
            moment_label(one.happened_at), reverse("registrations:registration-detail", args=[one.pk])
        )
        for one in registrations_visible_to(company).filter(pk__in=ids)
    }


def agreements(company: Company, ids: set[str]) -> dict[str, Subject]:
    return _of_people(company, Agreement.objects.filter(company=company, pk__in=ids))


def errors(company: Company, ids: set[str]) -> dict[str, Subject]:
    return {
        str(one.pk): Subject(day_label(one.day), reverse("registrations:error-detail", args=[one.pk]))
        for one in ErrorReport.objects.filter(company=company, pk__in=ids)
    }


def corrections(company: Company, ids: set[str]) -> dict[str, Subject]:
    return {
        str(one.pk): Subject(
            str(one.get_error_display()), reverse("registrations:correction-detail", args=[one.pk])
        )
        for one in corrections_visible_to(company).filter(pk__in=ids)
    }


def correction_settings(company: Company, ids: set[str]) -> dict[str, Subject]:
    page = reverse("registrations:correction-settings")
    found = CorrectionSettings.objects.filter(company=company, pk__in=ids)
    return {str(one.pk): Subject(str(company), page) for one in found}


def exports(company: Company, ids: set[str]) -> dict[str, Subject]:
    return _of_periods(Export.objects.filter(company=company, pk__in=ids))


def reports(company: Company, ids: set[str]) -> dict[str, Subject]:
    return _of_periods(Report.objects.filter(company=company, pk__in=ids))


def outages(company: Company, ids: set[str]) -> dict[str, Subject]:
    return {
        str(one.pk): Subject(
            moment_label(one.started_at), reverse("registrations:outage-detail", args=[one.pk])
        )
        for one in Outage.objects.filter(company=company, pk__in=ids)
    }


def procedures(company: Company, ids: set[str]) -> dict[str, Subject]:
    address = reverse("registrations:emergency")
    return {
        str(one.pk): Subject(str(one), address)
        for one in EmergencyProcedure.objects.filter(company=company, pk__in=ids)
    }


def _of_people(company: Company, rows: Iterable[Any]) -> dict[str, Subject]:
    person_of: Mapping[str, UUID] = {str(row.pk): row.person_id for row in rows}
    names = names_of(set(person_of.values()), company=company, day=brussels_day(timezone.now()))
    return {pk: Subject(names[person]) for pk, person in person_of.items() if person in names}


def _of_periods(rows: Iterable[Any]) -> dict[str, Subject]:
    return {str(row.pk): Subject(f"{day_label(row.first_day)} – {day_label(row.last_day)}") for row in rows}


def status_addresses(company: Company, ids: set[str]) -> dict[str, Subject]:
    found = StatusAddress.objects.filter(company=company, pk__in=ids)
    page = reverse("registrations:nsso-traffic")
    return {str(one.pk): Subject(moment_label(one.created_at), page) for one in found}


def deadline_calendars(company: Company, ids: set[str]) -> dict[str, Subject]:
    found = DeadlineCalendar.objects.filter(company=company, pk__in=ids).select_related("user")
    return {str(one.pk): Subject(str(one.user)) for one in found}


def terminals(company: Company, ids: set[str]) -> dict[str, Subject]:
    page = reverse("registrations:tablet-list")
    return {
        str(one.pk): Subject(one.name, page) for one in Terminal.objects.filter(company=company, pk__in=ids)
    }


def remark_reminders(company: Company, ids: set[str]) -> dict[str, Subject]:
    found = RemarkReminder.objects.filter(company=company, pk__in=ids).select_related("subject")
    return {
        str(one.pk): Subject(str(one.subject), reverse("registrations:remark-reminder", args=[one.pk]))
        for one in found
    }


def reminders(company: Company, ids: set[str]) -> dict[str, Subject]:
    found = ChainReminder.objects.filter(company=company, pk__in=ids).select_related("subject", "declaration")
    return {str(one.pk): Subject(str(one), reverse("registrations:reminder", args=[one.pk])) for one in found}


FINDERS: dict[str, Finder] = {
    "registrations.chainreminder": reminders,
    "registrations.employment": employments,
    "registrations.pairinglink": pairing_links,
    "registrations.pairingcode": pairing_codes,
    "registrations.badge": cards,
    "registrations.device": devices,
    "registrations.registration": registrations,
    "registrations.agreement": agreements,
    "registrations.errorreport": errors,
    "registrations.correction": corrections,
    "registrations.correctionsettings": correction_settings,
    "registrations.remarkreminder": remark_reminders,
    "registrations.export": exports,
    "registrations.report": reports,
    "registrations.deadlinecalendar": deadline_calendars,
    "registrations.statusaddress": status_addresses,
    "registrations.outage": outages,
    "registrations.emergencyprocedure": procedures,
    "registrations.terminal": terminals,
}
