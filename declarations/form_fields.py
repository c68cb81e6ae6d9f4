"""Form fields that forgive what people type and say in words what they cannot accept."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ciao_portal.errors import DomainError
from ciao_portal.identifiers import (
    parse_declaration_number,
    parse_enterprise_number,
    parse_foreign_vat,
    parse_technical_reference,
)

# Numbers may be typed with spaces, dots and dashes: more room than the number itself.
LONGEST_NUMBER = 40
THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+")
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]


class IdentifierField(forms.CharField):
    """An official number: cleaned to its normal form by `parse`; what is wrong is said in its words."""

    parse: Callable[[str], str]

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "spellcheck": "false", "class": "number"}
        super().__init__(max_length=LONGEST_NUMBER, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            return type(self).parse(text)
        except DomainError as error:
            raise ValidationError(str(error), code=error.code) from None


class DeclarationNumberField(IdentifierField):
    parse = staticmethod(parse_declaration_number)


class TechnicalReferenceField(IdentifierField):
    parse = staticmethod(parse_technical_reference)


class EnterpriseNumberField(IdentifierField):
    parse = staticmethod(parse_enterprise_number)


class CompanyNumberField(IdentifierField):
    """A Belgian enterprise number, or the VAT number of a foreign company with its country in front."""

    @staticmethod
    def parse(text: str) -> str:
        return parse_foreign_vat(text) if is_foreign(text) else parse_enterprise_number(text)


def is_foreign(number: str) -> bool:
    """True for a VAT number of another country: two letters in front that are not BE."""
    country = number.strip()[:2].upper()
    return country.isalpha() and country != "BE"


class AmountField(forms.DecimalField):
    """Euro without VAT, as Belgium writes it: `12.500,50`, `12 500,50`, `12500.5`, `€ 12.500`."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        widget = forms.TextInput(attrs=attrs)
        super().__init__(min_value=0, max_digits=12, decimal_places=2, widget=widget, **kwargs)
        words = _("Give the amount as a number, such as 12.500,50.")
        self.error_messages |= {"invalid": words, "required": words, "max_decimal_places": words}
        self.error_messages["min_value"] = _("The amount cannot be less than zero.")

    def to_python(self, value: Any) -> Any:
        return super().to_python(_plain_number(value) if isinstance(value, str) else value)


class DegreesField(forms.DecimalField):
    """Latitude or longitude in decimal degrees, with a point or a comma."""

    def __init__(self, *, limit: int, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(
            min_value=-limit,
            max_value=limit,
            max_digits=9,
            decimal_places=6,
            widget=forms.TextInput(attrs=attrs),
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.strip().replace(",", ".") if isinstance(value, str) else value)


class DayField(forms.DateField):
    """A day: the browser's own calendar, or typed the Belgian way."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=DAY_FORMATS, **kwargs)


def _plain_number(text: str) -> str:
    kept = "".join(sign for sign in text if not sign.isspace() and sign not in "€'’")
    if "," in kept:
        return kept.replace(".", "").replace(",", ".")
    return kept.replace(".", "") if THOUSANDS.fullmatch(kept) else kept
