"""Addresses of the office's pages about workers, registrations and remarks."""

from django.urls import path

from registrations.views import (
    exports,
    now,
    pairing_sheet,
    reconciliation,
    registrations,
    remarks,
    reports,
    traffic,
    workers,
)

urlpatterns = [
    path("workers/", workers.WorkerList.as_view(), name="worker-list"),
    path("workers/pairing-sheet/", pairing_sheet.workers_pair, name="workers-pair"),
    path("workers/new/", workers.worker_new, name="worker-new"),
    path("workers/<uuid:worker>/", workers.worker_detail, name="worker-detail"),
    path("workers/<uuid:worker>/edit/", workers.worker_edit, name="worker-edit"),
    path("workers/<uuid:worker>/number/", workers.worker_number, name="worker-number"),
    path("workers/<uuid:worker>/pair/", workers.worker_pair, name="worker-pair"),
    path("workers/<uuid:worker>/phones/<uuid:phone>/revoke/", workers.phone_revoke, name="phone-revoke"),
    path("registrations/", registrations.RegistrationList.as_view(), name="registration-list"),
    path("registrations/release/", registrations.registrations_release, name="registrations-release"),
    path("registrations/<uuid:registration>/", registrations.registration_detail, name="registration-detail"),
    path(
        "registrations/<uuid:registration>/release/",
        registrations.registration_release,
        name="registration-release",
    ),
    path(
        "registrations/reconciliation/",
        reconciliation.ReconciliationList.as_view(),
        name="reconciliation-list",
    ),
    path(
        "registrations/reconciliation/<str:day>/",
        reconciliation.reconciliation_day,
        name="reconciliation-day",
    ),
    path(
        "registrations/reconciliation/<str:day>/differences.csv",
        reconciliation.reconciliation_file,
        name="reconciliation-file",
    ),
    path("nsso/", traffic.nsso_traffic, name="nsso-traffic"),
    path("nsso/status-address/", traffic.status_address, name="status-address"),
    path("nsso/status-address/revoke/", traffic.status_address_revoke, name="status-address-revoke"),
    path("remarks/", remarks.RemarkList.as_view(), name="remark-list"),
    path("declarations/<uuid:declaration>/now/", now.declaration_now, name="declaration-now"),
    path("workplaces/<uuid:workplace>/now/", now.workplace_now, name="workplace-now"),
    path("companies/<uuid:subject>/now/", now.company_now, name="company-now"),
    path("remarks/<uuid:remark>/", remarks.remark_detail, name="remark-detail"),
    path("exports/", exports.ExportList.as_view(), name="export-list"),
    path("exports/new/", exports.export_new, name="export-new"),
    path("exports/<uuid:export>/registrations.csv", exports.export_file, name="export-file"),
    path("reports/", reports.ReportList.as_view(), name="report-list"),
    path("reports/new/", reports.report_new, name="report-new"),
    path("reports/<uuid:report>/", reports.report_detail, name="report-detail"),
    path("reports/<uuid:report>/retry/", reports.report_retry, name="report-retry"),
    path("reports/<uuid:report>/presence-report.pdf", reports.report_file, name="report-file"),
]
