"""The workers a page is about. The manager is scoped: a stranger's are not found."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from ciao_portal.web.bulk import ticked
from registrations.models import Employment


def own_worker(worker: UUID) -> Employment:
    """One of the company's own, with person, company and agency; else 404."""
    return get_object_or_404(Employment.objects.select_related("person", "company", "agency"), pk=worker)


def ticked_workers(request: HttpRequest) -> list[Employment]:
    """Those that were ticked in the list, with person and company."""
    return list(Employment.objects.filter(pk__in=ticked(request)).select_related("person", "company"))
