"""Table cells made from the shared page elements."""

from datetime import date, datetime
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from ciao_portal.days import brussels_day, clock_time, day_label
from ciao_portal.web.cells import shown
from ciao_portal.web.icons import icon_of
from ciao_portal.web.links import link as link  # noqa: PLC0414  # a cell like the others here
from ciao_portal.web.links import row_link as row_link  # noqa: PLC0414
from registrations.wording import Badge

# Where the words of a badge come; no page contains it.
LABEL = "\N{OBJECT REPLACEMENT CHARACTER}"


def badge(look: Badge) -> SafeString:
    """A word with signal and icon, boxed."""
    box = _badge(look.signal, look.icon, look.is_solid)
    return SafeString(box.replace(LABEL, shown(str(look.words))))


# The NSSO's number makes nearly every badge of a list another one, but there are few kinds of them.
@lru_cache(maxsize=256)
def _badge(signal: str, icon: str, is_solid: bool) -> SafeString:
    context = {"signal": signal, "label": LABEL, "icon": icon, "solid": is_solid}
    return render_to_string("elements/badge.html", context)


def word_with_icon(look: Badge) -> SafeString:
    """A word with its icon, not boxed."""
    return _word_with_icon(look.icon, str(look.words))


@lru_cache(maxsize=256)
def _word_with_icon(icon: str, words: str) -> SafeString:
    return SafeString(f'<span class="nowrap">{icon_of(icon, "s")} {shown(words)}</span>')


def days_left(days: int) -> SafeString:
    """The badge with the days that are left."""
    return _days_left(days, get_language())


@lru_cache(maxsize=1024)
def _days_left(days: int, _language: str | None) -> SafeString:
    return render_to_string("elements/days_left.html", {"days": days})


# The same few names stand on a page many times.
@lru_cache(maxsize=1024)
def clipped(words: str) -> SafeString:
    """Words that a narrow column may cut off; the whole is in the title."""
    return SafeString(f'<span title="{shown(words)}">{shown(words)}</span>')


def with_small(main: object, small: object) -> SafeString:
    """A value with a smaller line below."""
    below = f'<span class="cell-sub">{shown(small)}</span>' if small else ""
    return SafeString(f"{shown(main)}{below}")


def moment(value: datetime) -> str:
    """`Mon 23 Nov 06:02` in Brussels, with the offset where the clock alone would not tell which hour."""
    return f"{day(brussels_day(value))} {clock_time(value)}"


def near_moment(value: datetime, *, today: date) -> str:
    """`06:02` for a moment of today, `Sun 22 Nov 22:10` for another day; in Brussels."""
    return clock_time(value) if brussels_day(value) == today else moment(value)


def ago(value: datetime, *, now: datetime) -> str:
    """`12 s ago`, `5 min ago`; beyond an hour the moment itself."""
    seconds = max(0, int((now - value).total_seconds()))
    if seconds < 60:
        return gettext("%(seconds)d s ago") % {"seconds": seconds}
    if seconds < 3600:
        return gettext("%(minutes)d min ago") % {"minutes": seconds // 60}
    return near_moment(value, today=brussels_day(now))


def day(value: date) -> str:
    """`Mon 23 Nov`."""
    return _day(value, get_language())


@lru_cache(maxsize=1024)
def _day(value: date, _language: str | None) -> str:
    return date_format(value, "SHORT_DATE_FORMAT")


def full_day(value: date) -> str:
    """`Mon 23 Nov 2026`."""
    return _full_day(value, get_language())


@lru_cache(maxsize=1024)
def _full_day(value: date, _language: str | None) -> str:
    return date_format(value)


def period(first: date, last: date | None) -> str:
    """`since 01/03/2025`, or `01/03/2025 to 31/08/2026`."""
    if last is None:
        return gettext("since %(day)s") % {"day": day_label(first)}
    return gettext("%(first)s to %(last)s") % {"first": day_label(first), "last": day_label(last)}


def word(icon: str, words: object) -> SafeString:
    """Any word with an icon before it."""
    return word_with_icon(Badge(str(words), "", icon))
