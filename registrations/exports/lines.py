"""The columns of an export and the text of its lines.

The keys of the columns, their order and the dialect are promises (see the interface document, §6). People and
firms, works and workplaces are looked up once for a whole export and kept as finished cells, so that a line
costs little more than joining text. Names and full numbers are those of the company's own people: whoever
registered for another employer stays nameless and masked.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import islice
from uuid import UUID

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ciao_portal.companies import names_of_companies
from ciao_portal.days import BRUSSELS, brussels_day, each_day, is_ambiguous
from ciao_portal.identifiers import (
    format_declaration_number,
    format_ssin,
    mask_ssin,
)
from ciao_portal.models import Company, Person
from ciao_portal.tenancy import unscoped
from ciao_portal.web.cells import Once
from ciao_portal.web.csv import BOM, csv_cell
from declarations.models import Declaration, Workplace
from registrations.exports.rows import ELSEWHERE, Row, Selection, rows_for
from registrations.models import Means, Remark
from registrations.models.nsso import SubmissionState
from registrations.models.registrations import KindChoice
from registrations.querysets import names_of
from registrations.rules.deadlines import last_day
from registrations.rules.presence import Kind, nsso_type
from registrations.wording import STATE_BADGES, flag_words, known_validities, validity_badge

Words = str | Promise
LINES_PER_PART = 1000

# The key for machines, the words for people.
HEADER: tuple[tuple[str, Words], ...] = (
    ("registrationId", _("Registration id")),
    ("happenedAt", _("Time")),
    ("receivedAt", _("Received")),
    ("kind", _("Registration")),
    ("nssoType", _("Type at the NSSO")),
    ("workerName", _("Worker")),
    ("ssin", _("National number")),
    ("employerName", _("Employer")),
    ("enterpriseNumber", _("Enterprise number")),
    ("declarationNumber", _("Declaration number")),
    ("contractualRelationshipReference", _("Technical reference")),
    ("workplace", _("Workplace")),
    ("address", _("Address")),
    ("means", _("Means")),
    ("location", pgettext_lazy("where a registration was made", "Place")),
    ("nssoState", _("State at the NSSO")),
    ("nssoId", _("NSSO number")),
    ("validity", _("Validity")),
    ("remarks", _("Open remarks")),
    ("flags", _("Remarkable")),
    ("claimedAt", _("Time on the phone")),
    ("offsetSeconds", _("Clock of the phone behind, in seconds")),
)
ELSEWHERE_WORDS = _("Registered elsewhere")
NOTHING = csv_cell("")
TYPES = {kind.value: csv_cell(nsso_type(kind)) for kind in Kind}
HOUR_S = 3600
CLOCK = tuple(f"{minute:02d}:{second:02d}" for minute in range(60) for second in range(60))


@dataclass(frozen=True, slots=True)
class Dialect:
    """For whom the lines are written; national numbers in full only of the company's own people."""

    language: str
    has_machine_keys: bool = False
    has_full_numbers: bool = False


def export_parts(
    company: Company, selection: Selection, dialect: Dialect, *, now: datetime
) -> Iterator[bytes]:
    """The file in parts of many lines, header first. Reads as it goes; needs no scope and no language."""
    return parts_of(rows_for(company, selection), company, dialect, now=now)


def parts_of(rows: Iterable[Row], company: Company, dialect: Dialect, *, now: datetime) -> Iterator[bytes]:
    """A file of these rows, which come in order of time, as the company reads them."""
    lines = _Lines(company, dialect, today=brussels_day(now))
    yield BOM + lines.header
    rows = iter(rows)
    while part := list(islice(rows, LINES_PER_PART)):
        yield lines.of(part)


def _around_hour(hour: int, *, is_iso: bool) -> tuple[str, str]:
    """What stands before and after the minutes and seconds of a moment, by the hour since 1970.

    Brussels differs from UTC by whole hours, so that within one of them nothing else changes.
    """
    moment = datetime.fromtimestamp(hour * HOUR_S, BRUSSELS)
    offset = moment.isoformat()[-6:]
    if is_iso:
        return f'"{moment:%Y-%m-%dT%H}:', f'{offset}"'
    # A clock time alone is in doubt only in the hour that comes twice.
    return f'"{moment:%d/%m/%Y %H}:', f' {offset}"' if is_ambiguous(moment) else '"'


