"""What one worker registered with the company, day by day: presences, hours and the picture of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import DateTimeField
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from ciao_portal.days import brussels_day, clock_time, day_bounds, each_day
from ciao_portal.prepared import PERSON, VIEWER, Given, Prepared
from ciao_portal.tenancy import unscoped
from declarations.rules.thresholds import CIAO_IN_FORCE
from registrations import cells
from registrations.models import Employment, Registration
from registrations.reports.presence import minutes_between
from registrations.reports.wording import hours
from registrations.rules.intervals import Interval, pair_by_group
from registrations.rules.presence import Event, Kind
from registrations.timeline import Lone, Row, Shift, Timeline, timeline_of
from registrations.wording import kind_badge

RECENT_DAYS = 14
GRID_LINE = '<line class="picture__grid{}" x1="{}" x2="{}" y1="0" y2="100%"></line>'
# A presence may have begun before the first day and end after the last: read so much more on both sides.
MARGIN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Window:
    """Brussels days, both inclusive; a chosen week or the last days."""

    first: date
    last: date
    is_week: bool

    @classmethod
    def chosen(cls, text: str, *, today: date) -> "Window":
        """The week (Monday to Sunday) of the day in `text`; the last 14 days when that names no past day."""
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = date.min
        # Nobody registered before the duty began; addresses that ask for more are not followed.
        if not CIAO_IN_FORCE <= day <= today:
            return cls(today - timedelta(days=RECENT_DAYS - 1), today, is_week=False)
        monday = day - timedelta(days=day.weekday())
        return cls(monday, monday + timedelta(days=6), is_week=True)

    @property
    def words(self) -> str:
        return gettext("%(first)s to %(last)s") % {
            "first": cells.full_day(self.first),
            "last": cells.full_day(self.last),
        }

    @property
    def before(self) -> str:
        """The week before, for the address; empty at the edge of the calendar."""
        return (self.first - timedelta(days=1)).isoformat() if self.first > CIAO_IN_FORCE else ""

    def after(self, *, today: date) -> str:
        """The week after, empty when it lies in the future."""
        following = self.last + timedelta(days=1)
        return following.isoformat() if following <= today else ""


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A presence in words: clock times, breaks and hours; `until` is empty while the end is not known."""

    registration: UUID
    place: str
    since: str
    until: str
    breaks: str
    worked: str
    is_running: bool
    is_missing_check_out: bool


@dataclass(frozen=True, slots=True)
class WorkedDay:
    """One day with its words; `worked` is `7:32`, empty when no presence of the day is closed."""

    day: date
    words: str
    worked: str
    shifts: list[ShiftRow]
    lone: list[Lone]


@dataclass(frozen=True, slots=True)
class Workdays:
    """Days of one worker, the latest first; `total` counts closed presences only."""

    window: Window
    picture: Timeline
    days: list[WorkedDay]
    total: str
    has_open_end: bool

    @property
    def has_any(self) -> bool:
        return any(day.shifts or day.lone for day in self.days)

    @property
    def grid(self) -> SafeString:
        """The lines of the hours, which are the same in the picture of every day."""
        lines = [
            (" picture__grid--firm" if hour.is_midnight else "", hour.x, hour.x)
            for hour in self.picture.axis.hours
        ]
        return format_html_join("", GRID_LINE, lines)

    @property
    def rows(self) -> list[tuple[WorkedDay, Row]]:
        """Each day with its row of the picture."""
        return list(zip(self.days, self.picture.rows, strict=True))


def workdays_of(employment: Employment, window: Window, *, now: datetime) -> Workdays:
    """Presences of these days by this worker with this company; one query."""
    shifts, lone = _read(employment, window, now=now)
    days = [*each_day(window.first, window.last)][::-1]
    picture = timeline_of(days, shifts, lone, now=now)
    worked = [_worked_day(day, shifts, lone) for day in days]
    shown = [shift for shift in shifts if window.first <= shift.interval.day <= window.last]
    return Workdays(
        window,
        picture,
        worked,
        hours(_minutes(shown)),
        any(shift.interval.end is None for shift in shown),
    )


