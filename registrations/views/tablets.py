"""Tablets at the workplaces: which there are and how they stand, adding, renaming, links, revoking."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.forms import ServiceForm
from ciao_portal.models import Company
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, may, portal, say, warn
from declarations.models import RegistrationPoint
from declarations.qr import qr_svg
from registrations import cells, tablets
from registrations.models import Terminal
from registrations.services import terminals
from registrations.services.pairing import LINK_LIFE

LIST = reverse_lazy("registrations:tablet-list")


class TabletNameForm(ServiceForm):
    """What the office calls a tablet."""

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("By which you recognise it, such as “Entrance hall”.")
    )


class PointField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """The points of the viewer's own workplaces, in words."""

    others: Mapping[Company, str]

    def label_from_instance(self, obj: Any) -> str:
        return tablets.point_words(obj, self.others)


class NewTabletForm(TabletNameForm):
    """The same, and where it hangs."""

    point = PointField(
        label=_("Workplace"),
        # Filled from the company of whoever asks.
        queryset=RegistrationPoint.objects.none(),
        help_text=_("Everything registered on the tablet is registered there."),
    )

    def __init__(self, data: Any = None, *, company: Company, now: datetime, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field, points = self.fields["point"], tablets.points_for(company, today=brussels_day(now))
        field.others = tablets.other_declarers(points, company)  # type: ignore[attr-defined]  # a PointField
        field.queryset = points  # type: ignore[attr-defined]  # a PointField


@requires(Permission.VIEW)
@require_GET
def tablet_list(request: HttpRequest) -> HttpResponse:
    """Every tablet of the company."""
    context: dict[str, Any] = {
        "title": _("Tablets"),
        "lead": _("A tablet at the workplace, for whoever has a card or types the number."),
        "back": {"url": reverse("settings"), "label": _("Settings")},
        "rows": tablets.rows(now=timezone.now()),
    }
    if may(request, Permission.DECLARE):
        add = {"url": reverse("registrations:tablet-new"), "label": _("Add a tablet"), "icon": "plus"}
        context |= {"may_manage": True, "actions": [add | {"primary": True}]}
    return render(request, "tablets/list.html", context)


@requires(Permission.DECLARE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def tablet_new(request: HttpRequest) -> HttpResponse:
    """Name a tablet and say where it hangs; then its link is shown, once. `?point=` chooses it beforehand."""
    company, now = portal(request).company, timezone.now()
    initial = {"point": request.GET.get("point")}
    form = NewTabletForm(request.POST or None, company=company, now=now, initial=initial)
    if form.is_valid():
        try:
            terminal, secret = terminals.add_terminal(
                company=company,
                point=form.cleaned_data["point"],
                name=form.cleaned_data["name"],
                actor=actor_of(request),
                now=now,
            )
        except DomainError as error:
            form.refuse(error)
        else:
            return _link_page(request, terminal, secret, now=now)
    context = {
        "title": _("Add a tablet"),
        "back": {"url": LIST, "label": _("Tablets")},
        "form": form,
        "submit_label": _("Add the tablet"),
        "cancel_url": LIST,
    }
    return render(request, "generic/form.html", context)


@requires(Permission.DECLARE)
@require_http_methods(["GET", "HEAD", "POST"])
def tablet_edit(request: HttpRequest, tablet: UUID) -> HttpResponse:
    """Rename a tablet; from here one makes a new link or revokes it."""
    terminal = _terminal(tablet)
    form = TabletNameForm(request.POST or None, initial={"name": terminal.name})
    if form.is_valid():
        terminals.rename_terminal(
            terminal=terminal, name=form.cleaned_data["name"], actor=actor_of(request), now=timezone.now()
        )
        say(request, gettext("The changes were saved."))
        return redirect(LIST)
    context: dict[str, Any] = {
        "title": terminal.name,
        "lead": terminal.point.workplace,
        "back": {"url": LIST, "label": _("Tablets")},
        "form": form,
        "submit_label": _("Save changes"),
        "cancel_url": LIST,
    }
    if terminal.revoked_at is None:
        context["actions"] = [
            {
                "url": reverse("registrations:tablet-link", args=[terminal.pk]),
                "label": _("Make a new link"),
                "icon": "key",
                "post": True,
            },
            {
                "url": reverse("registrations:tablet-revoke", args=[terminal.pk]),
                "label": _("Revoke"),
                "icon": "remove",
                "danger": True,
            },
        ]
    return render(request, "generic/form.html", context)


@requires(Permission.DECLARE)
@require_POST
@never_cache
def tablet_link(request: HttpRequest, tablet: UUID) -> HttpResponse:
    """Make another link and show it once."""
    terminal, now = _terminal(tablet), timezone.now()
    try:
        secret = terminals.offer_link(terminal=terminal, actor=actor_of(request), now=now)
    except DomainError as error:
        warn(request, error)
        return redirect(LIST)
    return _link_page(request, terminal, secret, now=now)


@requires(Permission.DECLARE)
@require_http_methods(["GET", "HEAD", "POST"])
def tablet_revoke(request: HttpRequest, tablet: UUID) -> HttpResponse:
    """Take a tablet out of use, after a page that says what it means."""
    terminal = _terminal(tablet)
    if request.method == "POST":
        terminals.revoke_terminal(terminal=terminal, actor=actor_of(request), now=timezone.now())
        say(request, gettext("The tablet %(tablet)s can no longer register.") % {"tablet": terminal.name})
        return redirect(LIST)
    back = reverse("registrations:tablet-edit", args=[terminal.pk])
    context = {
        "title": gettext("Revoke the tablet %(tablet)s?") % {"tablet": terminal.name},
        "back": {"url": back, "label": terminal.name},
        "consequences": (
            _("From then on nobody can register on it. What was registered on it stays."),
            _("Hang up the poster of the workplace, or add another tablet."),
        ),
        "submit_label": _("Revoke the tablet"),
        "cancel_url": back,
    }
    return render(request, "generic/confirm.html", context)


def _link_page(request: HttpRequest, terminal: Terminal, secret: str, *, now: datetime) -> HttpResponse:
    url = f"{settings.PUBLIC_URL}{reverse('kiosk:pair', args=[secret])}"
    context = {
        "title": terminal.name,
        "lead": terminal.point.workplace,
        "back": {"url": LIST, "label": _("Tablets")},
        "url": url,
        "qr": mark_safe(qr_svg(url)),  # noqa: S308  # drawn by us from modules, no text in it
        "until": cells.moment(now + LINK_LIFE),
    }
    return render(request, "tablets/link.html", context)


def _terminal(tablet: UUID) -> Terminal:
    """The company's own only: the manager is scoped, so a stranger's is not found."""
    return get_object_or_404(Terminal.objects.select_related("point__workplace"), pk=tablet)
