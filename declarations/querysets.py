"""Reading declarations across companies: who may see which, and which part of each.

A subcontractor reads rows that belong to the declarer. `ChainView` says which, so these reads leave the
company's own scope; everything here takes the company that looks.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from ciao_portal.models import Company, CompanyCard
from ciao_portal.prepared import Day, Viewer
from ciao_portal.tenancy import unscoped
from declarations.models import (
    AgreedAmount,
    AgreedMeans,
    ChainView,
    Declaration,
    DeclarationWorkplace,
    NssoAddress,
    RegistrationPoint,
    Subcontract,
    Workplace,
)
from declarations.models.declarations import DeclarationState, Regime
from declarations.rules.first_shift import NUMBER_WANTED_BEFORE
from declarations.rules.foreseeing import Term


def declarations_visible_to(company: Viewer) -> "models.QuerySet[Declaration]":
    """The company's own declarations, and those in whose chain it stands or stood."""
    with unscoped(reason="A chain member reads the declarer's row; ChainView says which."):
        return Declaration.objects.filter(pk__in=_declared_around(company))


def listed_for(company: Company, *, today: date) -> "models.QuerySet[Declaration]":
    """For the list: `workplace_count`, `chain_size` (others the company sees), `above_name`, `amount_now`."""
    with unscoped(reason="Counts and links of declarations that ChainView lets the company see."):
        places = DeclarationWorkplace.objects.filter(declaration=OuterRef("pk")).order_by()
        own_places = Subcontract.objects.filter(declaration=OuterRef("pk"), company=company)
        cards = CompanyCard.objects.filter(company=company, subject=OuterRef("above"))
        agreed = AgreedAmount.objects.filter(declaration=OuterRef("pk"), from_day__lte=today)
    members = ChainView.objects.filter(declaration=OuterRef("pk"), viewer=company).exclude(member=company)
    above = Company.objects.filter(pk=OuterRef("above"))
    return (
        declarations_visible_to(company)
        .select_related("client", "company")
        .annotate(
            workplace_count=_count(places, "workplace"),
            chain_size=_count(members.order_by(), "member"),
            amount_now=Coalesce(Subquery(agreed.order_by("-from_day").values("amount")[:1]), F("amount")),
            above=Coalesce(
                Subquery(own_places.values("parent__company")[:1]),
                F("company"),
                output_field=models.UUIDField(),
            ),
        )
        .annotate(
            above_name=Coalesce(
                Subquery(cards.values("name")[:1]),
                Subquery(above.exclude(name="").values("name")[:1]),
                Subquery(above.values("enterprise_number")[:1]),
                Subquery(above.values("foreign_vat_number")[:1]),
            )
        )
    )


# The NSSO's number is still to come; the same answer as `Declaration.lacks_number`.
NUMBERLESS = Q(declared_number="", technical_reference="") & ~Q(regime=Regime.HOURS_ONLY)


def running_on(today: Day) -> Q:
    """The condition for declarations that are neither over nor cancelled on the Brussels day."""
    stands = Q(cancelled_on__isnull=True) | Q(cancelled_on__gt=today)
    return stands & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))


def in_state(
    declarations: "models.QuerySet[Declaration]", state: str, today: Day
) -> "models.QuerySet[Declaration]":
    """Those that stand in this state on the Brussels day; the same answer as `Declaration.state_on`."""
    # Each condition holds a comparison with a missing last day apart: in SQL its opposite is not true either.
    stands = Q(cancelled_on__isnull=True) | Q(cancelled_on__gt=today)
    ended = stands & Q(ends_on__lt=today)
    running = running_on(today)
    numberless = NUMBERLESS
    conditions = {
        DeclarationState.CANCELLED: Q(cancelled_on__lte=today),
        DeclarationState.ENDED: ended,
        DeclarationState.DRAFT: running & numberless,
        DeclarationState.PLANNED: running & ~numberless & Q(starts_on__gt=today),
        DeclarationState.ACTIVE: running & ~numberless & Q(starts_on__lte=today),
    }
    return declarations.filter(conditions[DeclarationState(state)])


# How long before its last day a declaration is called to mind: time enough to prolong it at the NSSO.
ENDING_SOON = timedelta(days=30)


def ending_soon(today: Day) -> Q:
    """The condition for declarations whose last day is today or within 30 days."""
    return running_on(today) & Q(ends_on__gte=today, ends_on__lte=today + ENDING_SOON)


def number_pressing(company: Viewer, today: Day) -> Q:
    """The condition for the company's own declarations without number whose first shift is near or over."""
    return Q(company=company, starts_on__lte=today + NUMBER_WANTED_BEFORE) & running_on(today) & NUMBERLESS