def _read(employment: Employment, window: Window, *, now: datetime) -> tuple[list[Shift], list[Lone]]:
    with unscoped(reason="registrations of one person for one company, both named"):
        rows = _REGISTERED.all(
            viewer=employment.company_id,
            person=employment.person_id,
            start=day_bounds(window.first)[0] - MARGIN,
            end=day_bounds(window.last)[1] + MARGIN,
        )
    events = [(row.declaration_id, Event(row.pk, Kind(row.kind), row.happened_at)) for row in rows]
    places = {row.pk: row.workplace.name for row in rows}
    opening: dict[tuple[UUID, datetime], UUID] = {}
    for declaration, event in events:
        opening.setdefault((declaration, event.at), event.id)
    shifts, lone = [], []
    for declaration, pairing in pair_by_group(events, now).items():
        for interval in pairing.intervals:
            first = opening[declaration, interval.start]
            place = places[first]
            shifts.append(Shift(interval, place, _label(interval, place), first))
        lone += [Lone(event, _lone_label(event, places[event.id])) for event in pairing.loose]
    return sorted(shifts, key=lambda shift: shift.interval.start), lone


_REGISTERED = Prepared(
    lambda: (
        Registration.objects.filter(
            employer=VIEWER,
            person=PERSON,
            happened_at__gte=Given("start", DateTimeField()),
            happened_at__lt=Given("end", DateTimeField()),
        )
        .select_related("workplace")
        .only("declaration", "kind", "happened_at", "workplace__name")
        .order_by("happened_at", "id")
    )
)


def _worked_day(day: date, shifts: list[Shift], lone: list[Lone]) -> WorkedDay:
    of_day = [shift for shift in shifts if shift.interval.day == day]
    closed = [shift for shift in of_day if shift.interval.end is not None]
    return WorkedDay(
        day,
        cells.day(day),
        hours(_minutes(closed)) if closed else "",
        [_shift_row(shift) for shift in of_day],
        [single for single in lone if brussels_day(single.event.at) == day],
    )


def _shift_row(shift: Shift) -> ShiftRow:
    interval = shift.interval
    return ShiftRow(
        shift.registration,
        shift.place,
        clock_time(interval.start),
        _end_words(interval),
        ", ".join(_breaks(interval)),
        hours(_minutes([shift])) if interval.end else "",
        interval.is_running,
        interval.is_check_out_missing,
    )


def _end_words(interval: Interval) -> str:
    return cells.near_moment(interval.end, today=interval.day) if interval.end else ""


def _breaks(interval: Interval) -> Iterator[str]:
    for pause in interval.breaks:
        end = clock_time(pause.end) if pause.end else "…"
        yield f"{clock_time(pause.start)}–{end}"


def _label(interval: Interval, place: str) -> str:
    if interval.is_check_out_missing:
        words = gettext("%(start)s at %(place)s, check-out missing")
    elif interval.is_running:
        words = gettext("%(start)s at %(place)s, still there")
    else:
        words = gettext("%(start)s to %(end)s at %(place)s")
    return words % {"start": clock_time(interval.start), "end": _end_words(interval), "place": place}


def _lone_label(event: Event, place: str) -> str:
    return gettext("%(kind)s at %(moment)s at %(place)s, with nothing before it") % {
        "kind": kind_badge(event.kind).words,
        "moment": clock_time(event.at),
        "place": place,
    }


def _minutes(shifts: list[Shift]) -> int:
    """What the printed clock times add up to, as in the reports; open presences count for nothing."""
    return sum(_worked_minutes(shift.interval) for shift in shifts if shift.interval.end)


def _worked_minutes(interval: Interval) -> int:
    rest = sum(minutes_between(pause.start, pause.end) for pause in interval.breaks)
    return minutes_between(interval.start, interval.end) - rest
