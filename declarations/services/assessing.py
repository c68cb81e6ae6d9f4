"""Keeping an answer of the scope advisor, and reading it again."""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, User
from declarations.models import Assessment, Declaration
from declarations.rules.advising import RULES, Advice, Case, Duty, Reason, advise
from declarations.rules.thresholds import Source


@transaction.atomic
def assess(
    *,
    company: Company,
    user: User,
    title: str,
    case: Case,
    advice: Advice | None = None,
    declaration: Declaration | None = None,
    now: datetime,
) -> Assessment:
    """Keep the answer of this moment with everything it rests on; `advice` when the caller has it already.

    Raises DomainError `assessment.title`.
    """
    if not title.strip():
        raise DomainError("assessment.title", _("Give the works a name."), field="title")
    advice = advice or advise(case)
    assessment = Assessment.objects.create(
        company=company,
        declaration=declaration,
        title=title.strip(),
        inputs=_plain(asdict(case)),
        rules=RULES,
        duty=advice.duty.value,
        since=advice.since,
        advice={
            name: [_plain(asdict(one)) for one in getattr(advice, name)]
            for name in ("reasons", "disagreements", "changes")
        },
        made_by=user,
        made_at=now,
    )
    audit.record(
        "assessment.made",
        assessment,
        actor=Actor(company, user),
        now=now,
        payload={"duty": assessment.duty},
    )
    return assessment


def advice_of(assessment: Assessment) -> Advice:
    """The answer as it was given, whatever the rules say today."""
    return Advice(
        Duty(assessment.duty),
        assessment.since,
        **{name: tuple(_reason(one) for one in rows) for name, rows in assessment.advice.items()},
    )


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: str(value) if isinstance(value, date | Decimal) else value for name, value in values.items()
    }


def _reason(row: dict[str, Any]) -> Reason:
    return Reason(
        row["code"],
        Source(row["source"]),
        date.fromisoformat(row["in_force"]) if row["in_force"] else None,
        Decimal(row["amount"]) if row["amount"] is not None else None,
    )
