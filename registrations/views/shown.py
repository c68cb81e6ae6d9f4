"""Short lists inside a page: some remarks, some statements of a worker."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ciao_portal.companies import names_of_companies
from ciao_portal.models import Company
from registrations import cells
from registrations.models import Remark, Statement
from registrations.remarks import Meaning, meaning_of
from registrations.rules.deadlines import days_left


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """`days` until the last day, 0 = today; None once the remark is gone."""

    remark: Remark
    meaning: Meaning
    days: int | None
    day: str


@dataclass(frozen=True, slots=True)
class StatementRow:
    """What a worker said later beside a registration, with both moments in words."""

    registration: UUID
    about: str
    kind: str
    words: str
    said: str


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


def statement_rows(statements: Iterable[Statement], *, company: Company) -> list[StatementRow]:
    """In the order given, with `registration` fetched; firms are called as the company calls them."""
    rows = list(statements)
    names = names_of_companies(company, {row.employer for row in rows if row.employer})
    return [
        StatementRow(
            registration=row.registration_id,
            about=cells.moment(row.registration.happened_at),
            kind=row.get_kind_display(),
            words=_said(row, names),
            said=cells.moment(row.given_at),
        )
        for row in rows
    ]


def _said(row: Statement, names: dict[Company, str]) -> str:
    """What was said; some kinds say it all by themselves."""
    if row.stopped_at:
        return cells.moment(row.stopped_at)
    if row.employer:
        return names[row.employer]
    return row.workplace.name if row.workplace else ""
