"""What a takeover will do, in sentences, before anything is saved."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ciao_portal.days import day_label, moment_label
from ciao_portal.models import Company
from declarations.models import Declaration, Subcontract, Workplace
from declarations.rules.chain import Period
from declarations.rules.takeover import days_of_new, first_day_of_new, last_day_of_old


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens, and what the office should know about it."""

    lines: list[str]
    warnings: list[str]

    @property
    def mark(self) -> str:
        """Changes with every word: only what was shown is saved."""
        return sha256("\n".join([*self.lines, *self.warnings]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for, as the form has it."""

    at: datetime
    ends_on: date | None
    workplaces: Collection[Workplace]
    places: Collection[Subcontract]
    has_numbers: bool


def plan_of(old: Declaration, wish: Wish, names: dict[Company, str], *, now: datetime) -> Plan:
    """`names` is how the declarer calls the firms of the old chain."""
    return Plan(
        [*_contracts(old, wish), *_codes(old, wish), *_chain(old, wish, names), *_people()],
        _warnings(wish, now=now),
    )


def _contracts(old: Declaration, wish: Wish) -> list[str]:
    last = last_day_of_old(wish.at)
    ended = old.ends_on is not None and old.ends_on < last
    words = _("“%(old)s” ended on %(day)s.") if ended else _("“%(old)s” ends: its last day is %(day)s.")
    first = _("The new declaration counts from %(moment)s; its first day is %(day)s.")
    return [
        words % {"old": old.title, "day": day_label(old.ends_on if ended and old.ends_on else last)},
        first % {"moment": moment_label(wish.at), "day": day_label(first_day_of_new(wish.at))},
    ]


def _codes(old: Declaration, wish: Wish) -> list[str]:
    count = len(wish.workplaces)
    lines = [
        ngettext(
            "%(count)s workplace gets a new code and a new poster. Its old code leads on by itself.",
            "%(count)s workplaces get new codes and new posters. Their old codes lead on by themselves.",
            count,
        )
        % {"count": count}
    ]
    left = [place.name for place in old.workplaces.all() if place not in wish.workplaces]
    if left:
        words = _("Not taken over: %(places)s. The codes there tell that the contract ended, and register.")
        lines.append(words % {"places": ", ".join(left)})
    return lines


def _chain(old: Declaration, wish: Wish, names: dict[Company, str]) -> list[str]:
    lines = []
    for place in old.subcontracts.select_related("company"):
        period = Period(place.starts_on, place.ends_on or date.max)
        days = period.shared(days_of_new(wish.at, wish.ends_on))
        if place.ends_on is not None and place.ends_on < first_day_of_new(wish.at):
            continue
        values = {"company": names[place.company]}
        if place not in wish.places or days is None:
            words = _("%(company)s ends with the old contract.")
        elif days.until is None:
            words = _("%(company)s goes on from %(first)s.")
        else:
            words = _("%(company)s goes on from %(first)s until %(last)s.")
        if days is not None:
            values |= {"first": day_label(days.start), "last": day_label(days.end)}
        lines.append(words % values)
    return lines


def _people() -> list[str]:
    return [
        _(
            "Whoever is at work over the minute still stops under the old declaration, also by the old code; "
            "the next start is under the new one."
        ),
        _(
            "Agreements of your workers about their own phone and their place go on: they are made with you, "
            "not for one contract."
        ),
    ]


def _warnings(wish: Wish, *, now: datetime) -> list[str]:
    warnings = []
    if wish.at < now:
        warnings.append(
            _(
                "This minute has passed. What was registered since then stays under the old declaration, as "
                "it was made. The NSSO may remark on its declaration number; a correction can be asked "
                "within 30 days of each registration."
            )
        )
    if not wish.has_numbers:
        warnings.append(
            _(
                "The numbers of the new declaration are missing. People can register and nothing is lost, "
                "but the NSSO will remark on it: enter them as soon as you have them."
            )
        )
    return warnings
