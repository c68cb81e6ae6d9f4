"""The lists of declarations, workplaces and companies."""

from typing import cast

from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import brussels_day
from ciao_portal.models import Company
from ciao_portal.permissions import Permission
from ciao_portal.web.bulk import BulkAction
from ciao_portal.web.lists import Empty, PortalListView
from declarations.filters import CompanyFilter, DeclarationFilter, WorkplaceFilter
from declarations.models import Declaration, Workplace
from declarations.querysets import companies_listed_for, listed_for, workplaces_listed_for
from declarations.tables import CompanyTable, DeclarationTable, WorkplaceTable


class DeclarationList(PortalListView):
    """Own declarations and those in whose chain the company stands."""

    permission = Permission.VIEW
    table_class = DeclarationTable
    filterset_class = DeclarationFilter
    title = _("Declarations of works")
    action = ("declarations:new", _("Declare work"), Permission.DECLARE)
    empty = Empty(
        _("No declarations of works yet"),
        _(
            "A declaration of works gives every workplace its code. Print the poster, hang it up, and people "
            "can register. Works in which you are a subcontractor appear here by themselves."
        ),
        cast(str, reverse_lazy("declarations:new")),
        _("Declare work"),
    )

    bulk = (
        BulkAction(
            "declarations:posters",
            _("Print the posters"),
            Permission.DECLARE,
            icon="poster",
            opens_document=True,
        ),
    )

    def get_queryset(self) -> QuerySet[Declaration]:
        return listed_for(self.request.company, today=brussels_day(timezone.now()))


class WorkplaceList(PortalListView):
    """Own workplaces and those of works in whose chain the company stands."""

    permission = Permission.VIEW
    table_class = WorkplaceTable
    filterset_class = WorkplaceFilter
    title = _("Workplaces")
    empty = Empty(
        _("No workplaces yet"),
        _("They come with the works: declare work and say where it is done."),
        cast(str, reverse_lazy("declarations:new")),
        _("Declare work"),
    )

    def get_queryset(self) -> QuerySet[Workplace]:
        return workplaces_listed_for(self.request.company)


class CompanyList(PortalListView):
    """The other firms of one's chains, as one knows them."""

    permission = Permission.VIEW
    table_class = CompanyTable
    filterset_class = CompanyFilter
    title = _("Companies")
    empty = Empty(
        _("No other companies yet"),
        _("Subcontractors appear here once they stand in the chain of a declaration."),
        cast(str, reverse_lazy("declarations:list")),
        _("To the declarations"),
    )

    def get_queryset(self) -> QuerySet[Company]:
        return companies_listed_for(self.request.company)