def papers_missing(company: Viewer, today: Day) -> Q:
    """The condition for the company's own running declarations without number, or without a clause."""
    with unscoped(reason="Subcontracts of the company's own declarations, named by the company itself."):
        clauseless = Subcontract.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=today), declaration=OuterRef("pk"), has_clause=False
        )
    return Q(company=company) & running_on(today) & (NUMBERLESS | Q(Exists(clauseless)))


def terms_of(declaration: Declaration) -> tuple[Term, ...]:
    """Every amount of the company's own declaration by its day; the first counts from the first day."""
    later = AgreedAmount.objects.filter(declaration=declaration).order_by("from_day")
    first = Term(declaration.starts_on, declaration.amount, declaration.amount_per_year)
    return (first, *(Term(row.from_day, row.amount, row.per_year) for row in later))


def places_of(declaration: Declaration) -> list[DeclarationWorkplace]:
    """The workplaces in the order of the declaration, for everybody who may see the declaration."""
    with unscoped(reason="A chain member reads where the declared work is done."):
        places = DeclarationWorkplace.objects.filter(declaration=declaration)
        return list(places.select_related("workplace").order_by("position"))


def workplaces_visible_to(company: Viewer) -> "models.QuerySet[Workplace]":
    """The company's own workplaces, and those of declarations in whose chain it stands or stood."""
    with unscoped(reason="A chain member reads where the declared work is done; ChainView says where."):
        declared = DeclarationWorkplace.objects.filter(declaration__in=_declared_around(company))
        return Workplace.objects.filter(Q(company=company) | Q(pk__in=declared.values("workplace")))


def companies_known_to(company: Company) -> "models.QuerySet[Company]":
    """Other firms the company has to do with: on its cards, below it in a chain, or declaring for it."""
    cards = CompanyCard.objects.filter(company=company).values("subject")
    below = ChainView.objects.filter(viewer=company).values("member")
    with unscoped(reason="Whoever declared the works of a chain member is known to that member."):
        declarers = Declaration.objects.filter(pk__in=_declared_around(company)).values("company")
    known = Q(pk__in=cards) | Q(pk__in=below) | Q(pk__in=declarers)
    return Company.objects.filter(known).exclude(pk=company.pk)


def workplaces_listed_for(company: Company) -> "models.QuerySet[Workplace]":
    """For the list: with `client`, `declaration_count` and `point_count`, as far as the company sees them."""
    with unscoped(reason="Counts of declarations that ChainView lets the company see."):
        places = DeclarationWorkplace.objects.filter(
            workplace=OuterRef("pk"), declaration__in=_declared_around(company)
        ).order_by()
    points = points_visible_to(company).filter(workplace=OuterRef("pk")).select_related(None).order_by()
    return (
        workplaces_visible_to(company)
        .select_related("client")
        .annotate(
            declaration_count=_count(places, "declaration", by="workplace"),
            point_count=_count(points, "pk", by="workplace"),
        )
    )


def workplaces_with_works(company: Company, *, today: date) -> "models.QuerySet[Any, Any]":
    """Ids of the workplaces with a declaration that runs on the Brussels day."""
    running = in_state(declarations_visible_to(company), DeclarationState.ACTIVE, today)
    with unscoped(reason="A chain member reads where the declared work is done."):
        return DeclarationWorkplace.objects.filter(declaration__in=running.values("pk")).values("workplace")


def companies_listed_for(company: Company) -> "models.QuerySet[Company]":
    """For the list: with `shown_name`, `shown_email`, `shown_phone` and `declaration_count` (below us)."""
    cards = CompanyCard.objects.filter(company=company, subject=OuterRef("pk"))
    below = ChainView.objects.filter(viewer=company, member=OuterRef("pk")).order_by()
    return companies_known_to(company).annotate(
        shown_name=Coalesce(
            Subquery(cards.values("name")[:1]),
            NullIf("name", Value("")),
            "enterprise_number",
            "foreign_vat_number",
        ),
        shown_email=Coalesce(Subquery(cards.values("contact_email")[:1]), "contact_email"),
        shown_phone=Coalesce(Subquery(cards.values("contact_phone")[:1]), "contact_phone"),
        declaration_count=_count(below, "declaration", by="member"),
    )


def companies_below(company: Company, *, today: date) -> "models.QuerySet[Any, Any]":
    """Ids of the firms that stand below the company on the Brussels day."""
    open_end = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    return ChainView.objects.filter(open_end, viewer=company, valid_from__lte=today).values("member")


def chain_periods_of(company: Company, member: Company) -> "models.QuerySet[ChainView]":
    """When `member` stands where the company sees it, with the declarations; the latest first."""
    rows = ChainView.objects.filter(viewer=company, member=member)
    return rows.select_related("declaration__client", "declaration__company").order_by(
        "-valid_from", "declaration__title"
    )


