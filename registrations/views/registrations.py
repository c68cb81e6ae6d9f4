"""All registrations a company may see, and the journey of one."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from ciao_portal.errors import DomainError
from ciao_portal.permissions import Permission, requires
from ciao_portal.prepared import KEYS, VIEWER, Among, Prepared
from ciao_portal.tenancy import unscoped
from ciao_portal.views.base import actor_of, portal, say
from ciao_portal.web.bulk import BulkAction, ticked
from ciao_portal.web.lists import Empty, back_to_list
from registrations.filters import RegistrationFilter
from registrations.models import Registration, Statement
from registrations.models.nsso import SubmissionState
from registrations.models.registrations import StatementKind
from registrations.querysets import registration_sources, registrations_visible_to
from registrations.services.releasing import release_all_held, release_held
from registrations.tables import RegistrationTable
from registrations.views.base import NamedListView
from registrations.views.registration_page import registration_page

# What `RegistrationTable` shows, and no more: a page has forty rows of six models.
_SHOWN = (
    "happened_at",
    "received_at",
    "kind",
    "means",
    "flags",
    "person__ssin_ciphertext",
    "employer__name",
    "employer__enterprise_number",
    "employer__foreign_vat_number",
    "declaration__title",
    "workplace__name",
    "submission__state",
    "submission__nsso_id",
    "submission__validity",
)
_ROWS = Prepared(
    lambda: (
        registrations_visible_to(VIEWER)
        .filter(Among("pk", KEYS))
        .order_by()
        .select_related("person", "employer", "declaration", "workplace", "submission")
        .only(*_SHOWN)
        .annotate(
            is_denied=Exists(Statement.objects.filter(kind=StatementKind.NOT_ME, registration=OuterRef("pk")))
        )
    )
)


class RegistrationList(NamedListView):
    permission = Permission.VIEW
    table_class = RegistrationTable
    filterset_class = RegistrationFilter
    title = _("Registrations")
    empty = Empty(
        _("No registrations yet"),
        _("They appear here seconds after somebody taps on a phone at one of your workplaces."),
    )
    csv_way_out = _("Narrow it with the filters, or make an export of up to 100 days.")
    bulk = (
        BulkAction(
            "registrations:registrations-release", _("Release to the NSSO"), Permission.RELEASE, icon="nsso"
        ),
    )

    def get_sources(self) -> list[QuerySet[Registration]]:
        company = portal(self.request).company
        if cast(RegistrationFilter, self.filterset).starts_elsewhere:
            return [registrations_visible_to(company)]
        return registration_sources(company, self.offered.members_below)

    def load_rows(self, keys: list[UUID]) -> list[Registration]:
        with unscoped(reason="of these keys, what the company may see"):
            return list(_ROWS.all(viewer=portal(self.request).company.pk, keys=keys))

    def can_tick(self, record: Registration) -> bool:
        """Only what is held can be released."""
        submission = getattr(record, "submission", None)
        return submission is not None and submission.state == SubmissionState.HELD


@requires(Permission.VIEW)
@require_GET
def registration_detail(request: HttpRequest, registration: UUID) -> HttpResponse:
    """The registration, its journey to the NSSO, remarks and statements."""
    return registration_page(request, _visible(request, registration))


@requires(Permission.RELEASE)
@require_POST
def registration_release(request: HttpRequest, registration: UUID) -> HttpResponse:
    """Let a held registration travel to the NSSO."""
    row = _visible(request, registration)
    try:
        release_held(registration=row, actor=actor_of(request), now=timezone.now())
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        say(request, gettext("The registration is on its way to the NSSO."))
    return redirect("registrations:registration-detail", row.pk)


@requires(Permission.RELEASE)
@require_POST
def registrations_release(request: HttpRequest) -> HttpResponse:
    """Let the ticked registrations travel to the NSSO; what is no longer held is passed over."""
    rows = registrations_visible_to(portal(request).company).filter(pk__in=ticked(request))
    released = release_all_held(registrations=list(rows), actor=actor_of(request), now=timezone.now())
    if released:
        words = ngettext(
            "%(count)s registration is on its way to the NSSO.",
            "%(count)s registrations are on their way to the NSSO.",
            released,
        )
        say(request, words % {"count": released})
    else:
        messages.warning(request, gettext("None of the ticked registrations is held."))
    return back_to_list(request, reverse("registrations:registration-list"))


def _visible(request: HttpRequest, registration: UUID) -> Registration:
    """What the company may not see is not found."""
    rows = registrations_visible_to(portal(request).company).select_related(
        "person", "employer", "declaration", "workplace", "point", "device", "submission", "place"
    )
    return get_object_or_404(rows, pk=registration)
