"""Agree on another amount, or correct the one that was agreed."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.days import brussels_day, day_label
from ciao_portal.errors import DomainError
from declarations.models import AgreedAmount, Declaration
from declarations.querysets import terms_of
from declarations.rules.foreseeing import Term, term_on


@transaction.atomic
def agree_amount(
    *,
    declaration: Declaration,
    amount: Decimal,
    per_year: bool,
    from_day: date | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep the amount (euro excluding VAT) that counts from a day on; the days before keep theirs.

    Without a day, or with the day of an amount that was agreed before, that amount is corrected.
    Raises DomainError `declaration.amount`, `declaration.amountDay` (outside the period of the works).
    """
    kept = Declaration.objects.select_for_update().get(pk=declaration.pk)
    terms = terms_of(kept)
    day = from_day or term_on(terms, brussels_day(now)).from_day
    before = term_on(terms, day)
    if (amount, per_year) == (before.amount, before.per_year):
        return
    _check(kept, amount, day)
    corrected = any(term.from_day == day for term in terms)
    if day == kept.starts_on:
        kept.amount, kept.amount_per_year = amount, per_year
        kept.save(update_fields=["amount", "amount_per_year"])
    else:
        AgreedAmount.objects.update_or_create(
            declaration=kept,
            from_day=day,
            defaults={"amount": amount, "per_year": per_year},
            create_defaults={"amount": amount, "per_year": per_year, "created_at": now},
        )
    audit.record(
        "declaration.amount_agreed",
        kept,
        actor=actor,
        now=now,
        payload={
            "from_day": day.isoformat(),
            "corrected": corrected,
            "before": _plain(before),
            "after": _plain(Term(day, amount, per_year)),
        },
    )


def _check(declaration: Declaration, amount: Decimal, day: date) -> None:
    if amount < 0:
        raise DomainError("declaration.amount", _("The amount cannot be less than zero."), field="amount")
    if day < declaration.starts_on or (declaration.ends_on is not None and day > declaration.ends_on):
        raise DomainError(
            "declaration.amountDay",
            _("An amount counts from a day of the works, and they begin on %(first)s. Choose another."),
            field="amount_from",
            params={"first": day_label(declaration.starts_on)},
        )


def _plain(term: Term) -> dict[str, object]:
    return {"amount": str(term.amount), "per_year": term.per_year}