def points_visible_to(company: Company) -> "models.QuerySet[RegistrationPoint]":
    """Points of companies the viewer sees in a chain; the general ones are the declarer's alone."""
    seen = ChainView.objects.filter(
        declaration=OuterRef("declaration"), viewer=company, member=OuterRef("company")
    )
    with unscoped(reason="A chain member prints its own codes; ChainView says which."):
        points = RegistrationPoint.objects.filter(
            Q(company__isnull=True, declaration__company=company) | Exists(seen)
        )
    return points.select_related("workplace", "company", "declaration", "declaration__company")


def points_on_posters(company: Company, declarations: Iterable[UUID]) -> list[RegistrationPoint]:
    """The points of workplaces that the company itself hangs up, works by works in their order.

    On its own declarations these are the general ones, on those of others the ones that carry its name.
    """
    with unscoped(reason="The order of the workplaces of points the company may see."):
        place = DeclarationWorkplace.objects.filter(
            declaration=OuterRef("declaration"), workplace=OuterRef("workplace")
        )
    seen = points_visible_to(company).filter(declaration__in=list(declarations))
    own = Q(company__isnull=True) | Q(company=company)
    return list(
        seen.filter(own)
        .annotate(position=Subquery(place.values("position")[:1]))
        .filter(position__isnull=False)
        .select_related("declaration__client")
        .order_by("-declaration__starts_on", "declaration", "position")
    )


def points_to_print(
    viewer: Company,
    declaration: Declaration,
    *,
    workplaces: Sequence[UUID],
    companies: Sequence[Company | None],
) -> list[RegistrationPoint]:
    """The points of these companies that the viewer sees, firm by firm, each in the order of the workplaces.

    None among the companies stands for the general points; no workplace for the points of all of them.
    """
    at_places = Q(workplace__in=workplaces) if workplaces else Q(workplace__isnull=True)
    of_firms = Q(company__in=[company for company in companies if company])
    if None in companies:
        of_firms |= Q(company__isnull=True)
    seen = points_visible_to(viewer).filter(at_places, of_firms, declaration=declaration)
    firms = {company.pk if company else None: index for index, company in enumerate(companies)}
    places: dict[UUID | None, int] = {workplace: index for index, workplace in enumerate(workplaces)}
    return sorted(
        seen.select_related("declaration__client"),
        key=lambda point: (firms[point.company_id], places.get(point.workplace_id, 0)),
    )


def nsso_urls_of(declarations: Iterable[UUID]) -> dict[UUID, str]:
    """By declaration: the address that the NSSO gave for it, where one is kept."""
    with unscoped(reason="The NSSO's address of declarations that the company sees already."):
        rows = NssoAddress.objects.filter(declaration__in=set(declarations))
        return dict(rows.values_list("declaration", "url"))


def subcontracts_seen_by(company: Company, declaration: Declaration) -> list[Subcontract]:
    """The company's own places and everybody below them; for the declarer the whole chain."""
    with unscoped(reason="The chain below the viewer, cut out of the declarer's rows here."):
        rows = Subcontract.objects.filter(declaration=declaration)
        places = list(rows.select_related("company", "parent__company").order_by("created_at", "id"))
    if declaration.company_id == company.pk:
        return places
    return _with_those_below(places, {place.pk for place in places if place.company_id == company.pk})


def branch_of(places: list[Subcontract], place: Subcontract) -> list[Subcontract]:
    """The place and everybody below it, out of the places of its chain."""
    return _with_those_below(places, {place.pk})


def agreed_means_of(place: Subcontract) -> list[AgreedMeans]:
    """What was agreed at a place that the company sees, withdrawn agreements too."""
    with unscoped(reason="Agreements of a place that the company sees already."):
        return list(AgreedMeans.objects.filter(subcontract=place).select_related("paper"))


def _with_those_below(places: list[Subcontract], seen: set[UUID]) -> list[Subcontract]:
    # Parents stand before their children only by chance, so look until nothing is added.
    while added := {place.pk for place in places if place.parent_id in seen} - seen:
        seen |= added
    return [place for place in places if place.pk in seen]


def _declared_around(company: Viewer) -> "models.QuerySet[Any, Any]":
    """The declarations in whose chain the company stands or stood, as a subquery of their keys."""
    return ChainView.objects.filter(viewer=company, member=company).values("declaration")


def _count(rows: "models.QuerySet[Any]", column: str, *, by: str = "declaration") -> Coalesce:
    """How many different values, 0 for none, as a subquery of its own."""
    counted = rows.values(by).annotate(number=Count(column, distinct=True)).values("number")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)
