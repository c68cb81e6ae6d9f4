"""Short lists inside a page: some registrations, some remarks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from registrations import cells
from registrations.models import Registration, Remark
from registrations.remarks import Meaning, meaning_of
from registrations.rules.deadlines import days_left
from registrations.wording import Badge, kind_badge, state_badge


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    id: object
    moment: str
    kind: Badge
    workplace: str
    state: Badge


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """`days` until the last day, 0 = today; None once the remark is gone."""

    remark: Remark
    meaning: Meaning
    days: int | None
    day: str


def registration_rows(registrations: QuerySet[Registration]) -> list[RegistrationRow]:
    """In the order given; one query."""
    rows = registrations.select_related("workplace", "submission")
    return [
        RegistrationRow(
            id=row.pk,
            moment=cells.moment(row.happened_at),
            kind=kind_badge(row.kind),
            workplace=row.workplace.name,
            state=state_badge(getattr(row, "submission", None)),
        )
        for row in rows
    ]


def remark_rows(remarks: Iterable[Remark], *, today: date) -> list[RemarkRow]:
    """In the order given; `today` is the Brussels day."""
    return [
        RemarkRow(
            remark=remark,
            meaning=meaning_of(remark),
            days=None if remark.gone_at else days_left(remark.last_day, today),
            day=cells.day(remark.happened_day),
        )
        for remark in remarks
    ]
