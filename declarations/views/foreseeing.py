"""Showing what a change does to the duty, once, before it is saved."""

from django.http import HttpRequest

from declarations.foreseen_wording import ForeseenWords, words_of
from declarations.rules.foreseeing import Foreseen

SEEN = "foreseen"


def unseen(request: HttpRequest, found: Foreseen | None, *, regime: str) -> ForeseenWords | None:
    """The words to show instead of saving; None when there is nothing, or when just this was read before.

    The page shows them by `declarations/_foreseen.html`, inside the form.
    """
    if found is None or request.POST.get(SEEN) == found.key:
        return None
    return words_of(found, regime=regime)
