"""The list of declarations."""

from typing import cast

from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from ciao_portal.permissions import Permission
from ciao_portal.web.lists import Empty, PortalListView
from declarations.filters import DeclarationFilter
from declarations.models import Declaration
from declarations.querysets import listed_for
from declarations.tables import DeclarationTable


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

    def get_queryset(self) -> QuerySet[Declaration]:
        return listed_for(self.request.company)
