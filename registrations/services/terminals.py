"""Tablets on the wall of a registration point: added by the office, paired by POST, revocable at once.

A tablet is known by a secret in a cookie of its browser; only hashes are stored.
"""

import secrets
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import Company
from ciao_portal.prepared import Given, Prepared
from ciao_portal.tenancy import unscoped
from declarations.models import RegistrationPoint
from registrations.models import Terminal
from registrations.services.pairing import LINK_LIFE, SECRET_BYTES, hash_secret

# A tablet says that it lives about every minute; it is written down no more often.
SEEN_EVERY = timedelta(seconds=55)

_TERMINAL = Prepared(
    lambda: (
        Terminal.objects.select_related("point")
        .filter(secret_hash=Given("secret_hash", models.CharField()), revoked_at__isnull=True)
        .order_by()
    )
)


def hangs_codes_of(company: Company, point: RegistrationPoint) -> bool:
    """Whether a tablet of the company may register at the point.

    One of its own works' general codes or the code that carries its name, and of a single workplace: a tablet
    hangs somewhere.
    """
    if point.workplace_id is None:
        return False
    if point.company_id is None:
        return point.declaration.company_id == company.pk
    return point.company_id == company.pk


@transaction.atomic
def add_terminal(
    *, company: Company, point: RegistrationPoint, name: str, actor: Actor, now: datetime
) -> tuple[Terminal, str]:
    """A new tablet and the secret of the link that pairs it, which is stored nowhere.

    Raises DomainError `terminal.point` when the point is not one at a workplace of the company.
    """
    if not hangs_codes_of(company, point):
        raise DomainError("terminal.point", _("Choose one of your own workplaces."), field="point")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    terminal = Terminal.objects.create(
        company=company,
        point=point,
        name=name,
        link_hash=hash_secret(secret),
        link_expires_at=now + LINK_LIFE,
        created_at=now,
    )
    audit.record("terminal.added", terminal, actor=actor, now=now)
    return terminal, secret


@transaction.atomic
def offer_link(*, terminal: Terminal, actor: Actor, now: datetime) -> str:
    """Another link for the same tablet: the one before is dead; what is paired works until this one is used.

    Raises DomainError `terminal.revoked`.
    """
    terminal = _locked(terminal)
    if terminal.revoked_at is not None:
        raise DomainError("terminal.revoked", _("This tablet was revoked. Add it anew."))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    terminal.link_hash = hash_secret(secret)
    terminal.link_expires_at = now + LINK_LIFE
    terminal.save(update_fields=["link_hash", "link_expires_at"])
    audit.record("terminal.link_made", terminal, actor=actor, now=now)
    return secret


@transaction.atomic
def rename_terminal(*, terminal: Terminal, name: str, actor: Actor, now: datetime) -> None:
    """Call the tablet differently."""
    terminal.name = name
    terminal.save(update_fields=["name"])
    audit.record("terminal.renamed", terminal, actor=actor, now=now)


@transaction.atomic
def revoke_terminal(*, terminal: Terminal, actor: Actor, now: datetime) -> None:
    """Take the tablet's authority away, at once and for good; an open link dies with it."""
    terminal = _locked(terminal)
    if terminal.revoked_at is None:
        terminal.revoked_at = now
        terminal.link_hash = terminal.link_expires_at = None
        terminal.save(update_fields=["revoked_at", "link_hash", "link_expires_at"])
        audit.record("terminal.revoked", terminal, actor=actor, now=now)


def open_link(secret: str, *, now: datetime) -> Terminal:
    """The tablet whose open link has this secret.

    Raises DomainError `terminal.link_unknown` (also when it was used) or `terminal.link_expired`.
    """
    with unscoped(reason="the secret of a tablet's link is the authority"):
        terminal = (
            Terminal.objects.select_related("point__workplace", "company")
            .filter(link_hash=hash_secret(secret), revoked_at__isnull=True)
            .first()
        )
    if terminal is None or terminal.link_expires_at is None:
        raise _unknown_link()
    if terminal.link_expires_at <= now:
        raise DomainError(
            "terminal.link_expired", _("This link is too old. Ask your employer for a new one.")
        )
    return terminal


@transaction.atomic
def pair_terminal(*, secret: str, now: datetime) -> str:
    """Make the browser that asks the tablet, and return the secret for its cookie.

    Raises DomainError like `open_link`; of two browsers that use one link at once, one gets it. A browser
    that was the tablet before is it no longer.
    """
    terminal = open_link(secret, now=now)
    own_secret = secrets.token_urlsafe(SECRET_BYTES)
    with unscoped(reason="the secret of a tablet's link is the authority"):
        taken = Terminal.objects.filter(pk=terminal.pk, link_hash=terminal.link_hash).update(
            link_hash=None,
            link_expires_at=None,
            secret_hash=hash_secret(own_secret),
            paired_at=now,
            last_seen_at=now,
        )
    if not taken:
        raise _unknown_link()
    audit.record("terminal.paired", terminal, actor=Actor(terminal.company), now=now)
    return own_secret


def terminal_with_secret(secret: str) -> Terminal | None:
    """The tablet that holds this secret, with its point; None when unknown or revoked."""
    if not secret:
        return None
    with unscoped(reason="the secret of the tablet is the authority"):
        return _TERMINAL.first(secret_hash=hash_secret(secret))


def mark_seen(terminal: Terminal, *, now: datetime) -> None:
    """Note that the tablet lives, at most about once a minute. Never called on the way of a tap."""
    if terminal.last_seen_at is None or now - terminal.last_seen_at >= SEEN_EVERY:
        with unscoped(reason="the tablet that asks, known by its secret"):
            Terminal.objects.filter(pk=terminal.pk).update(last_seen_at=now)


def _unknown_link() -> DomainError:
    words = _("This link is not known, or was used already. Ask your employer for a new one.")
    return DomainError("terminal.link_unknown", words)


def _locked(terminal: Terminal) -> Terminal:
    """Call inside the company's scope."""
    return Terminal.objects.select_for_update().get(pk=terminal.pk)
