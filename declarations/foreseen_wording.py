"""What a page says before it saves a change that turns the duty round."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ciao_portal.days import day_label
from declarations.advice_wording import Line, in_words
from declarations.models.declarations import Regime
from declarations.rules.foreseeing import Foreseen


@dataclass(frozen=True, slots=True)
class ForeseenWords:
    """In the language of the moment; `key` travels with the form that saves the change all the same."""

    key: str
    headline: str
    advice: str
    reasons: list[Line]


def words_of(found: Foreseen, *, regime: str) -> ForeseenWords:
    """`regime` is the duty that the declaration is kept under."""
    words = {"day": day_label(found.day)}
    if found.advice.applies:
        headline = _("With this change the duty to register presences applies from %(day)s.") % words
        advice = (
            _(
                "These works are kept as hours only: nothing goes to the NSSO. If you save the change, set "
                "the duty of the declaration to Check In and Out at Work, and declare the works to the NSSO "
                "before the first shift from that day."
            )
            if regime == Regime.HOURS_ONLY
            else _("Make sure that the works are declared to the NSSO before the first shift from that day.")
        )
    else:
        headline = (
            _("With this change the duty to register presences no longer applies from %(day)s.") % words
        )
        advice = _("Whoever goes on registering breaks no rule. Nothing is switched off by itself.")
    return ForeseenWords(found.key, headline, advice, in_words(found.advice).reasons)
