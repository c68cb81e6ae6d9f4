"""Find anything by a name, a number or a code: workers, works, workplaces, firms, codes, registrations.

Only what the company may see is found. A national number finds the company's own workers alone, by its blind
index; nobody else's employment tells that a person exists.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.companies import names_of_companies
from ciao_portal.errors import DomainError
from ciao_portal.identifiers import (
    format_declaration_number,
    parse_declaration_number,
    parse_enterprise_number,
    parse_ssin,
)
from ciao_portal.models import Company, CompanyCard, Person
from declarations.models import Declaration, RegistrationPoint
from declarations.querysets import (
    companies_known_to,
    declarations_visible_to,
    points_visible_to,
    workplaces_visible_to,
)
from declarations.rules.codes import parse_point_code
from registrations import cells
from registrations.models import Employment, Registration, Submission
from registrations.naming import naming
from registrations.querysets import registrations_visible_to
from registrations.wording import Words, kind_badge

SHOWN = 8
SHORTEST, LONGEST = 2, 100
# Eleven digits in a row, however grouped, may be a national number, also one with a typing error in it.
NATIONAL_NUMBER = re.compile(r"(?<!\d)\d{11}(?!\d)")
# The largest number a column of numbers holds.
LARGEST_NUMBER = 2**63 - 1
# Shorter pieces of an official number stand in too many of them.
SHORTEST_PIECE = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found; `is_exact` when its number or code is just what was asked for."""

    url: str
    title: str
    detail: str = ""
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind, at most eight; `more_url` leads to the list when there are more."""

    name: Words
    icon: str
    hits: list[Hit]
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found; empty groups are left out."""

    groups: list[Group] = field(default_factory=list)

    @property
    def only_exact(self) -> str:
        """The address of the one thing that bears this number or code; empty when none or several do."""
        exact = [hit for group in self.groups for hit in group.hits if hit.is_exact]
        return exact[0].url if len(exact) == 1 else ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed, and everything it may be."""

    text: str
    words: list[str]
    digits: str
    ssin: str
    reference: str
    enterprise_number: str
    code: str
    uuid: UUID | None

    @classmethod
    def of(cls, text: str, *, today: date) -> "Wanted":
        text = " ".join(text.split())[:LONGEST]
        compact = _compact(text)
        number = NATIONAL_NUMBER.search(compact)
        return cls(
            text=text,
            words=text.split(),
            digits=compact if compact.isdecimal() else "",
            ssin=_parsed(lambda typed: parse_ssin(typed, today=today), number[0]) if number else "",
            reference=_parsed(parse_declaration_number, text),
            enterprise_number=_parsed(parse_enterprise_number, text),
            code=_parsed(parse_point_code, text),
            uuid=_uuid(text),
        )

    @property
    def is_private(self) -> bool:
        """True when it may hold a national number, which never stands in an address."""
        return self.uuid is None and NATIONAL_NUMBER.search(_compact(self.text)) is not None

    @property
    def is_too_short(self) -> bool:
        return len(self.text) < SHORTEST

    @property
    def piece(self) -> str:
        """As a piece of an official number; empty when it is too short for one."""
        compact = _compact(self.text)
        has_digit = any(sign.isdecimal() for sign in compact)
        return compact if has_digit and len(compact) >= SHORTEST_PIECE else ""


def search(company: Company, wanted: Wanted, *, now: datetime) -> Found:
    """Everything the company may see that fits; at most eight queries. Call inside the company's scope."""
    if wanted.is_too_short:
        return Found()
    groups = [
        _workers(wanted),
        _declarations(company, wanted),
        _workplaces(company, wanted),
        _companies(company, wanted),
        _points(company, wanted),
        _registrations(company, wanted, now=now),
    ]
    return Found([group for group in groups if group.hits])


def _workers(wanted: Wanted) -> Group:
    if wanted.ssin:
        fits = Q(person__in=Person.objects.with_ssin(wanted.ssin))
    else:
        fits = _every_word(wanted.words, "first_name", "last_name") | Q(payroll_number__iexact=wanted.text)
    # The manager is scoped: the company's own workers, whoever else employs them.
    rows = Employment.objects.filter(fits).order_by("last_name", "first_name", "-starts_on", "id")
    return _group(
        _("Workers"),
        "worker",
        rows,
        lambda row: Hit(
            reverse("registrations:worker-detail", args=[row.pk]),
            str(row),
            " · ".join(
                part
                for part in (
                    row.payroll_number,
                    str(row.get_status_display()),
                    cells.period(row.starts_on, row.ends_on),
                )
                if part
            ),
            is_exact=bool(wanted.ssin) or row.payroll_number.lower() == wanted.text.lower(),
        ),
        more=_list("registrations:worker-list", wanted),
    )


