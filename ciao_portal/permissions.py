"""Roles, what each may do, and the one attribute every view must carry.

A view without a permission is not served at all (`ciao_portal.middleware`): forgetting it fails loudly.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from ciao_portal.models.accounts import Role


class Permission(StrEnum):
    """What a view asks for. The first two are not granted by a role."""

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    VIEW = "view"
    REVEAL_NUMBERS = "reveal_numbers"
    DECLARE = "declare"
    MANAGE_WORKERS = "manage_workers"
    RELEASE = "release"
    CORRECT = "correct"
    DECLARE_OUTAGES = "declare_outages"
    SHARE_VIEWS = "share_views"
    MANAGE_COMPANY = "manage_company"
    VIEW_AUDIT = "view_audit"


_OFFICE = {
    Permission.VIEW,
    Permission.REVEAL_NUMBERS,
    Permission.DECLARE,
    Permission.MANAGE_WORKERS,
    Permission.RELEASE,
    Permission.CORRECT,
    Permission.DECLARE_OUTAGES,
    Permission.SHARE_VIEWS,
}
ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.OWNER: frozenset(_OFFICE | {Permission.MANAGE_COMPANY, Permission.VIEW_AUDIT}),
    Role.OFFICE: frozenset(_OFFICE),
    Role.AUDITOR: frozenset({Permission.VIEW, Permission.VIEW_AUDIT}),
}

View = TypeVar("View", bound=Callable[..., Any])


def requires(permission: Permission) -> Callable[[View], View]:
    """Mark a function view with the permission it needs; class views set the attribute `permission`."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]  # the middleware reads it back
        return view

    return mark


def permission_of(view: Callable[..., Any]) -> Permission | None:
    """The permission a view carries, or None when it was forgotten."""
    found = getattr(view, "permission", None) or getattr(
        getattr(view, "view_class", None), "permission", None
    )
    return found if isinstance(found, Permission) else None
