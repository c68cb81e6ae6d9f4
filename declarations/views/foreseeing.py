"""Showing what a change does to the duty, once, before it is saved; and saving both together.

    found = foreseen(declaration, added=Added(number), on=first_day)
    words = unseen(request, found, regime=declaration.regime)
    if words is None and saved(request, declaration, found, partial(form.add, declaration=declaration)):
        return redirect(...)

The page shows `words` by `declarations/_foreseen.html`, inside its form.
"""

from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.views.base import actor_of
from declarations.foreseen_wording import ForeseenWords, words_of
from declarations.models import Declaration
from declarations.rules.foreseeing import Foreseen
from declarations.services.reassessing import keep

SEEN = "foreseen"


class Save(Protocol):
    """Saves what a form holds. Raises DomainError, already pinned to its field."""

    def __call__(self, *, actor: Actor, now: datetime) -> object: ...


def unseen(request: HttpRequest, found: Foreseen | None, *, regime: str) -> ForeseenWords | None:
    """The words to show instead of saving; None when there is nothing, or when just this was read before."""
    if found is None or request.POST.get(SEEN) == found.key:
        return None
    return words_of(found, regime=regime)


def saved(request: HttpRequest, declaration: Declaration, found: Foreseen | None, save: Save) -> bool:
    """Save the change and keep what was foreseen, both or neither; False when the form says what is wrong."""
    actor, now = actor_of(request), timezone.now()
    try:
        with transaction.atomic():
            save(actor=actor, now=now)
            if found is not None:
                keep(declaration, found, actor=actor, now=now)
    except DomainError:
        return False
    return True
