"""Amounts as people read them."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def euros(amount: Decimal, *, per_year: bool = False) -> str:
    """``€ 12.500,50``, in the form of the language of the moment; cents only where there are any."""
    cents = 0 if amount == amount.to_integral_value() else 2
    text = f"€\N{NO-BREAK SPACE}{number_format(amount, decimal_pos=cents, force_grouping=True)}"
    return _("%(amount)s per year") % {"amount": text} if per_year else text
