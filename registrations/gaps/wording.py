"""Gaps in words: what each kind is called, what was seen, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import clock_time, day_label
from declarations.rules.chain import Period
from registrations import cells
from registrations.rules.gap_days import DayState
from registrations.rules.gaps import Expectation, Gap, GapKind, Lack, Why
from registrations.wording import Badge

Words = str | Promise
Names = Mapping[UUID, str]

BADGES = {
    GapKind.NOT_IN_CHAIN: Badge(_("Not in the chain"), "late", "chain"),
    GapKind.SECOND_LEVEL: Badge(_("Second level not declared"), "late", "chain"),
    GapKind.WRONG_PARENT: Badge(_("Under the wrong company"), "wait", "chain"),
    GapKind.OUTSIDE_PERIOD: Badge(_("Outside its period"), "late", "calendar"),
    GapKind.SILENT: Badge(_("Expected but silent"), "wait", "clock"),
    GapKind.CLAUSE_MISSING: Badge(_("Clause missing"), "wait", "document"),
    GapKind.MEANS_MISSING: Badge(_("Means missing"), "wait", "phone"),
    GapKind.MEANS_UNUSABLE: Badge(_("Means not usable here"), "wait", "tablet"),
}

ADVICE: dict[GapKind, Words] = {
    GapKind.NOT_IN_CHAIN: _(
        "When it works here: add it to the chain and to the declaration at the NSSO. Else its people used a "
        "wrong number: have that corrected within 30 days."
    ),
    GapKind.SECOND_LEVEL: _(
        "Ask the company above it which contract they have, then add it below that company, here and at the "
        "NSSO."
    ),
    GapKind.WRONG_PARENT: _(
        "Ask for whom it works there. Move it in the chain, or add the second contract below that company."
    ),
    GapKind.OUTSIDE_PERIOD: _("Prolong the subcontract here and at the NSSO, or ask why people still work."),
    GapKind.SILENT: _("Ask whether they worked. A holiday looks the same: ask before you conclude."),
    GapKind.CLAUSE_MISSING: _("Add the clause to the contract, then tick it in the chain."),
    GapKind.MEANS_MISSING: _(
        "Agree in writing with what its people register, and hand out the posters of this company."
    ),
    GapKind.MEANS_UNUSABLE: _("Hang up another tablet, or hand out the posters of this company."),
}


@dataclass(frozen=True, slots=True)
class DaySign:
    """What a cell of the days shows beside its number, what it means, and its signal."""

    sign: str
    words: Words
    signal: str = ""


# One sign a state, so that no cell speaks by colour alone.
DAY_SIGNS = {
    DayState.REGISTERED: DaySign("", _("Number of registrations of that day"), "ok"),
    DayState.SILENT: DaySign("S", _("Expected, and silent"), "late"),
    DayState.OUTSIDE: DaySign(
        "!", _("Registered outside its period, or without a place in the chain"), "wait"
    ),
    DayState.NOT_EXPECTED: DaySign("·", _("Nobody expected, nobody registered")),
    DayState.NOTHING: DaySign("", _("No place in the chain on that day, or still to come")),
}
WEEKDAYS: dict[int, Words] = {
    1: _("Monday"),
    2: _("Tuesday"),
    3: _("Wednesday"),
    4: _("Thursday"),
    5: _("Friday"),
    6: _("Saturday"),
    7: _("Sunday"),
}


def days_words(days: tuple[date, ...]) -> str:
    """The day, or how many and the last of them; empty for what stands as of today."""
    if not days:
        return ""
    if len(days) == 1:
        return cells.day(days[0])
    words = ngettext("%(count)s day, the last %(day)s", "%(count)s days, the last %(day)s", len(days))
    return words % {"count": len(days), "day": cells.day(days[-1])}


def all_days(days: tuple[date, ...]) -> str:
    """Every day: `17/11/2026, 18/11/2026`."""
    return ", ".join(map(day_label, days))


def why_words(gap: Gap, names: Names) -> str:
    """What was seen, in one or two sentences; `names` as the reader calls the companies."""
    why = gap.why
    if gap.kind is GapKind.SILENT:
        return _silent(why)
    if gap.kind in (GapKind.NOT_IN_CHAIN, GapKind.SECOND_LEVEL) and not why.through:
        return _stranger(why)
    if gap.kind is GapKind.SECOND_LEVEL:
        words = gettext("%(number)s with the code of %(company)s, below which nobody declared it.")
        return words % {"number": _registrations(why), "company": _name(why.through, names)}
    if gap.kind is GapKind.WRONG_PARENT:
        words = gettext("%(number)s with the code of %(company)s; in the chain it stands elsewhere.")
        return words % {"number": _registrations(why), "company": _name(why.through, names)}
    if gap.kind is GapKind.OUTSIDE_PERIOD:
        words = gettext("%(number)s on days on which its subcontract did not run (%(periods)s).")
        return words % {"number": _registrations(why), "periods": _periods(why.periods)}
    return _of_contract(gap)


def _silent(why: Why) -> str:
    if Expectation.PATTERN not in why.expectations or why.usually_by is None:
        return gettext("Expected by the days of the week you told.")
    values = {"weeks": why.weeks, "clock": clock_time(why.usually_by)}
    if Expectation.DECLARED in why.expectations:
        words = gettext(
            "Expected by its habit (registered by %(clock)s on %(weeks)s of the last four same days of the "
            "week), and by the days of the week you told."
        )
    else:
        words = gettext(
            "Expected by its habit: registered by %(clock)s on %(weeks)s of the last four same days of the "
            "week."
        )
    return words % values


def _stranger(why: Why) -> str:
    number = _registrations(why)
    if why.by_nsso and why.periods:
        words = gettext(
            "%(number)s. It stands in your chain here, but the NSSO remarks that the declaration does not "
            "have it."
        )
    elif why.by_nsso:
        words = gettext("%(number)s. Nobody declared it here, and the NSSO remarks on it.")
    else:
        words = gettext("%(number)s. Nobody declared it here.")
    return words % {"number": number}


def _of_contract(gap: Gap) -> str:
    day = {"day": day_label(gap.why.since) if gap.why.since else ""}
    if gap.kind is GapKind.CLAUSE_MISSING:
        return gettext("The subcontract of %(day)s does not remind of the duty to register.") % day
    if gap.kind is GapKind.MEANS_MISSING:
        words = gettext(
            "In the chain since %(day)s. No agreement on means is noted, and nobody of it registered in "
            "the last four weeks."
        )
        return words % day
    if gap.why.lack is Lack.TABLET_REVOKED:
        words = gettext(
            "Its people registered on a tablet that was revoked on %(day)s; no other stands there."
        )
        return words % day
    return gettext("There is no code with which its people can register on these works.")


def _registrations(why: Why) -> str:
    words = ngettext("%(count)s registration", "%(count)s registrations", why.registrations)
    return words % {"count": why.registrations}


def _periods(periods: tuple[Period, ...]) -> str:
    return "; ".join(cells.period(period.start, period.until) for period in periods) or gettext("no day")


def _name(company: UUID | None, names: Names) -> str:
    return names.get(company, "") if company else ""


def letter_line(gap: Gap, firms: Mapping[UUID, str]) -> str:
    """What a letter says of a gap to whoever must mend it: nobody beside or above it is named.

    `firms` are names with numbers. Needs the language of the letter.
    """
    days = {"days": all_days(gap.days), "company": firms.get(gap.company, "")}
    if gap.kind is GapKind.SECOND_LEVEL and gap.why.through:
        words = gettext(
            "Somebody registered with your code for %(company)s, which nobody declared: %(days)s. Tell us "
            "who this is, before it works on."
        )
        return words % days
    if gap.why.by_nsso:
        words = gettext(
            "The NSSO remarks that your company does not stand in the chain of the declaration: %(days)s. "
            "Send us the facts of your contract."
        )
        return words % days
    return str(_LETTER_LINES[gap.kind]) % days


_LETTER_LINES: dict[GapKind, Words] = {
    GapKind.NOT_IN_CHAIN: _("People of %(company)s registered, which nobody declared: %(days)s."),
    GapKind.SECOND_LEVEL: _("People of %(company)s registered, which nobody declared: %(days)s."),
    GapKind.WRONG_PARENT: _("People of yours registered with the code of another company: %(days)s."),
    GapKind.OUTSIDE_PERIOD: _("People of yours registered outside the period of your subcontract: %(days)s."),
    GapKind.SILENT: _("Somebody of yours was expected, and nobody registered: %(days)s."),
    GapKind.CLAUSE_MISSING: _(
        "Your subcontract does not remind of the duty to register. It needs that clause."
    ),
    GapKind.MEANS_MISSING: _(
        "We do not know with what your people register, and none of them registered in the last four weeks."
    ),
    GapKind.MEANS_UNUSABLE: _(
        "The means with which your people registered can no longer be used there. Ask us for another one."
    ),
}
