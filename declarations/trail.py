"""What audit events about works are about: declarations, clients, workplaces, places in the chain."""

from django.urls import reverse

from ciao_portal.models import Company
from ciao_portal.trail import Finder, Subject
from declarations.models import Assessment, Client, Subcontract, Workplace
from declarations.querysets import declarations_visible_to


def declarations(company: Company, ids: set[str]) -> dict[str, Subject]:
    found = declarations_visible_to(company).filter(pk__in=ids)
    return {str(one.pk): Subject(str(one), reverse("declarations:detail", args=[one.pk])) for one in found}


def clients(company: Company, ids: set[str]) -> dict[str, Subject]:
    found = Client.objects.filter(company=company, pk__in=ids)
    return {str(one.pk): Subject(str(one)) for one in found}


def workplaces(company: Company, ids: set[str]) -> dict[str, Subject]:
    found = Workplace.objects.filter(company=company, pk__in=ids)
    return {str(one.pk): Subject(one.name) for one in found}


def subcontracts(company: Company, ids: set[str]) -> dict[str, Subject]:
    found = Subcontract.objects.filter(declaration__company=company, pk__in=ids)
    return {
        str(one.pk): Subject(str(one), reverse("declarations:chain", args=[one.declaration_id]))
        for one in found.select_related("company", "declaration")
    }


def assessments(company: Company, ids: set[str]) -> dict[str, Subject]:
    found = Assessment.objects.filter(company=company, pk__in=ids)
    return {
        str(one.pk): Subject(str(one), reverse("declarations:assessment", args=[one.pk])) for one in found
    }


FINDERS: dict[str, Finder] = {
    "declarations.declaration": declarations,
    "declarations.client": clients,
    "declarations.workplace": workplaces,
    "declarations.subcontract": subcontracts,
    "declarations.assessment": assessments,
}
