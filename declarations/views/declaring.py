"""Declare work, change what was declared, add a workplace."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, portal
from declarations.foreseen_wording import ForeseenWords
from declarations.forms import (
    MOST_WORKPLACES,
    BaseWorkplaceFormSet,
    ChangeForm,
    DeclarationForm,
    FirstSubcontractForm,
    WorkplaceFormSet,
)
from declarations.models import Declaration
from declarations.querysets import terms_of
from declarations.rules.foreseeing import Foreseen, Term, term_on
from declarations.services import declaring
from declarations.services.reassessing import foreseen, foreseen_with_first, keep
from declarations.takeover_forms import FirstFormerForm
from declarations.views.access import detail_frame, own_or_refused
from declarations.views.foreseeing import saved, unseen

ROWS = "workplaces"
SUBCONTRACT = "subcontract"
FORMER = "former"
MORE = "add_workplace"


@requires(Permission.DECLARE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Works declared in one go: client, facts, workplaces, and the first subcontractor if there is one."""
    company = portal(request).company
    if request.method == "POST" and MORE not in request.POST:
        pages = NewPages(
            DeclarationForm(request.POST, company=company),
            WorkplaceFormSet(request.POST, prefix=ROWS, form_kwargs={"company": company}),
            FirstSubcontractForm(request.POST, prefix=SUBCONTRACT),
            FirstFormerForm(request.POST, prefix=FORMER),
        )
        if declaration := pages.kept(request):
            messages.success(request, _("The works are declared. Print the poster and hang it up."))
            return redirect("declarations:detail", pk=declaration.pk)
    else:
        # One more row: what was typed comes back as it is, and nothing is judged yet.
        pages = NewPages.blank(request)
    context = {
        "pages": pages,
        "more": MORE,
        "submit_label": _("Declare all the same") if pages.warning else _("Declare work"),
    }
    return render(request, "declarations/new.html", context)


@requires(Permission.DECLARE)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter the numbers when the NSSO has given them; change name, amount and period."""
    declaration = own_or_refused(request, pk)
    term = term_on(terms_of(declaration), brussels_day(timezone.now()))
    form = ChangeForm.of(declaration, term, request.POST or None)
    warning = None
    if request.method == "POST" and form.is_valid():
        found = foreseen(
            declaration,
            amount=form.cleaned_data["amount"],
            per_year=form.cleaned_data["amount_per_year"],
            on=form.cleaned_data["amount_from"] or term.from_day,
        )
        warning = unseen(request, found, regime=form.cleaned_data["regime"])
        save = partial(form.change, declaration=declaration)
        if warning is None and saved(request, declaration, found, save):
            messages.success(request, _("The declaration was changed."))
            return redirect("declarations:detail", pk=pk)
    context = {
        "form": form,
        "foreseen": warning,
        "title": _("Change the declaration"),
        "submit_label": _("Save all the same") if warning else _("Save changes"),
    }
    return render(request, "declarations/edit.html", context | detail_frame(declaration))


@requires(Permission.DECLARE)
@require_http_methods(["GET", "POST"])
def new_workplace(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One more workplace under a declaration."""
    declaration = own_or_refused(request, pk)
    rows = WorkplaceFormSet(
        request.POST or None, prefix=ROWS, extra=1, form_kwargs={"company": portal(request).company}
    )
    if request.method == "POST" and rows.is_valid() and _workplaces_added(request, declaration, rows):
        messages.success(request, _("The workplace was added. Print its poster and hang it up."))
        return redirect("declarations:detail", pk=pk)
    context = {"rows": rows, "title": _("Add a workplace"), "submit_label": _("Add workplace")}
    return render(request, "declarations/workplace.html", context | detail_frame(declaration))


