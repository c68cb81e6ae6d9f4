"""The declaration has not begun, is over or was cancelled on that day."""

from django.utils.translation import gettext_lazy as _

from registrations.rules.preflight.facts import About, Check, Shift


def _is_in_trouble(shift: Shift) -> bool:
    works = shift.works
    is_over = works.ends_on is not None and works.ends_on < shift.day
    is_cancelled = works.cancelled_on is not None and works.cancelled_on <= shift.day
    return is_over or is_cancelled or shift.day < works.starts_on


CHECK = Check(
    key="works-not-running",
    about=About.WORKS,
    title=_("Outside the period of the declaration"),
    advice=_(
        "When the works go on, renew the declaration here and at the NSSO. "
        "Otherwise tell the people which code to use."
    ),
    is_in_trouble=_is_in_trouble,
    predicts="declarationNotActive",
)
