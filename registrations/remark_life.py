"""The life of remarks in steps: seen, changed, reminded of, gone; to be shown beside other steps."""

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registrations import cells
from registrations.models import EarlierWording, Remark, RemarkReminder
from registrations.remarks import meaning_of, words_in
from registrations.shown_letters import letter_badge
from registrations.wording import Badge

# When, and what stands on the line (see elements/timeline.html).
Moment = tuple[datetime, dict[str, object]]

SEEN = Badge(_("First seen"), "wait", "remark")
CHANGED = Badge(_("Changed by the NSSO"), "wait", "edit")
NOT_LISTED = Badge(_("The presence is no longer listed"), "info", "info")
GONE = Badge(_("Gone"), "ok", "check")


def step(at: datetime, look: Badge, detail: str = "", url: str = "") -> Moment:
    """One step, titled by the words of its look; `url` leads to what is told in it."""
    shown = {"time": cells.moment(at), "title": look.words, "signal": look.signal, "icon": look.icon}
    return at, {**shown, "detail": detail, "url": url}


def in_order(*parts: Iterable[Moment]) -> list[dict[str, object]]:
    """The steps of several lives in one line, the first one first."""
    moments = [moment for part in parts for moment in part]
    return [shown for _at, shown in sorted(moments, key=lambda moment: moment[0])]


def life_of(remarks: Iterable[Remark], *, is_named: bool = False) -> list[Moment]:
    """What became of these remarks; two queries.

    `is_named`: each step says which remark it is about. Call it inside the scope of the company that looks:
    it reads its own reminders alone.
    """
    rows = list(remarks)
    about = {row.pk: _about(row) if is_named else "" for row in rows}
    moments = [moment for row in rows for moment in _seen_and_gone(row, about[row.pk])]
    for earlier in EarlierWording.objects.filter(remark__in=rows):
        before = _before(words_in(earlier.description), earlier.dated)
        detail = " · ".join(filter(None, (about[earlier.remark_id], before)))
        moments.append(step(earlier.until, CHANGED, detail))
    reminders = RemarkReminder.objects.filter(remarks__in=rows).select_related("letter").distinct()
    return [*moments, *map(_reminded, reminders)]


def _seen_and_gone(row: Remark, about: str) -> Iterable[Moment]:
    yield step(row.first_seen_at, SEEN, about)
    if row.gone_with_presence and row.gone_at:
        yield step(row.gone_at, NOT_LISTED, about)
    elif row.gone_at:
        yield step(row.gone_at, GONE, about)


def _reminded(reminder: RemarkReminder) -> Moment:
    look = letter_badge(reminder.letter)
    words = gettext("%(outcome)s, %(address)s") % {
        "outcome": look.words,
        "address": reminder.letter.address if reminder.letter else "…",
    }
    url = reverse("registrations:remark-reminder", args=[reminder.pk])
    return step(reminder.created_at, Badge(_("Company reminded"), look.signal, "mail"), words, url)


def _about(row: Remark) -> str:
    return f"{meaning_of(row).words} · {cells.full_day(row.happened_day)}"


def _before(said: str, dated: date | None) -> str:
    """How it was until then."""
    if dated is None:
        return gettext("Before, the NSSO said: %(words)s") % {"words": said}
    return gettext("Before, the NSSO said, with the date %(day)s: %(words)s") % {
        "day": cells.full_day(dated),
        "words": said,
    }
