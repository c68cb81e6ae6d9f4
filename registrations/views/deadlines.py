"""How one is told of last days: the morning letter, and the calendar behind one's secret address."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from ciao_portal.days import brussels_day
from ciao_portal.languages import language_of
from ciao_portal.members import choose_digest
from ciao_portal.permissions import Permission, requires
from ciao_portal.tenancy import company_scope
from ciao_portal.views.base import actor_of, portal, say
from registrations.deadline_feed import feed_of
from registrations.services.deadline_calendars import (
    make_deadline_calendar,
    member_with,
    open_deadline_calendar,
    revoke_deadline_calendar,
)
from registrations.services.outages import TOLD_ROLES


@requires(Permission.VIEW)
@require_GET
def my_deadlines(request: HttpRequest) -> HttpResponse:
    """Whether I get the letter, and whether I have a calendar."""
    return _page(request)


@requires(Permission.VIEW)
@require_POST
def digest_choice(request: HttpRequest) -> HttpResponse:
    """Switch my letter on (`wants=1`) or off."""
    wants = request.POST.get("wants") == "1"
    choose_digest(
        membership=portal(request).membership, wants=wants, actor=actor_of(request), now=timezone.now()
    )
    say(request, gettext("You get the letter again.") if wants else gettext("You get no letter any more."))
    return redirect("registrations:my-deadlines")


@requires(Permission.VIEW)
@require_POST
def calendar_make(request: HttpRequest) -> HttpResponse:
    """Make my address, in place of the one before, and show it once."""
    secret = make_deadline_calendar(
        membership=portal(request).membership, actor=actor_of(request), now=timezone.now()
    )
    address = f"{settings.PUBLIC_URL}{reverse('deadline-calendar', args=[secret])}"
    response = _page(request, address=address)
    response["Cache-Control"] = "private, no-store"
    return response


@requires(Permission.VIEW)
@require_POST
def calendar_revoke(request: HttpRequest) -> HttpResponse:
    """Make my address useless."""
    membership = portal(request).membership
    revoke_deadline_calendar(membership=membership, actor=actor_of(request), now=timezone.now())
    say(request, gettext("The address no longer works."))
    return redirect("registrations:my-deadlines")


@requires(Permission.ANYONE)
@require_safe
def deadline_calendar(_request: HttpRequest, secret: str) -> HttpResponse:
    """Last days for whoever has the address; without a hint when it is nobody's."""
    now = timezone.now()
    member = member_with(secret, now=now)
    if member is None:
        raise Http404
    language = language_of(member.user.language, member.company.language)
    with translation.override(language), company_scope(member.company):
        content = feed_of(member, today=brussels_day(now), now=now)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _page(request: HttpRequest, *, address: str = "") -> HttpResponse:
    membership = portal(request).membership
    context = {
        "title": _("Told of last days"),
        "lead": membership.company,
        "back": {"url": reverse("settings-me"), "label": _("My settings")},
        "may_get_letter": membership.role in TOLD_ROLES,
        "wants_digest": membership.wants_digest,
        "calendar": open_deadline_calendar(membership),
        "calendar_url": address,
    }
    return render(request, "registrations/my_deadlines.html", context)
