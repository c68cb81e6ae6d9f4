"""The words, letters and figures of a presence report."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import brussels_day, clock_time
from registrations.remarks import known_meaning
from registrations.reports.presence import Line, Span
from registrations.wording import FLAGS

Words = str | Promise

# What stands in place of a time nobody registered.
UNKNOWN = "…"
NEXT_DAY = "⁺¹"
ELSEWHERE_LETTER = "X"
# Fixed, so that one can learn them: a flag has the same letter in every report.
FLAG_LETTERS = {
    "checkOutMissing": "M",
    "inWhilePresent": "S",
    "outWithoutIn": "O",
    "outDuringBreak": "P",
    "breakWithoutIn": "B",
    "breakDuringBreak": "D",
    "breakEndWithoutBreak": "R",
    "outOfOrder": "L",
    "sentLate": "F",
    "clockDoubt": "C",
    "keyReused": "K",
    "identityTyped": "T",
    "employerAssumed": "E",
    "workplaceAssumed": "W",
    "workerUnknown": "U",
    "phoneRevoked": "G",
    "sharedPhone": "J",
    "numberPending": "N",
    "declarationEnded": "A",
    "declarationCancelled": "Q",
    "declarationNotStarted": "V",
    "declarationWithoutNumber": "Z",
    "employerNotInChain": "H",
    "endedElsewhere": "Y",
    "formerEmployer": "I",
    # Every capital has its flag; this one looks like none of them.
    "oldCode": "g",
}
FLAG_WORDS: dict[str, Words] = {code: sentence for code, (_words, sentence) in FLAGS.items()} | {
    # On the line of the presence itself, not on the one after it.
    "checkOutMissing": _("The check-out was never registered; no end was made up."),
}


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign in the table and what it means."""

    sign: str
    words: Words


def hours(minutes: int) -> str:
    """`7:05`; hours are not cut at a day."""
    return f"{minutes // 60}:{minutes % 60:02}"


def times(line: Line) -> str:
    """`06:02–12:10 · 12:41–15:30`, with an offset where the clock alone would not tell."""
    return " · ".join(_span(span, line) for span in line.spans)


def signs(line: Line, remark_numbers: dict[str, int]) -> str:
    """The flags as letters, the open remarks as numbers: `MT 1 3`."""
    letters = {FLAG_LETTERS.get(flag, "?") for flag in line.flags}
    if line.is_elsewhere:
        letters.add(ELSEWHERE_LETTER)
    numbers = sorted(remark_numbers[code] for code in line.remarks)
    return " ".join(part for part in ("".join(sorted(letters)), *map(str, numbers)) if part)


def numbered_remarks(lines: Iterable[Line]) -> dict[str, int]:
    """The remarks that stand, each with its number in this report."""
    codes = sorted({code for line in lines for code in line.remarks})
    return {code: number for number, code in enumerate(codes, start=1)}


def legend(lines: list[Line], remark_numbers: dict[str, int]) -> list[Sign]:
    """What each sign that occurs in these lines means."""
    met = {flag for line in lines for flag in line.flags}
    letters = [
        Sign(FLAG_LETTERS.get(flag, "?"), FLAG_WORDS.get(flag, flag))
        for flag in sorted(met, key=lambda flag: FLAG_LETTERS.get(flag, "?"))
    ]
    if any(line.is_elsewhere for line in lines):
        words = _("Registered elsewhere: the NSSO shows it, this portal did not make it.")
        letters.append(Sign(ELSEWHERE_LETTER, words))
    if any(line.is_open for line in lines):
        letters.append(Sign(UNKNOWN, _("A time that was not registered.")))
    if any(_ends_later(span, line) for line in lines for span in line.spans):
        letters.append(Sign(NEXT_DAY, _("On the following day: a night belongs to the day it started.")))
    return [*letters, *(Sign(str(number), _remark(code)) for code, number in remark_numbers.items())]


def _remark(code: str) -> str:
    known = known_meaning(code)
    words = known.words if known else code
    return gettext("Remark of the NSSO: %(remark)s (%(code)s).") % {"remark": words, "code": code}


def _span(span: Span, line: Line) -> str:
    start = UNKNOWN if span.start is None else clock_time(span.start)
    end = UNKNOWN if span.end is None else clock_time(span.end)
    later = NEXT_DAY if _ends_later(span, line) else ""
    return f"{start}–{end}{later}"


def _ends_later(span: Span, line: Line) -> bool:
    return span.end is not None and brussels_day(span.end) >= line.day + timedelta(days=1)
