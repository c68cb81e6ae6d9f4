"""Whose rows a piece of code may touch.

Managers of company-owned tables raise outside a scope. A scope is opened at three doors only: the
middleware (a signed-in person's company), a task for one company (`company_scope`), and `unscoped`, whose
every use gives its reason and is listed in `tests/architecture/test_unscoped_doors.py`.
"""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from django_scopes import get_scope, scope, scopes_disabled
from django_scopes.exceptions import ScopeError

if TYPE_CHECKING:
    from ciao_portal.models import Company


def company_scope(company: "Company") -> AbstractContextManager[None]:
    """Everything inside sees the rows of this company alone."""
    return scope(company=company)  # type: ignore[no-any-return]  # django-scopes ships no types


def unscoped(*, reason: str) -> AbstractContextManager[None]:
    """Everything inside sees the rows of all companies; the reason says why that is safe here."""
    if not reason:
        raise ValueError("Crossing tenants needs a reason.")
    return scopes_disabled()  # type: ignore[no-any-return]  # django-scopes ships no types


def demand_unscoped() -> None:
    """Raises ScopeError unless the code runs inside `unscoped`."""
    if get_scope().get("_enabled", True):
        raise ScopeError("This crosses tenants: open it with unscoped(reason=…).")
