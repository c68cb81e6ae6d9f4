"""Days as Belgium counts them: moments are stored in UTC, days are Brussels days.

Every ``moment`` is an aware datetime; a naive one raises ValueError. Intervals of moments are
half-open (start included, end not), windows of days are inclusive on both sides.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from ciao_portal.errors import DomainError

BRUSSELS = ZoneInfo("Europe/Brussels")
# One export holds at most 100 calendar days: NSSO's CIaO FAQ, question 19.
LONGEST_WINDOW = 100


def brussels_time(moment: datetime) -> datetime:
    """The same moment on a Brussels clock."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(BRUSSELS)


def brussels_day(moment: datetime) -> date:
    """The calendar day in Brussels at that moment."""
    return brussels_time(moment).date()


def moments_of_clock(local: datetime) -> list[datetime]:
    """The moments (UTC) at which a Brussels clock shows this naive time: usually one.

    Two in the autumn hour that comes twice, the earlier first; none in the spring hour that is left out.
    """
    told = [local.replace(tzinfo=BRUSSELS, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return [
        moment
        for moment in dict.fromkeys(told)
        if brussels_time(moment).replace(tzinfo=None, fold=0) == local
    ]


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Start (included) and end (excluded) of a Brussels day, in UTC: 23, 24 or 25 hours."""
    return _midnight(day), _midnight(day + timedelta(days=1))


def days_inclusive(first: date, last: date) -> int:
    """How many calendar days from first to last, both counted; 0 or less when last is before first."""
    return (last - first).days + 1


def each_day(first: date, last: date) -> Iterator[date]:
    """Every day from first to last, both included."""
    return (first + timedelta(days=step) for step in range(days_inclusive(first, last)))


def check_window(first: date, last: date, *, longest: int = LONGEST_WINDOW) -> None:
    """Raises ``window.order`` when last is before first, ``window.long`` beyond ``longest`` days."""
    count = days_inclusive(first, last)
    if count < 1:
        raise DomainError("window.order", _("The last day is before the first day."))
    if count > longest:
        raise DomainError(
            "window.long",
            _("These are %(count)s days; at most %(longest)s calendar days fit. Choose a later first day."),
            params={"count": count, "longest": longest},
        )


def periods_overlap(
    start: date | None, end: date | None, other_start: date | None, other_end: date | None
) -> bool:
    """True when two inclusive periods share a day; None stands for open."""
    return (start or date.min) <= (other_end or date.max) and (other_start or date.min) <= (end or date.max)


def is_ambiguous(moment: datetime) -> bool:
    """True in the two hours of the autumn night that share one clock time."""
    local = brussels_time(moment)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def clock_time(moment: datetime) -> str:
    """``06:02``; with the offset, ``02:30 +01:00``, where the clock alone would not tell which."""
    local = brussels_time(moment)
    return f"{local:%H:%M} {_offset(local)}" if is_ambiguous(moment) else f"{local:%H:%M}"


def day_label(day: date) -> str:
    """``21/11/2026``, the way Belgium writes a day in figures in every one of its languages."""
    return f"{day:%d/%m/%Y}"


def moment_label(moment: datetime) -> str:
    """``21/11/2026 06:02``, with the offset where the hour is ambiguous."""
    return f"{day_label(brussels_day(moment))} {clock_time(moment)}"


def iso_moment(moment: datetime) -> str:
    """``2026-11-21T06:02:13+01:00``: Brussels time for machines, to the second."""
    return brussels_time(moment).isoformat(timespec="seconds")


def _midnight(day: date) -> datetime:
    # Belgium changes its clocks at 02:00 and 03:00, so midnight always exists exactly once.
    return datetime.combine(day, time.min, tzinfo=BRUSSELS).astimezone(UTC)


def _offset(local: datetime) -> str:
    text = f"{local:%z}"
    return f"{text[:3]}:{text[3:]}"
