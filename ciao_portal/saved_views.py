"""Saved views: a list's filters, order and columns under a name, one's own or shared with colleagues."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Q, UUIDField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ciao_portal.errors import DomainError
from ciao_portal.models import Company, SavedView, User
from ciao_portal.prepared import VIEWER, Given, Prepared
from ciao_portal.tenancy import unscoped
from ciao_portal.web.list_address import kept

LONGEST_QUERY = 1000


_VIEWS = Prepared(
    lambda: SavedView.objects.filter(
        Q(user=Given("user", UUIDField())) | Q(is_shared=True),
        company=VIEWER,
        list_name=Given("list_name", CharField()),
    )
)


def views_for(*, company: Company, user: User, list_name: str) -> list[SavedView]:
    """The person's own views of a list and those that colleagues share, by name."""
    with unscoped(reason="the company's own views, named by the company itself"):
        return _VIEWS.all(viewer=company.pk, user=user.pk, list_name=list_name)


@transaction.atomic
def save_view(
    *,
    company: Company,
    user: User,
    list_name: str,
    name: str,
    query: str,
    is_shared: bool,
    is_default: bool,
    now: datetime,
) -> SavedView:
    """Keep a list as it is shown under a name; the person's own view of that name is replaced.

    Raises DomainError `view.nameless` or `view.long`.
    """
    name = _checked(name)
    query = kept(QueryDict(query))
    if len(query) > LONGEST_QUERY:
        raise DomainError("view.long", _("These filters are too long to be saved. Use fewer of them."))
    if is_default:
        _no_default(company=company, user=user, list_name=list_name)
    view, _created = SavedView.objects.update_or_create(
        company=company,
        user=user,
        list_name=list_name,
        name=name,
        defaults={"query": query, "is_shared": is_shared, "is_default": is_default},
        create_defaults={
            "query": query,
            "is_shared": is_shared,
            "is_default": is_default,
            "created_at": now,
        },
    )
    return view


@transaction.atomic
def change_view(*, view: SavedView, name: str, is_shared: bool, is_default: bool) -> None:
    """Give a view another name, share it or not, open the list with it or not.

    Raises DomainError `view.nameless`, or `view.taken` when another of the person's views has that name.
    """
    name = _checked(name)
    others = SavedView.objects.filter(company=view.company, user=view.user, list_name=view.list_name)
    if others.filter(name=name).exclude(pk=view.pk).exists():
        raise DomainError("view.taken", _("Another of your views has this name already."), field="name")
    if is_default:
        _no_default(company=view.company, user=view.user, list_name=view.list_name)
    view.name, view.is_shared, view.is_default = name, is_shared, is_default
    view.save(update_fields=["name", "is_shared", "is_default"])


def own_view(*, company: Company, user: User, view: UUID) -> SavedView | None:
    """A view only its owner may change; None for everybody else."""
    return SavedView.objects.filter(company=company, user=user, pk=view).first()


def _checked(name: str) -> str:
    name = " ".join(name.split())[: SavedView._meta.get_field("name").max_length]
    if not name:
        raise DomainError("view.nameless", _("Give the view a name."), field="name")
    return name


def _no_default(*, company: Company, user: User, list_name: str) -> None:
    own = SavedView.objects.filter(company=company, user=user, list_name=list_name)
    own.filter(is_default=True).update(is_default=False)
