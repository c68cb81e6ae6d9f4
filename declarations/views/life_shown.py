"""What the page of a declaration shows of its life: what is urgent, its moves, amounts and assessments."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ciao_portal.days import brussels_day, day_label
from declarations.advice_wording import SHORT_DUTIES
from declarations.amounts import euros
from declarations.life_wording import QUESTIONS
from declarations.models import Assessment, Attachment, Cancellation, Declaration
from declarations.models.declarations import DeclarationState, Move
from declarations.querysets import ENDING_SOON
from declarations.rules.advising import Duty
from declarations.rules.first_shift import NumberWanted, number_wanted
from declarations.rules.foreseeing import Term, term_on
from declarations.tables import NUMBER_SIGNALS


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence above the facts, with the page where something is done about it (empty for who may not)."""

    signal: str
    title: str
    text: str
    url: str = ""
    label: str = ""


def notices(declaration: Declaration, today: date, *, is_own: bool, may_change: bool) -> list[Notice]:
    """What the office should not miss, the most urgent first; why works were called off, for the declarer."""
    found = []
    if declaration.state_on(today) is DeclarationState.CANCELLED:
        found.append(_cancelled(declaration, is_own=is_own))
    if declaration.state_on(today) is DeclarationState.DRAFT:
        found.append(_number_missing(declaration, today, may_change=may_change))
    if _ends_soon(declaration, today):
        found.append(_ending(declaration, today, may_change=may_change))
    return found


def move_buttons(declaration: Declaration, today: date, *, leaving: bool) -> list[dict[str, Any]]:
    """The moves that are possible today: those that leave the works (foot of the page), or the others."""
    return [
        {
            "url": _address(declaration, move),
            "label": move.label,
            "icon": QUESTIONS[move].icon,
            "danger": move is Move.CANCEL,
        }
        for move in declaration.moves_on(today)
        if (move in (Move.END, Move.CANCEL)) is leaving
    ]


def amount_rows(terms: tuple[Term, ...], today: date) -> list[dict[str, Any]]:
    """Every amount, the latest first; none when there has only ever been one, which the facts tell."""
    if len(terms) == 1:
        return []
    current = term_on(terms, today)
    return [
        {
            "from_day": day_label(term.from_day),
            "amount": euros(term.amount, per_year=term.per_year),
            "is_current": term == current,
        }
        for term in reversed(terms)
    ]


def assessment_rows(declaration: Declaration) -> list[dict[str, Any]]:
    """The answers kept when a change turned the duty round, the latest first."""
    return [
        {
            "url": reverse("declarations:assessment", args=[row.pk]),
            "answer": SHORT_DUTIES[Duty(row.duty)],
            "since": day_label(row.since) if row.since else "",
            "made_on": day_label(brussels_day(row.made_at)),
        }
        for row in Assessment.objects.filter(declaration=declaration)
    ]


def paper_rows(declaration: Declaration, *, may_change: bool) -> list[dict[str, Any]]:
    """The papers, the latest first; the withdrawn ones last, with why."""
    rows = Attachment.objects.filter(declaration=declaration).select_related(
        "paper__added_by", "withdrawn_by"
    )
    return [
        _paper_row(row, may_change=may_change) for row in sorted(rows, key=lambda row: bool(row.withdrawn_at))
    ]


def _paper_row(row: Attachment, *, may_change: bool) -> dict[str, Any]:
    def address(name: str) -> str:
        return reverse(f"declarations:{name}", kwargs={"pk": row.declaration_id, "attachment": row.pk})

    added = {"day": day_label(brussels_day(row.paper.added_at)), "person": row.paper.added_by}
    withdrawn = ""
    if row.withdrawn_at:
        words = {"day": day_label(brussels_day(row.withdrawn_at)), "person": row.withdrawn_by}
        withdrawn = _("Withdrawn on %(day)s by %(person)s") % words
    return {
        "title": row.paper.title,
        "kind": row.get_kind_display(),
        "added": _("Added on %(day)s by %(person)s") % added,
        "url": address("paper"),
        "withdrawn": withdrawn,
        "reason": row.withdrawal_reason,
        "withdraw_url": address("paper-withdraw") if may_change and not withdrawn else "",
    }


def _number_missing(declaration: Declaration, today: date, *, may_change: bool) -> Notice:
    wanted = number_wanted(declaration.starts_on, today)
    days = {"day": day_label(declaration.starts_on)}
    titles = {
        NumberWanted.NOW: _("The works began on %(day)s, and the number of the NSSO is missing.") % days,
        NumberWanted.SOON: _("The first shift is on %(day)s, and the number of the NSSO is missing.") % days,
        NumberWanted.LATER: _("The numbers of the NSSO are missing."),
    }
    text = _(
        "People can register already and nothing is lost, but the NSSO will remark on a missing declaration."
    )
    if not may_change:
        return Notice(NUMBER_SIGNALS[wanted], titles[wanted], text)
    url = reverse("declarations:edit", kwargs={"pk": declaration.pk})
    return Notice(NUMBER_SIGNALS[wanted], titles[wanted], text, url, _("Enter the numbers"))


def _cancelled(declaration: Declaration, *, is_own: bool) -> Notice:
    day = declaration.cancelled_on
    title = _("These works are called off from %(day)s.") % {"day": day_label(day) if day else ""}
    last = Cancellation.objects.filter(declaration=declaration).first() if is_own else None
    return Notice("info", title, last.reason if last else "")


def _ends_soon(declaration: Declaration, today: date) -> bool:
    is_running = declaration.state_on(today) not in (DeclarationState.ENDED, DeclarationState.CANCELLED)
    return is_running and declaration.ends_on is not None and declaration.ends_on - today <= ENDING_SOON


def _ending(declaration: Declaration, today: date, *, may_change: bool) -> Notice:
    last = declaration.ends_on or today
    days = (last - today).days
    title = (
        ngettext("The contract ends tomorrow.", "The contract ends in %(days)s days.", days) % {"days": days}
        if days
        else _("The contract ends today.")
    )
    text = _("If the works go on, renew the contract here and at the NSSO before %(day)s is over.")
    words = text % {"day": day_label(last)}
    if not may_change:
        return Notice("wait", title, words)
    return Notice("wait", title, words, _address(declaration, Move.RENEW), _("Renew the contract"))


def _address(declaration: Declaration, move: Move) -> str:
    return reverse("declarations:move", kwargs={"pk": declaration.pk, "move": move.value})
