"""The page of one request for a correction."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.models import Company
from ciao_portal.permissions import Permission
from ciao_portal.views.base import may, portal
from registrations import cells
from registrations.corrections.acts import Act
from registrations.corrections.forms import BundleForm, EvidenceForm
from registrations.corrections.journey import journey_of
from registrations.corrections.querysets import evidence_of
from registrations.corrections.states import APPROVED, DRAFT, LATE, READY, SENT, SOLVED
from registrations.corrections.wording import (
    BADGES,
    REASONS,
    solved_words,
    still_possible_words,
    used_words,
    value_words,
)
from registrations.models import Correction, CorrectionState
from registrations.naming import PeopleNames
from registrations.remarks import known_meaning
from registrations.rules.corrections import Error, may_claim, needs_agreement, still_possible
from registrations.rules.deadlines import days_left
from registrations.services.correction_owners import can_be_offered_to
from registrations.services.correction_settings import has_four_eyes
from registrations.services.corrections import (
    acts_of,
    employer_exists,
    may_change_hands,
    may_still_change,
)
from registrations.wording import kind_badge

Facts = list[dict[str, object]]


def correction_page(
    request: HttpRequest, row: Correction, evidence_form: EvidenceForm | None = None
) -> HttpResponse:
    """`row` is visible to the company, with its companies and people fetched.

    `evidence_form`: the one that was refused, shown with its words.
    """
    company, today = portal(request).company, brussels_day(timezone.now())
    acts = acts_of(row)
    names = names_of_companies(company, {firm for firm in (row.employer, row.partner, row.owner) if firm})
    look = BADGES[CorrectionState(row.state)]
    is_owner = row.owner == company
    context = {
        "correction": row,
        "title": row.get_error_display(),
        "lead": _lead(acts),
        "back": {"url": reverse("registrations:correction-list"), "label": _("Corrections")},
        "state": {"signal": look.signal, "icon": look.icon, "label": look.words},
        "days": days_left(row.last_day, today),
        "is_waiting_for_us": row.sent_on is None and row.closed_at is None,
        "actions": _actions(request, row),
        "facts": _facts(row, names),
        "is_owner": is_owner,
        "owner_name": names[row.owner],
        "employer_name": names[row.employer],
        "is_offered_to_us": row.offered_to == company,
        "offered_name": names.get(row.offered_to, "") if row.offered_to else "",
        "asks_agreement": is_owner
        and row.sent_on is None
        and needs_agreement(row.parties, employer_exists=employer_exists(row)),
        "waits_for_second": row.state == READY and is_owner and has_four_eyes(company),
        "is_prepared_by_me": row.prepared_by == portal(request).user,
        "possible": still_possible_words(still_possible(row.last_day, today)),
        "is_late": row.state == LATE,
        "may_still_change": may_still_change(row),
        "solved": solved_words(row) if row.state == SOLVED and not row.outcome else "",
        "rows": registration_rows(acts, company, Error(row.error)),
        "steps": journey_of(row, viewer=company, names=names),
        "may_correct": may(request, Permission.CORRECT),
        "may_reveal": may(request, Permission.REVEAL_NUMBERS),
        "bundle_form": BundleForm(),
        "evidence": _evidence_rows(row, company),
        "evidence_form": evidence_form or EvidenceForm(),
        "may_add": is_owner and (may_still_change(row) or row.state in (SENT, LATE)),
    }
    return render(request, "registrations/correction_detail.html", context)


def registration_rows(acts: Sequence[Act], company: Company, error: Error) -> list[dict[str, object]]:
    """Each act as a line of a page: who, when, what was sent, which remark."""
    people = PeopleNames.of((act.person for act in acts), company=company, day=brussels_day(timezone.now()))
    return [
        {
            "kind": kind_badge(act.kind),
            "worker": people[act.person],
            "at": cells.moment(act.at),
            "place": act.workplace.name if act.workplace else gettext("registered elsewhere"),
            "url": reverse("registrations:registration-detail", args=[act.registration.pk])
            if act.registration
            else "",
            "nsso_id": act.nsso_id,
            "used": value_words(error, act.used(error)),
            "remark": meaning.words if (meaning := known_meaning(act.code)) else act.code,
        }
        for act in acts
    ]


def _evidence_rows(row: Correction, company: Company) -> list[dict[str, object]]:
    return [
        {
            "key": one.pk,
            "title": one.paper.title,
            "kind": one.get_kind_display(),
            "size": filesizeformat(one.paper.size),
            "added": cells.moment(one.paper.added_at),
            "sha256": one.paper.sha256,
        }
        for one in evidence_of(row, viewer=company)
    ]


def _lead(acts: Sequence[Act]) -> str:
    from_, to = min(act.day for act in acts), max(act.day for act in acts)
    if from_ == to:
        return gettext("Registered on %(day)s") % {"day": cells.full_day(from_)}
    words = gettext("Registered from %(first)s to %(last)s")
    return words % {"first": cells.full_day(from_), "last": cells.full_day(to)}


def _facts(row: Correction, names: dict[Company, str]) -> Facts:
    reason = REASONS.get(row.reason, "")
    used = [line.used for line in row.lines.all()]
    why: Facts = [{"label": _("Why this number"), "value": reason, "wide": True}] if reason else []
    return [
        {"label": _("Number that was sent"), "value": used_words(row.error, used), "number": True},
        {"label": _("Right number"), "value": value_words(row.error, row.right_value), "number": True},
        {"label": _("Last day for a request"), "value": cells.full_day(row.last_day)},
        {"label": _("Registered for"), "value": names[row.employer]},
        {"label": _("In hand of"), "value": names[row.owner]},
        {"label": _("Other company that sees it"), "value": _other(row, names)},
        *why,
        *_sent(row),
    ]


def _other(row: Correction, names: dict[Company, str]) -> str:
    other = row.partner if row.owner == row.employer else row.employer
    return names[other] if other else gettext("none")


def _sent(row: Correction) -> Facts:
    if row.sent_on is None:
        return []
    return [
        {"label": _("Sent on"), "value": cells.full_day(row.sent_on)},
        {"label": _("Reference"), "value": row.sent_reference, "number": True},
    ]


def _actions(request: HttpRequest, row: Correction) -> list[dict[str, Any]]:
    """What this person can do now, the next step first."""
    if not may(request, Permission.CORRECT):
        return []
    company = portal(request).company
    if row.owner != company:
        return _as_other(row, company)
    return [*_next(request, row), *_besides(row)]


def _as_other(row: Correction, company: Company) -> list[dict[str, Any]]:
    if not may_change_hands(row):
        return []
    actions = []
    if may_claim(row.parties, company.pk):
        actions.append(_post(row, "claim", _("Take it over"), "check", primary=True))
    if row.offered_to == company:
        actions.append(_post(row, "offer-end", _("Decline"), "close"))
    return actions


def _next(request: HttpRequest, row: Correction) -> list[dict[str, Any]]:
    sent = _link(row, "sent", _("Note that it was sent"), "mail", primary=True)
    if row.state == DRAFT:
        return [_post(row, "ready", _("It is ready"), "check", primary=True)] if row.right_value else []
    if row.state == READY and has_four_eyes(row.owner):
        is_other = row.prepared_by != portal(request).user
        return [_post(row, "approve", _("Approve"), "check", primary=True)] if is_other else []
    if row.state in (READY, APPROVED, LATE):
        return [sent]
    return [_link(row, "outcome", _("Note the outcome"), "nsso", primary=True)] if row.state == SENT else []


def _besides(row: Correction) -> list[dict[str, Any]]:
    actions = []
    if may_still_change(row):
        actions.append(_link(row, "edit", _("Change"), "edit", primary=not row.right_value))
    if may_change_hands(row):
        if row.offered_to is not None:
            actions.append(_post(row, "offer-end", _("Take the offer back"), "close"))
        elif can_be_offered_to(row).exists():
            actions.append(_link(row, "offer", _("Offer it"), "company"))
    if row.is_open:
        actions.append(_link(row, "withdraw", _("Withdraw"), "remove"))
    return actions


def _link(row: Correction, deed: str, label: Any, icon: str, *, primary: bool = False) -> dict[str, Any]:
    url = reverse(f"registrations:correction-{deed}", args=[row.pk])
    return {"url": url, "label": label, "icon": icon, "primary": primary}


def _post(row: Correction, deed: str, label: Any, icon: str, *, primary: bool = False) -> dict[str, Any]:
    return _link(row, deed, label, icon, primary=primary) | {"post": True}