def _workplaces_added(request: HttpRequest, declaration: Declaration, rows: BaseWorkplaceFormSet) -> bool:
    company, actor, now = portal(request).company, actor_of(request), timezone.now()
    for row in rows.filled():
        try:
            with transaction.atomic():
                workplace = row.keep(company=company, client=declaration.client, actor=actor, now=now)
                declaring.add_workplace(declaration=declaration, workplace=workplace, actor=actor, now=now)
        except DomainError as error:
            if not row.errors:
                row.add_error("workplace", str(error))
            return False
    return True


class NewPages:
    """The forms of a new declaration, kept together or not at all."""

    def __init__(
        self,
        form: DeclarationForm,
        workplaces: BaseWorkplaceFormSet,
        subcontract: FirstSubcontractForm,
        former: FirstFormerForm,
    ) -> None:
        self.form = form
        self.workplaces = workplaces
        self.subcontract = subcontract
        self.former = former
        # What the first subcontractor does to the duty, as long as nobody has read it.
        self.warning: ForeseenWords | None = None

    @classmethod
    def blank(cls, request: HttpRequest) -> "NewPages":
        """Empty forms; after "add another workplace" with what was typed and one more row."""
        company = portal(request).company
        typed = request.POST
        rows = _typed_rows(typed)
        return cls(
            DeclarationForm(initial=typed.dict() or None, company=company),
            WorkplaceFormSet(
                prefix=ROWS, initial=rows, extra=1 if rows else 2, form_kwargs={"company": company}
            ),
            FirstSubcontractForm(initial=_below(typed, SUBCONTRACT), prefix=SUBCONTRACT),
            FirstFormerForm(initial=_below(typed, FORMER), prefix=FORMER),
        )

    def kept(self, request: HttpRequest) -> Declaration | None:
        """The declaration with everything typed; None with the errors at their fields, or with `warning`."""
        # All are looked at, so that everything wrong is said at once.
        forms = (self.form, self.workplaces, self.subcontract, self.former)
        if not all([form.is_valid() for form in forms]):  # noqa: C419  # no short cut
            return None
        found = self._foreseen()
        self.warning = unseen(request, found, regime=self.form.cleaned_data["regime"])
        if self.warning is not None:
            return None
        company, actor, now = portal(request).company, actor_of(request), timezone.now()
        try:
            with transaction.atomic():
                client = self.form.keep_client(company=company, actor=actor, now=now)
                workplaces = [
                    row.keep(company=company, client=client, actor=actor, now=now)
                    for row in self.workplaces.filled()
                ]
                declaration = self.form.declare(
                    company=company, client=client, workplaces=workplaces, actor=actor, now=now
                )
                if self.subcontract.has_changed():
                    self.subcontract.add(declaration=declaration, actor=actor, now=now)
                if found is not None:
                    keep(declaration, found, actor=actor, now=now)
                if self.former.has_changed():
                    self.former.note(declaration=declaration, actor=actor, now=now)
        except DomainError:
            return None
        return declaration

    def _foreseen(self) -> Foreseen | None:
        if not self.subcontract.has_changed():
            return None
        facts = self.form.cleaned_data
        first = Term(facts["starts_on"], facts["amount"], facts["amount_per_year"])
        return foreseen_with_first(facts["activity"], first, regime=facts["regime"])

    @property
    def error_forms(self) -> list[Any]:
        """The forms in the order of the page, for the summary of errors."""
        return [self.form, *self.workplaces, self.subcontract, self.former]

    @property
    def has_errors(self) -> bool:
        return any(form.errors for form in self.error_forms)


def _typed_rows(typed: Mapping[str, str]) -> list[dict[str, str]]:
    try:
        count = min(int(typed.get(f"{ROWS}-TOTAL_FORMS", 0)), MOST_WORKPLACES - 1)
    except ValueError:
        return []
    return [_below(typed, f"{ROWS}-{index}") for index in range(count)]


def _below(typed: Mapping[str, str], prefix: str) -> dict[str, str]:
    start = f"{prefix}-"
    return {name.removeprefix(start): value for name, value in typed.items() if name.startswith(start)}
