"""What the pages of the access to the NSSO show: its state, its facts, and the steps of a test."""

from datetime import datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.certificate_ends import Ending, ending_of
from ciao_portal.days import brussels_day, brussels_time
from ciao_portal.models import NssoCredentials
from ciao_portal.models.credentials import HeldKey
from ciao_portal.nsso.advice import ADVICE, STEP_WORDS
from ciao_portal.nsso.expiry import has_ended
from ciao_portal.nsso.probe import Report, Step

ENVIRONMENTS = {
    "simulator": _("Simulator: nothing reaches the real NSSO"),
    "simulation": _("Simulation of the NSSO"),
    "production": _("Production: real registrations"),
}


def access_state(access: NssoCredentials | None, *, now: datetime) -> dict[str, object]:
    """The badge beside the title."""
    if access is None:
        return {"signal": "wait", "label": _("Not set up"), "icon": "lock"}
    if not access.client_id:
        return {"signal": "wait", "label": _("Waiting for the client id"), "icon": "clock"}
    if access.certificate_ends_at is not None and has_ended(access.certificate_ends_at, now=now):
        return {"signal": "late", "label": _("The certificate has ended"), "icon": "error"}
    if access.tested_at and not access.has_passed_test:
        return {"signal": "late", "label": _("The last test did not pass"), "icon": "error"}
    if not access.tested_at:
        return {"signal": "info", "label": _("Set up, not tested yet"), "icon": "info"}
    return {"signal": "ok", "label": _("Set up"), "icon": "check"}


def ending_notice(access: NssoCredentials | None, *, now: datetime) -> Ending | None:
    """What to say of the certificate in use at the top of the page."""
    return ending_of(access.certificate_ends_at, now=now) if access and access.client_id else None


def access_facts(access: NssoCredentials | None) -> list[dict[str, object]]:
    """For everybody of the company."""
    return [
        {"label": _("Client id"), "value": access.client_id if access else ""},
        {"label": _("Certificate valid until"), "value": _end_day(access) if access else ""},
        {"label": _("Last test"), "value": _last_test(access) if access else ""},
        {"label": _("Environment"), "value": ENVIRONMENTS.get(settings.NSSO_ENVIRONMENT, "")},
        {"label": _("Address"), "value": settings.NSSO_BASE_URL, "wide": True},
    ]


def key_facts(held: HeldKey) -> list[dict[str, object]]:
    """For owners, of the key in use, beside `access_facts`."""
    certificate = held.certificate
    return [
        {"label": _("Made on"), "value": brussels_day(held.created_at)},
        {"label": _("Fingerprint (SHA-256)"), "value": certificate.fingerprint if certificate else ""},
    ]


def spare_facts(held: HeldKey) -> list[dict[str, object]]:
    """For owners, of the second key."""
    return [
        *key_facts(held),
        {"label": _("Certificate valid until"), "value": _end_day(held)},
        {"label": _("Last test"), "value": _last_test(held)},
    ]


def shown_report(report: Report) -> dict[str, object]:
    """The steps for `elements/timeline.html`, and what to name when one asks the NSSO for help."""
    traces = [
        {
            "label": STEP_WORDS[step.name],
            "value": ", ".join(filter(None, (step.exchange.trace_id, step.exchange.related_trace_id))),
        }
        for step in report.steps
        if step.exchange
    ]
    return {"steps": [_shown_step(step) for step in report.steps], "traces": traces}


def _shown_step(step: Step) -> dict[str, object]:
    shown: dict[str, object] = {"title": STEP_WORDS[step.name]}
    if not step.is_reached:
        return shown | {"signal": "quiet", "icon": "more", "time": gettext("not reached")}
    if step.code is not None:
        return shown | {
            "signal": "late",
            "icon": "error",
            "time": gettext("failed"),
            "detail": ADVICE[step.code],
        }
    return shown | {"signal": "ok", "icon": "check", "time": gettext("done")}


def _end_day(held: HeldKey) -> object:
    return brussels_day(held.certificate_ends_at) if held.certificate_ends_at else ""


def _last_test(held: HeldKey) -> str:
    if held.tested_at is None:
        return gettext("never")
    moment = date_format(brussels_time(held.tested_at), "DATETIME_FORMAT")
    if held.has_passed_test:
        return gettext("passed, %(moment)s") % {"moment": moment}
    return gettext("not passed, %(moment)s") % {"moment": moment}
