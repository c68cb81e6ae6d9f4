"""The decisions about a declaration: each asked on a page of its own that says what follows."""

from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ciao_portal.days import brussels_day
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import say
from declarations.life_forms import CancelForm, DecisionForm, EndForm, RenewForm
from declarations.life_wording import QUESTIONS
from declarations.models import Declaration
from declarations.models.declarations import Move
from declarations.querysets import terms_of
from declarations.rules.foreseeing import term_on
from declarations.services.reassessing import foreseen
from declarations.tables import period_words
from declarations.views.access import detail_frame, own_or_refused
from declarations.views.foreseeing import saved, unseen

FORMS: dict[Move, type[DecisionForm]] = {
    Move.RENEW: RenewForm,
    Move.END: EndForm,
    Move.REOPEN: RenewForm,
    Move.CANCEL: CancelForm,
    Move.TAKE_BACK: DecisionForm,
}


@requires(Permission.DECLARE)
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: UUID, move: str) -> HttpResponse:
    """Ask, then decide. What the state of the declaration does not allow leads back to its page."""
    if move not in Move:
        raise Http404
    wanted = Move(move)
    declaration = own_or_refused(request, pk)
    today = brussels_day(timezone.now())
    if wanted not in declaration.moves_on(today):
        return redirect("declarations:detail", pk=pk)
    form = FORMS[wanted](request.POST or None, initial=_initial(declaration, wanted, today), move=wanted)
    # A form without fields is bound by its button alone.
    form.is_bound = request.method == "POST"
    question, warning = QUESTIONS[wanted], None
    if form.is_valid():
        found = foreseen(declaration, **_new_amount(form))
        warning = unseen(request, found, regime=declaration.regime)
        save = partial(form.decide, declaration=declaration)
        if warning is None and saved(request, declaration, found, save):
            say(request, str(question.done))
            return redirect("declarations:detail", pk=pk)
    context = {
        "form": form,
        "foreseen": warning,
        "title": question.title,
        "consequences": question.consequences,
        "submit_label": question.submit,
        "submit_icon": question.icon,
        # "Cancel" beside "Cancel the declaration" would be a riddle.
        "cancel_label": _("Leave it as it is"),
        "period": period_words(declaration.starts_on, declaration.ends_on),
    }
    asks_more = wanted in (Move.RENEW, Move.REOPEN)
    template = "declarations/renew.html" if asks_more else "generic/confirm.html"
    return render(request, template, context | detail_frame(declaration))


def _initial(declaration: Declaration, move: Move, today: date) -> dict[str, Any]:
    """What is most often meant: today; for a renewal the amount in force, from the day after the last one."""
    if move in (Move.END, Move.CANCEL):
        return {"day": today}
    if move is Move.TAKE_BACK:
        return {}
    following = (declaration.ends_on or today) + timedelta(days=1)
    term = term_on(terms_of(declaration), following)
    return {"amount": term.amount, "amount_per_year": term.per_year, "amount_from": following}


def _new_amount(form: DecisionForm) -> dict[str, Any]:
    data = form.cleaned_data
    if "amount" not in data:
        return {}
    return {"amount": data["amount"], "per_year": data["amount_per_year"], "on": data["amount_from"]}