class _Lines:
    """Rows to text, with everything looked up before kept as finished cells."""

    def __init__(self, company: Company, dialect: Dialect, *, today: date) -> None:
        self.company = company
        self.own_key = str(company.pk)
        self.dialect = dialect
        self.today = today
        self.hours = Once(partial(_around_hour, is_iso=dialect.has_machine_keys))
        # Own people, and those of other employers.
        self.people: dict[str, str] = {}
        self.others: dict[str, str] = {}
        self.firms: dict[str, str] = {}
        self.works: dict[str | None, str] = {None: NOTHING}
        self.places: dict[str | None, str] = {None: f"{NOTHING};{NOTHING}"}
        self.references = Once(csv_cell)
        self.flags = Once(self._flags)
        # Days whose remarks are at hand.
        self.days: set[date] = set()
        self.remarks: dict[str, str] = {}
        self.chain: set[UUID] | None = None
        with translation.override(dialect.language):
            self.header = self._header()
            self.kinds = self._words({kind.value: kind.label for kind in KindChoice})
            means = {one.value: one.label for one in Means} | {ELSEWHERE: ELSEWHERE_WORDS}
            self.means = self._words(means)
            states = {state.value: STATE_BADGES[state].words for state in SubmissionState}
            self.states = self._words(states) | {None: NOTHING}
            known = {validity: validity_badge(validity).words for validity in known_validities()}
            self.validities = self._words({"": "", **known}) | {None: NOTHING}

    def of(self, rows: list[Row]) -> bytes:
        """The lines of these rows, in their order."""
        # The rows come in order of time: days that are over are not met again.
        days = set(each_day(brussels_day(rows[0].happened_at), brussels_day(rows[-1].happened_at)))
        if not days <= self.days:
            self.days, self.remarks = days, self._remarks_on(days)
        try:
            return "".join(map(self._line, rows)).encode()
        except KeyError:
            # Somebody or something new: after the first lines of a file this gets rare.
            self._look_up(rows)
            return "".join(map(self._line, rows)).encode()

    def _header(self) -> bytes:
        names = (key if self.dialect.has_machine_keys else words for key, words in HEADER)
        return (";".join(map(csv_cell, names)) + "\r\n").encode()

    def _words(self, labels: Mapping[str, Words]) -> dict[str | None, str]:
        """Finished cells by code: the code itself for machines, the words for people."""
        return {
            code: csv_cell(code if self.dialect.has_machine_keys else str(words))
            for code, words in labels.items()
        }

    def _line(self, row: Row) -> str:
        people = self.people if row.employer == self.own_key else self.others
        cells = (
            NOTHING if row.received is None else f'"{row.key}"',
            self._moment(row.at),
            NOTHING if row.received is None else self._moment(row.received),
            self.kinds.get(row.kind) or csv_cell(row.kind),
            TYPES.get(row.kind) or csv_cell(row.kind),
            people[row.person],
            self.firms[row.employer],
            self.works[row.declaration],
            self.references[row.reference],
            self.places[row.workplace],
            self.means.get(row.means) or csv_cell(row.means),
            NOTHING if row.latitude is None and not row.street else _location(row),
            self.states[row.state],
            "" if row.nsso_id is None else str(row.nsso_id),
            self.validities.get(row.validity) or csv_cell(row.validity),
            self.remarks.get(row.key, NOTHING),
            self.flags[row.flags],
            NOTHING if row.claimed is None else self._moment(row.claimed),
            "" if row.offset_ms is None else str(round(row.offset_ms / 1000)),
        )
        return ";".join(cells) + "\r\n"

    def _moment(self, microseconds: int) -> str:
        hour, second = divmod(microseconds // 1_000_000, HOUR_S)
        before, after = self.hours[hour]
        return f"{before}{CLOCK[second]}{after}"

    def _flags(self, text: str) -> str:
        flags: list[str] = json.loads(text)
        with translation.override(self.dialect.language):
            names = flags if self.dialect.has_machine_keys else [str(flag_words(flag)) for flag in flags]
        return csv_cell(", ".join(names))

    def _look_up(self, rows: list[Row]) -> None:
        """Read whatever these rows name and no row before did."""
        own = {row.person for row in rows if row.employer == self.own_key}
        others = {row.person for row in rows if row.employer != self.own_key}
        self._look_up_people(own - self.people.keys(), others - self.others.keys())
        self._look_up_firms({row.employer for row in rows} - self.firms.keys())
        self._look_up_works({row.declaration for row in rows if row.declaration} - self.works.keys())
        self._look_up_places({row.workplace for row in rows if row.workplace} - self.places.keys())

    def _look_up_people(self, own: set[str], others: set[str]) -> None:
        if not own and not others:
            return
        names = names_of(map(UUID, own), company=self.company, day=self.today)
        for person in Person.objects.filter(pk__in=own | others):
            key = str(person.pk)
            if key in own:
                number = self._number(person.ssin, is_own=True)
                self.people[key] = f"{csv_cell(names.get(person.pk, ''))};{csv_cell(number)}"
            if key in others:
                self.others[key] = f"{NOTHING};{csv_cell(self._number(person.ssin, is_own=False))}"

    def _number(self, ssin: str | None, *, is_own: bool) -> str:
        if ssin is None:
            return ""
        if not (is_own and self.dialect.has_full_numbers):
            return mask_ssin(ssin)
        return ssin if self.dialect.has_machine_keys else format_ssin(ssin)

    def _look_up_firms(self, missing: set[str]) -> None:
        if not missing:
            return
        with unscoped(reason="how the company itself calls the employers of rows it may see"):
            names = names_of_companies(self.company, set(Company.objects.filter(pk__in=missing)))
        for firm, name in names.items():
            number = firm.number
            if self.dialect.has_machine_keys:
                number = firm.enterprise_number or number
            self.firms[str(firm.pk)] = f"{csv_cell(name)};{csv_cell(number)}"

    def _look_up_works(self, missing: set[str]) -> None:
        if not missing:
            return
        with unscoped(reason="the declarations that rows the company may see were registered on"):
            found = Declaration.objects.filter(pk__in=missing)
        for key, number in found.values_list("pk", "declared_number"):
            is_plain = self.dialect.has_machine_keys or not number
            self.works[str(key)] = csv_cell(number if is_plain else format_declaration_number(number))

    def _look_up_places(self, missing: set[str]) -> None:
        if not missing:
            return
        with unscoped(reason="the workplaces that rows the company may see were registered at"):
            found = Workplace.objects.filter(pk__in=missing)
        for place in found:
            self.places[str(place.pk)] = f"{csv_cell(place.name)};{csv_cell(place.address)}"

    def _remarks_on(self, days: set[date]) -> dict[str, str]:
        """Open remarks by registration (or by presence, for what was registered elsewhere).

        Wider than what the company may see, along the two indexes; only visible rows look them up.
        """
        if self.chain is None:
            self.chain = set(_works_of(self.company))
        standing = Remark.objects.filter(gone_at__isnull=True, last_day__in=[last_day(day) for day in days])
        columns = ("presence__registration", "presence", "code")
        found: dict[UUID, set[str]] = {}
        for mine in ({"employer": self.company}, {"declaration__in": self.chain}):
            for registration, presence, code in standing.filter(**mine).values_list(*columns):
                found.setdefault(registration or presence, set()).add(code)
        return {str(key): csv_cell(", ".join(sorted(codes))) for key, codes in found.items()}


def _works_of(company: Company) -> Iterable[UUID]:
    with unscoped(reason="the company's own declarations and those of chains it stands in, as ids"):
        rows = Declaration.objects.filter(chain_views__viewer=company)
    return rows.values_list("pk", flat=True).distinct()


def _location(row: Row) -> str:
    if row.latitude is not None:
        return csv_cell(f"{row.latitude:f}, {row.longitude:f}")
    if row.street:
        return csv_cell(f"{row.street} {row.house_number or ''}, {row.post_code} {row.municipality}")
    return NOTHING
