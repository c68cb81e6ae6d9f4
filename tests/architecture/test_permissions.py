"""Every view says what it needs, and the middleware serves none that does not."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from ciao_portal.middleware import PHONE_PREFIXES, SELF_GUARDED_MODULES, CompanyMiddleware
from ciao_portal.models import Role
from ciao_portal.permissions import ROLE_PERMISSIONS, Permission, permission_of
from tests.architecture.addresses import all_patterns

# Pages that ask nobody who they are, beside the cleaners' own.
OPEN_TO_ALL = {"set_language", "health", "dashboard", "invitation"}


def test_every_view_has_a_permission_or_guards_itself() -> None:
    without = {name: view.__module__ for name, _route, view in all_patterns() if permission_of(view) is None}
    assert without
    assert {name for name, module in without.items() if not module.startswith(SELF_GUARDED_MODULES)} == set()


def test_only_listed_pages_are_open_to_anyone() -> None:
    found = {
        name
        for name, route, view in all_patterns()
        if permission_of(view) is Permission.ANYONE and not f"/{route}".startswith(PHONE_PREFIXES)
    }
    assert found == OPEN_TO_ALL


def test_cleaners_pages_are_open_because_no_company_is_looked_up_for_them() -> None:
    phone = [view for _name, route, view in all_patterns() if f"/{route}".startswith(PHONE_PREFIXES)]
    assert len(phone) >= 8
    assert {permission_of(view) for view in phone} == {Permission.ANYONE}


def test_a_view_without_a_permission_is_not_served() -> None:
    def forgotten(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    middleware = CompanyMiddleware(forgotten)
    with pytest.raises(ImproperlyConfigured, match="forgotten"):
        middleware.process_view(RequestFactory().get("/"), forgotten, (), {})


def test_an_auditor_may_only_look() -> None:
    assert ROLE_PERMISSIONS[Role.AUDITOR] == {Permission.VIEW, Permission.VIEW_AUDIT}
    assert set(ROLE_PERMISSIONS) == set(Role)
