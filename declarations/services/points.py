"""Registration points: the public codes of a declaration, its workplaces and its chain."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from ciao_portal import audit
from ciao_portal.audit import Actor
from declarations.models import Declaration, DeclarationWorkplace, RegistrationPoint, Subcontract
from declarations.rules.codes import new_point_code

# A new code meets an old one about once in 35 million when a million exist; three times over is a fault.
ATTEMPTS = 3

# (workplace, chain company); None stands for "the page asks".
Place = tuple[UUID | None, UUID | None]


@transaction.atomic
def ensure_points(*, declaration: Declaration, actor: Actor, now: datetime) -> list[RegistrationPoint]:
    """Make the points that are still missing, and return those.

    One for the declaration and one per workplace; the same again for every company of the chain. A point
    is never taken away: its code may hang on a wall.
    """
    existing: set[Place] = set(
        RegistrationPoint.objects.filter(declaration=declaration).values_list("workplace", "company")
    )
    missing = [place for place in _wanted(declaration) if place not in existing]
    if not missing:
        return []
    points = _created(declaration, missing, now)
    codes = [point.code for point in points]
    audit.record("point.created", declaration, actor=actor, now=now, payload={"codes": codes})
    return points


def _wanted(declaration: Declaration) -> list[Place]:
    places = DeclarationWorkplace.objects.filter(declaration=declaration).order_by("position")
    workplaces = [None, *places.values_list("workplace", flat=True)]
    chain = Subcontract.objects.filter(declaration=declaration).order_by("created_at", "id")
    companies = [None, *dict.fromkeys(chain.values_list("company", flat=True))]
    return [(workplace, company) for company in companies for workplace in workplaces]


def _created(declaration: Declaration, places: list[Place], now: datetime) -> list[RegistrationPoint]:
    for attempt in range(1, ATTEMPTS + 1):
        points = [
            RegistrationPoint(
                code=new_point_code(),
                declaration=declaration,
                workplace_id=workplace,
                company_id=company,
                created_at=now,
            )
            for workplace, company in places
        ]
        try:
            with transaction.atomic():
                return RegistrationPoint.objects.bulk_create(points)
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")