def _declarations(company: Company, wanted: Wanted) -> Group:
    fits = _every_word(wanted.words, "title", "client__name")
    if wanted.piece:
        fits |= Q(declared_number__icontains=wanted.piece) | Q(technical_reference__icontains=wanted.piece)
    if wanted.reference:
        # Typed with O for 0 and I for 1, too.
        fits |= Q(declared_number=wanted.reference) | Q(technical_reference=wanted.reference)
    rows = declarations_visible_to(company).filter(fits).select_related("client")

    def hit(row: Declaration) -> Hit:
        number = format_declaration_number(row.declared_number) if row.declared_number else ""
        return Hit(
            reverse("declarations:detail", args=[row.pk]),
            row.title,
            " · ".join(part for part in (row.client.name, number) if part),
            is_exact=bool(wanted.reference)
            and wanted.reference in (row.declared_number, row.technical_reference),
        )

    more = _list("declarations:list", wanted)
    return _group(_("Declarations of works"), "declaration", rows.order_by("title", "pk"), hit, more=more)


def _workplaces(company: Company, wanted: Wanted) -> Group:
    fits = _every_word(wanted.words, "name", "street", "municipality", "post_code")
    rows = workplaces_visible_to(company).filter(fits).order_by("name", "pk")
    return _group(
        _("Workplaces"),
        "site",
        rows,
        lambda row: Hit(reverse("declarations:workplace-detail", args=[row.pk]), row.name, row.address),
        more=_list("declarations:workplace-list", wanted),
    )


def _companies(company: Company, wanted: Wanted) -> Group:
    cards = CompanyCard.objects.filter(_every_word(wanted.words, "name")).values("subject")
    fits = Q(pk__in=cards) | _every_word(wanted.words, "name")
    piece = wanted.piece.removeprefix("BE")
    if piece:
        fits |= Q(enterprise_number__contains=piece) | Q(foreign_vat_number__icontains=wanted.piece)
    if wanted.enterprise_number:
        fits |= Q(enterprise_number=wanted.enterprise_number)
    rows = list(companies_known_to(company).filter(fits).order_by("name", "pk")[: SHOWN + 1])
    names = names_of_companies(company, set(rows)) if rows else {}
    return _group(
        _("Companies"),
        "company",
        rows,
        lambda row: Hit(
            reverse("declarations:company-detail", args=[row.pk]),
            names[row],
            row.number,
            is_exact=bool(wanted.enterprise_number) and row.enterprise_number == wanted.enterprise_number,
        ),
        more=_list("declarations:company-list", wanted),
    )


def _points(company: Company, wanted: Wanted) -> Group:
    rows: Iterable[RegistrationPoint] = ()
    if wanted.code:
        rows = points_visible_to(company).filter(code=wanted.code)[: SHOWN + 1]
    return _group(
        _("Codes on posters"),
        "poster",
        rows,
        lambda row: Hit(
            f"{reverse('declarations:detail', args=[row.declaration_id])}#point-{row.pk}",
            str(row),
            f"{row.workplace.name if row.workplace else gettext('All workplaces')} · {row.declaration.title}",
            is_exact=True,
        ),
    )


def _registrations(company: Company, wanted: Wanted, *, now: datetime) -> Group:
    rows: list[Registration] = []
    seen = registrations_visible_to(company).select_related("person", "workplace")
    if wanted.uuid:
        rows = list(seen.filter(pk=wanted.uuid))
    elif wanted.digits and int(wanted.digits) <= LARGEST_NUMBER:
        numbered = Submission.objects.filter(nsso_id=int(wanted.digits)).values("registration")
        rows = list(seen.filter(pk__in=numbered)[: SHOWN + 1])
    names = naming(company, [row.person for row in rows], [], now=now).people if rows else None
    return _group(
        _("Registrations"),
        "registration",
        rows,
        lambda row: Hit(
            reverse("registrations:registration-detail", args=[row.pk]),
            f"{kind_badge(row.kind).words} · {cells.moment(row.happened_at)}",
            f"{names[row.person] if names else ''} · {row.workplace.name}",
            is_exact=True,
        ),
    )


def _group(
    name: Words,
    icon: str,
    rows: "QuerySet[Any] | Iterable[Any]",
    hit: Callable[[Any], Hit],
    *,
    more: str = "",
) -> Group:
    """One row more than is shown tells that there are more."""
    found: Sequence[Model] = list(rows[: SHOWN + 1] if isinstance(rows, QuerySet) else rows)
    return Group(name, icon, [hit(row) for row in found[:SHOWN]], more if len(found) > SHOWN else "")


def _every_word(words: list[str], *columns: str) -> Q:
    """Each word stands in one of the columns."""
    fits = Q()
    for word in words:
        one = Q()
        for column in columns:
            one |= Q(**{f"{column}__icontains": word})
        fits &= one
    return fits


def _list(name: str, wanted: Wanted) -> str:
    """The list with the same words in its filter; none for what must not stand in an address."""
    if wanted.is_private:
        return ""
    return f"{reverse(name)}?{urlencode({'q': wanted.text})}"


def _compact(text: str) -> str:
    """Letters and digits alone, in upper case and plain figures."""
    signs = unicodedata.normalize("NFKC", text).upper()
    return "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in signs if sign.isalnum()
    )


def _parsed(parse: Callable[[str], str], text: str) -> str:
    try:
        return parse(text)
    except DomainError:
        return ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
