"""What the pages that ask for a period share: quick choices, and the parts of a period that is too long."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import LONGEST_WINDOW, brussels_day, day_label, days_inclusive
from ciao_portal.errors import DomainError
from ciao_portal.views.base import portal
from registrations.exports.forms import PART, PeriodForm, part_value
from registrations.exports.services import SELECTABLE
from registrations.models import Report
from registrations.rules.windows import Window, last_month, longest_until, this_month

# What a link may have chosen beside the days.
KEPT = (*SELECTABLE, "paper", "subject")


def period_context(request: HttpRequest, form: PeriodForm, *, now: Any) -> dict[str, Any]:
    """What `exports/_quick_choices.html` and `exports/_parts.html` show beside the form."""
    today = brussels_day(now)
    choices = (
        (_("This month"), this_month(today)),
        (_("Last month"), last_month(today)),
        (_("The last %(count)s days") % {"count": LONGEST_WINDOW}, longest_until(today)),
    )
    return {
        "quick_choices": [_choice(request, words, window, form) for words, window in choices],
        "part_name": PART,
        "parts": [{"value": part_value(window), "label": _part_words(window)} for window in form.parts()],
    }


def asked_for(
    request: HttpRequest, form: PeriodForm, ask: Callable[..., Report], *, now: Any
) -> Report | None:
    """The report a valid form asks for, else None; when it is refused the form says why."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return ask(company=portal(request).company, user=portal(request).user, now=now, **form.cleaned_data)
    except DomainError as error:
        form.refuse(error)
        return None


def _choice(request: HttpRequest, words: Any, window: Window, form: PeriodForm) -> dict[str, Any]:
    # What was chosen beside the days stays.
    others = {name: value for name, value in request.GET.items() if name in KEPT}
    days = {"first_day": window.first.isoformat(), "last_day": window.last.isoformat()}
    shown = (form.initial.get("first_day"), form.initial.get("last_day"))
    return {
        "url": f"?{urlencode({**others, **days})}",
        "label": words,
        "is_chosen": not form.is_bound and shown == (window.first, window.last),
    }


def _part_words(window: Window) -> str:
    return gettext("%(first)s to %(last)s (%(count)s days)") % {
        "first": day_label(window.first),
        "last": day_label(window.last),
        "count": days_inclusive(window.first, window.last),
    }
