"""How long each kind of data is kept, and the nightly purge of what is past its term.

Only this module deletes rows that are append-only otherwise: it writes the permit that the triggers ask for
(`ciao_portal.append_only`), in the transaction of the purge itself, together with a proof of what went.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from ciao_portal.models import Company, PurgePermit, PurgeProof
from ciao_portal.tenancy import unscoped

# Rows per transaction: a purge never holds up those who register.
PORTION = 2000

Words = str | Promise
Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class DataKind:
    """One kind of data with a term of its own (`RETENTION_<KEY>_DAYS`).

    `moment` is the column the term counts from, `company` the way to the company the rows belong to.
    `forget` takes one portion of rows away for good; without it the kind is kept and only counted.
    """

    key: str
    title: Words
    content: Words
    model: type[models.Model]
    moment: str
    company: str
    forget: Callable[[Rows], None] | None = None

    def rows(self) -> Rows:
        """All rows of every company; call inside a door."""
        rows: Rows = self.model.objects.all()  # type: ignore[attr-defined]  # every kind has this manager
        return rows

    @property
    def term_days(self) -> int:
        days: int = settings.RETENTION_DAYS[self.key]
        return days

    def before(self, now: datetime) -> datetime:
        """Whatever is older than this moment is past its term."""
        return now - timedelta(days=self.term_days)

    def past_term(self, company: Company, *, now: datetime) -> Rows:
        """The company's rows whose term is over."""
        with unscoped(reason="narrowed at once to the rows of one company, for its own retention"):
            rows = self.rows()
        return rows.filter(**{self.company: company, f"{self.moment}__lt": self.before(now)})

    def oldest(self, company: Company) -> datetime | None:
        """The moment of the company's oldest row."""
        with unscoped(reason="narrowed at once to the rows of one company, for its own retention"):
            rows = self.rows()
        oldest: datetime | None = (
            rows.filter(**{self.company: company})
            .order_by(self.moment)
            .values_list(self.moment, flat=True)
            .first()
        )
        return oldest


def data_kinds() -> list[DataKind]:
    """All kinds, in the order in which they are shown."""
    return [import_string(path) for path in settings.RETENTION_KINDS]


def purge(*, now: datetime) -> int:
    """Delete what is past its term, company by company; answers how many rows went.

    May be killed and repeated at any time: each portion is a transaction with its own proof.
    """
    return sum(
        _purge_company(kind, company, now=now)
        for kind in data_kinds()
        if kind.forget is not None
        for company in _companies_concerned(kind, now=now)
    )


def _companies_concerned(kind: DataKind, *, now: datetime) -> list[Company]:
    with unscoped(reason="the purge looks after every company, one after the other"):
        past = kind.rows().filter(**{f"{kind.moment}__lt": kind.before(now)})
        return list(Company.objects.filter(pk__in=past.order_by().values(kind.company)).order_by("pk"))


def _purge_company(kind: DataKind, company: Company, *, now: datetime) -> int:
    total = 0
    while went := _purge_portion(kind, company, now=now):
        total += went
    return total


@transaction.atomic
def _purge_portion(kind: DataKind, company: Company, *, now: datetime) -> int:
    """One portion with its proof; answers how many rows went."""
    if kind.forget is None:
        return 0
    ids: list[UUID] = list(
        kind.past_term(company, now=now).order_by(kind.moment).values_list("pk", flat=True)[:PORTION]
    )
    if not ids:
        return 0
    with (
        unscoped(reason="the rows of one company, named by their identifiers"),
        _permitted(kind.model),
    ):
        kind.forget(kind.rows().filter(pk__in=ids))
    PurgeProof.objects.create(
        company=company,
        kind=kind.key,
        term_days=kind.term_days,
        before=kind.before(now),
        count=len(ids),
        digest=proof_digest(ids),
        at=now,
    )
    return len(ids)


def proof_digest(ids: list[UUID]) -> str:
    """SHA-256 over the sorted identifiers, one a line: whoever still knows them can check the proof."""
    lines = "".join(f"{one}\n" for one in sorted(str(one) for one in ids))
    return hashlib.sha256(lines.encode()).hexdigest()


@contextmanager
def _permitted(model: type[models.Model]) -> Iterator[None]:
    """Let rows of an append-only table be deleted inside this block; the permit never outlives it."""
    permit = PurgePermit.objects.create(table_name=model._meta.db_table, transaction_id=_transaction_id())
    yield
    permit.delete()


def _transaction_id() -> str:
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        return str(cursor.fetchone()[0])
